-- Begin (or go on with, or show to be alive) the turn at the head of the inbox. One owner at a time.
-- KEYS  inbox, turn, events, lease
-- ARGV  turn id, now, session id, signals channel, owner, lease (ms)
-- Gives "started" | "resumed" | "held" (another owner runs it) | "gone" (not the head, or ended)
local inbox, turn, events, lease = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
if redis.call('LINDEX', inbox, 0) ~= ARGV[1] then
    return 'gone'
end
local state = redis.call('HGET', turn, 'state')
if state ~= 'queued' and state ~= 'running' then
    redis.call('LPOP', inbox)
    return 'gone'
end
local owner = redis.call('GET', lease)
if owner and owner ~= ARGV[5] then
    return 'held'
end
redis.call('SET', lease, ARGV[5], 'PX', ARGV[6])
if state == 'running' then
    return 'resumed'
end
redis.call('HSET', turn, 'state', 'running', 'started_at', ARGV[2])
redis.call('HDEL', turn, 'held_until')
redis.call('XADD', events, 'MAXLEN', '~', 500, '*', 'type', 'turn', 'ref', ARGV[1])
redis.call('PUBLISH', ARGV[4], 'event ' .. ARGV[3])
return 'started'
