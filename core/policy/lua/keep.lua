-- Show that a ticket is still inside. One whose place has lapsed takes it again: it is inside.
-- KEYS  inside of each level that it passed
-- ARGV  ticket, lease (ms)
-- Gives nothing
local time = redis.call('TIME')
local now = math.floor((time[1] * 1000000 + time[2]) / 1000)
for _, inside in ipairs(KEYS) do
    redis.call('ZADD', inside, now + ARGV[2], ARGV[1])
    redis.call('PEXPIRE', inside, ARGV[2] * 2)
end
