-- Tell the listeners something that is not kept (a preview).
-- KEYS  turn, events
-- ARGV  turn id, session id, signals channel, type, data
-- Gives 1 when told, 0 when the turn no longer runs
if redis.call('HGET', KEYS[1], 'state') ~= 'running' then
    return 0
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 500, '*', 'type', ARGV[4], 'ref', ARGV[1], 'data', ARGV[5])
redis.call('PUBLISH', ARGV[3], 'event ' .. ARGV[2])
return 1
