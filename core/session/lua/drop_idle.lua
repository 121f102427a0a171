-- Drop the marks of sessions that have nothing waiting, unless they were marked again meanwhile.
-- KEYS  busy sessions
-- ARGV  (session id, mark as it was seen)...
-- Gives how many were dropped
local dropped = 0
for i = 1, #ARGV, 2 do
    if redis.call('ZSCORE', KEYS[1], ARGV[i]) == ARGV[i + 1] then
        dropped = dropped + redis.call('ZREM', KEYS[1], ARGV[i])
    end
end
return dropped
