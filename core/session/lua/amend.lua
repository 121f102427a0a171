-- Change a turn that still waits, and let it start; only if nobody else has changed it meanwhile.
-- KEYS  turn, events
-- ARGV  turn id, session id, signals channel, document as it was read, new document
-- Gives "amended" | "again" (it was changed meanwhile) | "late" (it runs or has ended)
local turn = KEYS[1]
if redis.call('HGET', turn, 'state') ~= 'queued' then
    return 'late'
end
if redis.call('HGET', turn, 'doc') ~= ARGV[4] then
    return 'again'
end
redis.call('HSET', turn, 'doc', ARGV[5])
redis.call('HDEL', turn, 'held_until')
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 500, '*', 'type', 'turn', 'ref', ARGV[1])
redis.call('PUBLISH', ARGV[3], 'event ' .. ARGV[2])
return 'amended'
