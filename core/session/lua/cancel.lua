-- Cancel a turn at once, wherever it is. A worker that runs it is told, and can no longer finish it.
-- KEYS  inbox, turn, events, lease, steps
-- ARGV  turn id, now, session id, signals channel, "queued" to cancel it only if it still waits
-- Gives the state before, or "" when there is no such turn
local inbox, turn, events = KEYS[1], KEYS[2], KEYS[3]
local state = redis.call('HGET', turn, 'state')
if not state then
    return ''
end
if state == 'queued' or (state == 'running' and ARGV[5] ~= 'queued') then
    redis.call('HSET', turn, 'state', 'cancelled', 'finished_at', ARGV[2])
    redis.call('HDEL', turn, 'progress')
    if redis.call('LINDEX', inbox, 0) == ARGV[1] then redis.call('DEL', KEYS[4]) end
    redis.call('LREM', inbox, 1, ARGV[1])
    redis.call('EXPIRE', KEYS[5], 86400)
    redis.call('XADD', events, 'MAXLEN', '~', 500, '*', 'type', 'turn', 'ref', ARGV[1],
        'end', '1')
    redis.call('PUBLISH', ARGV[4], 'cancel ' .. ARGV[1])
    redis.call('PUBLISH', ARGV[4], 'event ' .. ARGV[3])
end
return state
