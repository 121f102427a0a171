-- Count a failure of an endpoint; too many in a window open the breaker, each trial that fails opens
-- it for twice as long. What fails while it is open was asked before, and counts for nothing.
-- KEYS  state, failures
-- ARGV  the failure's token, threshold, window (ms), first open time (ms), longest open time (ms)
-- Gives how long the breaker is open from now (ms), 0 when it was not opened by this failure
local state, failures = KEYS[1], KEYS[2]
local window, first, longest = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = math.floor((time[1] * 1000000 + time[2]) / 1000)
local ends = tonumber(redis.call('HGET', state, 'open_until') or 0)
if now < ends then
    return 0
end
if ends == 0 then
    redis.call('ZREMRANGEBYSCORE', failures, '-inf', now - window)
    redis.call('ZADD', failures, now, ARGV[1])
    redis.call('PEXPIRE', failures, window)
    if redis.call('ZCARD', failures) < tonumber(ARGV[2]) then
        return 0
    end
    redis.call('DEL', failures)
end
local times = redis.call('HINCRBY', state, 'opened', 1)
local span = math.min(first * 2 ^ (times - 1), longest)
redis.call('HSET', state, 'open_until', string.format('%.0f', now + span))
redis.call('HDEL', state, 'trial', 'trial_until')
redis.call('PEXPIRE', state, math.floor(span + longest + window))
return span
