-- Whether an endpoint may be asked. After an open time one caller may try; the others wait for it.
-- KEYS  state
-- ARGV  the caller's token, how long a trial may take (ms)
-- Gives 0 when it may be asked, else the ms until it may
local state = KEYS[1]
local ends = tonumber(redis.call('HGET', state, 'open_until') or 0)
if ends == 0 then
    return 0
end
local time = redis.call('TIME')
local now = math.floor((time[1] * 1000000 + time[2]) / 1000)
if now < ends then
    return ends - now
end
local trial = tonumber(redis.call('HGET', state, 'trial_until') or 0)
if now < trial and redis.call('HGET', state, 'trial') ~= ARGV[1] then
    return trial - now
end
redis.call('HSET', state, 'trial', ARGV[1], 'trial_until', string.format('%.0f', now + ARGV[2]))
redis.call('PEXPIRE', state, ARGV[2] * 2)
return 0
