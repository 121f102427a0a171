-- Let nobody pass a level for a while. The longest of several pauses stands.
-- KEYS  pauses
-- ARGV  level's name, how long (ms), longest (ms)
-- Gives nothing
local time = redis.call('TIME')
local now = math.floor((time[1] * 1000000 + time[2]) / 1000)
local ends = now + math.min(ARGV[2], ARGV[3])
if ends > tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0) then
    redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', ends))
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
