-- Hold something as its only owner, or hold it for longer.
-- KEYS  owner
-- ARGV  owner, for how long (ms)
-- Gives 1 when it is held, 0 when another holds it
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
