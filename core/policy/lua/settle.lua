-- Set what a booking really came to. Doing it again changes nothing.
-- KEYS  amounts, bookings, sums, turns (all of one month)
-- ARGV  booking, amount in micro-dollars
-- Gives 1, or 0 when there is no such booking
local amounts, bookings, sums, turns = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local before = redis.call('HGET', amounts, ARGV[1])
if not before then
    return 0
end
local more = tonumber(ARGV[2]) - tonumber(before)
if more == 0 then
    return 1
end
local change = string.format('%.0f', more)
local booking = cjson.decode(redis.call('HGET', bookings, ARGV[1]))
redis.call('HSET', amounts, ARGV[1], ARGV[2])
redis.call('HINCRBY', turns, booking.turn, change)
for _, name in ipairs(booking.sums) do
    redis.call('HINCRBY', sums, name, change)
end
return 1
