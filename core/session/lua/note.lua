-- Write fields of a turn that is still running, and tell the listeners.
-- KEYS  turn, events
-- ARGV  turn id, session id, signals channel, (field, value)...
-- Gives 1 when written, 0 when the turn no longer runs
local turn, events = KEYS[1], KEYS[2]
if redis.call('HGET', turn, 'state') ~= 'running' then
    return 0
end
redis.call('HSET', turn, unpack(ARGV, 4))
redis.call('XADD', events, 'MAXLEN', '~', 500, '*', 'type', 'turn', 'ref', ARGV[1])
redis.call('PUBLISH', ARGV[3], 'event ' .. ARGV[2])
return 1
