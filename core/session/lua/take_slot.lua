-- Take one of a person's running places for a turn, or renew it. Places of dead workers lapse.
-- KEYS  actor's running set (turn id -> lease end)
-- ARGV  turn id, now (s), lease (s), places
-- Gives 1 when the place is held, 0 when all are taken
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
    if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then
        return 0
    end
end
redis.call('ZADD', KEYS[1], ARGV[2] + ARGV[3], ARGV[1])
redis.call('EXPIRE', KEYS[1], math.ceil(ARGV[3]) + 1)
return 1
