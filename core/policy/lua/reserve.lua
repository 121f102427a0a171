-- Book an amount, unless a budget would be passed. A booking that stands already is left as it is.
-- Amounts are whole micro-dollars.
-- KEYS  amounts, bookings, sums, turns (all of one month)
-- ARGV  booking, amount, document of the booking, seconds to keep, turn id, turn budget,
--       (sum's name, budget)...   A budget of "" is none.
-- Gives {} when it is booked | {number of the budget that would be passed, what is left of it};
--       budget 0 is the turn's, 1 and on are those of the sums in their order
local amounts, bookings, sums, turns = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local amount = tonumber(ARGV[2])
if redis.call('HEXISTS', amounts, ARGV[1]) == 1 then
    return {}
end
local function left(key, name, budget)
    return tonumber(budget) - tonumber(redis.call('HGET', key, name) or 0)
end
if amount > 0 then
    if ARGV[6] ~= '' and left(turns, ARGV[5], ARGV[6]) < amount then
        return { 0, left(turns, ARGV[5], ARGV[6]) }
    end
    for i = 7, #ARGV, 2 do
        if ARGV[i + 1] ~= '' and left(sums, ARGV[i], ARGV[i + 1]) < amount then
            return { (i - 5) / 2, left(sums, ARGV[i], ARGV[i + 1]) }
        end
    end
end
redis.call('HSET', amounts, ARGV[1], ARGV[2])
redis.call('HSET', bookings, ARGV[1], ARGV[3])
redis.call('HINCRBY', turns, ARGV[5], ARGV[2])
for i = 7, #ARGV, 2 do
    redis.call('HINCRBY', sums, ARGV[i], ARGV[2])
end
for i = 1, 4 do
    redis.call('EXPIRE', KEYS[i], ARGV[4])
end
return {}
