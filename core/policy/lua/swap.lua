-- Replace a record, if it still is what the writer read.
-- KEYS  records of a turn
-- ARGV  name of the record, text as it was read ("" for none), new text, seconds to keep
-- Gives 1 when it is written, 0 when another has changed it
local stands = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if stands == ARGV[3] then
    return 1
end
if stands ~= ARGV[2] then
    return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
