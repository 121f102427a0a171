-- Begin (or go on with) the turn at the head of the inbox.
-- KEYS  inbox, turn, events
-- ARGV  turn id, now, session id, signals channel
-- Gives "started" | "resumed" | "gone" (no longer the head, or it has ended)
local inbox, turn, events = KEYS[1], KEYS[2], KEYS[3]
if redis.call('LINDEX', inbox, 0) ~= ARGV[1] then
    return 'gone'
end
local state = redis.call('HGET', turn, 'state')
if state == 'running' then
    return 'resumed'
end
if state ~= 'queued' then
    redis.call('LPOP', inbox)
    return 'gone'
end
redis.call('HSET', turn, 'state', 'running', 'started_at', ARGV[2])
redis.call('XADD', events, 'MAXLEN', '~', 500, '*', 'type', 'turn', 'ref', ARGV[1])
redis.call('PUBLISH', ARGV[4], 'event ' .. ARGV[3])
return 'started'
