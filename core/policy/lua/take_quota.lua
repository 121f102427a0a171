-- Count a turn of a person, unless it comes too soon or is one too many. One that is counted already
-- is left as it is.
-- KEYS  turns of the person (what names each, scored by when it was asked for, in ms)
-- ARGV  what names this turn, most turns in the window ("" for no bound), window (ms),
--       time between two turns (ms), how many turns are remembered at most
-- Gives {} when it is counted | {"quota" or "cooldown", when the next one may come (ms since 1970),
--       how many ms from now that is}
local turns, window = KEYS[1], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', turns, '-inf', string.format('%.0f', now - window))
if redis.call('ZSCORE', turns, ARGV[1]) then
    return {}
end

local why, free = nil, now
local function wait(reason, rank, span)
    local asked = redis.call('ZRANGE', turns, rank, rank, 'WITHSCORES')[2]
    if asked and asked + span > free then
        why, free = reason, asked + span
    end
end

wait('cooldown', -1, tonumber(ARGV[4]))
if ARGV[2] ~= '' then
    wait('quota', -tonumber(ARGV[2]), window)
end
if why then
    return { why, free, free - now }
end
redis.call('ZADD', turns, string.format('%.0f', now), ARGV[1])
redis.call('ZREMRANGEBYRANK', turns, 0, -1 - tonumber(ARGV[5]))
redis.call('PEXPIRE', turns, window)
return {}
