-- Pass the gate of a provider, or wait in line. Asked again and again by whoever waits; one who no
-- longer asks loses the place in the line, one who is inside and is not renewed loses that place.
-- A gate has levels: the provider's (named ""), and one for each model with narrower limits. A
-- ticket passes when it would have a turn after all who came before it, and those of a model that
-- is full hold up nobody else.
-- KEYS  line, seen, models, pauses, (inside, starts) of each level
-- ARGV  ticket, name of its level, lease (ms), (level's name, places, starts a minute)...
--       The provider's level is the first. "" for places or starts is no bound.
-- Gives {} when it is inside | {how many are ahead, ms to wait (-1: not known), why}
local line, seen, models, pauses = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ticket, mine, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local micro = time[1] * 1000000 + time[2]
local now = math.floor(micro / 1000)
local MINUTE = 60000

local function left(bound, taken)
    return bound == '' and math.huge or tonumber(bound) - taken
end

local function look(name, places, rate, inside, starts)
    redis.call('ZREMRANGEBYSCORE', inside, '-inf', now)
    redis.call('ZREMRANGEBYSCORE', starts, '-inf', now - MINUTE)
    local level = { inside = inside, starts = starts, rate = rate }
    level.paused = tonumber(redis.call('HGET', pauses, name) or 0) - now
    level.room = left(places, redis.call('ZCARD', inside))
    level.fuel = left(rate, redis.call('ZCARD', starts))
    level.free = level.paused > 0 and 0 or math.min(level.room, level.fuel)
    return level
end

local function renew(level)
    redis.call('ZADD', level.inside, now + lease, ticket)
    redis.call('PEXPIRE', level.inside, lease * 2)
end

local function leave_line(who)
    redis.call('ZREM', line, who)
    redis.call('ZREM', seen, who)
    redis.call('HDEL', models, who)
end

local levels = {}
for i = 4, #ARGV, 3 do
    local n = 5 + (i - 4) / 3 * 2
    levels[ARGV[i]] = look(ARGV[i], ARGV[i + 1], ARGV[i + 2], KEYS[n], KEYS[n + 1])
end
local all, own = levels[''], levels[mine]

if redis.call('ZSCORE', all.inside, ticket) then
    renew(all)
    renew(own)
    return {}
end

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', seen, '-inf', now)) do
    leave_line(gone)
end

local ahead, kin = 0, 0
for _, who in ipairs(redis.call('ZRANGE', line, 0, -1)) do
    if who == ticket then break end
    ahead = ahead + 1
    if all.free > 0 or own.paused > 0 then
        local level = levels[redis.call('HGET', models, who) or ''] or all
        if level == own then kin = kin + 1 end
        if all.free > 0 and level.free > 0 then
            all.free = all.free - 1
            if level ~= all then level.free = level.free - 1 end
        end
    end
end

if all.free > 0 and own.free > 0 then
    leave_line(ticket)
    for _, level in ipairs(own == all and { all } or { all, own }) do
        renew(level)
        if level.rate ~= '' then
            redis.call('ZADD', level.starts, now, ticket .. string.format(' %.0f', micro))
            redis.call('PEXPIRE', level.starts, MINUTE)
        end
    end
    return {}
end

if not redis.call('ZSCORE', line, ticket) then
    local last = redis.call('ZRANGE', line, -1, -1, 'WITHSCORES')[2]
    redis.call('ZADD', line, math.max(micro, last and last + 1 or 0), ticket)
    redis.call('HSET', models, ticket, mine)
end
redis.call('ZADD', seen, now + lease, ticket)
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], lease * 2) end

local level, place = own, kin
if all.free <= 0 and own.paused <= 0 then level, place = all, ahead end
if level.paused > 0 then
    return { place, level.paused, 'pause' }
elseif level.room < level.fuel then
    return { place, -1, 'busy' }
end
local lapses = redis.call('ZRANGE', level.starts, place - level.fuel, place - level.fuel, 'WITHSCORES')[2]
return { place, lapses and lapses + MINUTE - now or -1, 'rate' }
