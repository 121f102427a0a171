-- Accept a turn: claim its event, open the session if need be, append to the inbox. All or nothing.
-- KEYS  session, inbox, turns, turn, events, unshown, claim...
-- ARGV  turn id, turn document, title, session document, now, max queued, claim seconds,
--       session id, signals channel, held until ("" not), place where its end is
--       shown ("" nowhere)
-- Gives {"accepted", number, place} | {"duplicate", turn id} | {"full"}
local session, inbox, turns, turn, events = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
for i = 7, #KEYS do
    local known = redis.call('GET', KEYS[i])
    if known then
        for j = 7, #KEYS do redis.call('SET', KEYS[j], known, 'EX', ARGV[7], 'NX') end
        return { 'duplicate', known }
    end
end
if redis.call('EXISTS', turn) == 1 then
    return { 'duplicate', ARGV[1] }
end
if redis.call('LLEN', inbox) >= tonumber(ARGV[6]) then
    return { 'full' }
end
redis.call('HSETNX', session, 'doc', ARGV[4])
if ARGV[3] ~= '' then
    redis.call('HSETNX', session, 'title', ARGV[3])
end
redis.call('HSET', session, 'updated_at', ARGV[5])
if ARGV[11] ~= '' then redis.call('HSETNX', session, 'place', ARGV[11]) end
local number = redis.call('HINCRBY', session, 'turn_count', 1)
redis.call('HSET', turn, 'doc', ARGV[2], 'state', 'queued', 'number', number)
redis.call('RPUSH', turns, ARGV[1])
local place = redis.call('RPUSH', inbox, ARGV[1])
if ARGV[10] ~= '' then redis.call('HSET', turn, 'held_until', ARGV[10]) end
for i = 7, #KEYS do
    redis.call('SET', KEYS[i], ARGV[1], 'EX', ARGV[7])
end
redis.call('XADD', events, 'MAXLEN', '~', 500, '*', 'type', 'turn', 'ref', ARGV[1])
redis.call('PUBLISH', ARGV[9], 'event ' .. ARGV[8])
if ARGV[11] ~= '' then
    redis.call('RPUSH', KEYS[6], ARGV[1])
    redis.call('PUBLISH', ARGV[9], 'show ' .. ARGV[8])
end
return { 'accepted', number, place }
