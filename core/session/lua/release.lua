-- Let a turn start that was held back for more of its message.
-- KEYS  turn, events
-- ARGV  turn id, session id, signals channel
-- Gives 1 when it was held back, 0 when not
if redis.call('HDEL', KEYS[1], 'held_until') == 0 then
    return 0
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 500, '*', 'type', 'turn', 'ref', ARGV[1])
redis.call('PUBLISH', ARGV[3], 'event ' .. ARGV[2])
return 1
