-- End the running turn at the head of the inbox: outcome, versions, head and events in one step.
-- KEYS  session, inbox, turn, events, versions, undo, redo, steps, lease
-- ARGV  turn id, state, turn document, now, expected version count, session id, signals channel,
--       number of moves, move..., (version number, version document)...
--   A move is "S <version id>" (set the head), "U" (undo) or "R" (redo).
-- Gives "finished" | "gone" (another has ended it) | "conflict" (versions were added meanwhile)
local session, inbox, turn, events = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local versions, undo, redo = KEYS[5], KEYS[6], KEYS[7]
if redis.call('LINDEX', inbox, 0) ~= ARGV[1] or redis.call('HGET', turn, 'state') ~= 'running' then
    return 'gone'
end
if tonumber(redis.call('HGET', session, 'version_count') or 0) ~= tonumber(ARGV[5]) then
    return 'conflict'
end
local function tell(kind, ref)
    redis.call('XADD', events, 'MAXLEN', '~', 500, '*', 'type', kind, 'ref', ref)
end
local moves = tonumber(ARGV[8])
for i = 9 + moves, #ARGV, 2 do
    redis.call('HSET', versions, ARGV[i], ARGV[i + 1])
    redis.call('HINCRBY', session, 'version_count', 1)
    tell('version', ARGV[i])
end
for i = 9, 8 + moves do
    local head = redis.call('HGET', session, 'head')
    local what = string.sub(ARGV[i], 1, 1)
    if what == 'S' then
        local wanted = string.sub(ARGV[i], 3)
        if head ~= wanted then
            if head then redis.call('RPUSH', undo, head) end
            redis.call('DEL', redo)
            redis.call('HSET', session, 'head', wanted)
        end
    else
        local from, to = undo, redo
        if what == 'R' then from, to = redo, undo end
        local wanted = redis.call('RPOP', from)
        if wanted then
            redis.call('RPUSH', to, head)
            redis.call('HSET', session, 'head', wanted)
        end
    end
end
redis.call('LPOP', inbox)
redis.call('HSET', turn, 'state', ARGV[2], 'doc', ARGV[3], 'finished_at', ARGV[4])
redis.call('HDEL', turn, 'progress')
redis.call('HSET', session, 'updated_at', ARGV[4])
redis.call('EXPIRE', KEYS[8], 86400)
redis.call('DEL', KEYS[9])
tell('session', ARGV[6])
redis.call('XADD', events, 'MAXLEN', '~', 500, '*', 'type', 'turn', 'ref', ARGV[1], 'end', '1')
redis.call('PUBLISH', ARGV[7], 'event ' .. ARGV[6])
return 'finished'
