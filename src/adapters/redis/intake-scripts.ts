import { KEEP_SLOTS_MS, SLOT_MS } from '../../core/remediation/storm-signals.ts';
import { redisScript } from './redis-script.ts';
import { TRIAGE_LUA } from './triage-lua.ts';

/**
 * ARGV cluster, debounceMs, most alerts, keepEndedMs, keepFiringMs, againMs, askEveryMs, then how many alerts and of each
 * fingerprint, start, end, state, starts, ends, body and its list of notes (start and end in milliseconds, 0 when they are
 * not known). Answers how many were news; -1 when there is no room for them, and then nothing of them was stored.
 */
export const ACCEPT = redisScript(
  TRIAGE_LUA,
  `
local cluster, debounceMs, most = argument(), tonumber(argument()), tonumber(argument())
local keepEndedMs, keepFiringMs = tonumber(argument()), tonumber(argument())
local againMs, askEveryMs = tonumber(argument()), tonumber(argument())
local MOST_NOTES = 20
local index, pending, ended = inCluster(cluster, 'alerts'), inCluster(cluster, 'pending'), inCluster(cluster, 'ended')

local alerts = {}
for count = 1, tonumber(argument()) do
  local a = {fp = argument(), start = tonumber(argument()), stop = tonumber(argument()), state = argument()}
  a.starts, a.ends, a.body = argument(), argument(), argument()
  a.notes = rows(1)
  alerts[count] = a
end

-- A full server refuses this write and with it the whole script; after any other one it would let all the rest pass.
local revision = redis.call('INCR', inCluster(cluster, 'revision'))

for _, fp in ipairs(redis.call('ZRANGEBYSCORE', index, '-inf', now, 'LIMIT', 0, 1000)) do forget(cluster, fp) end

-- Alerts that are over go, those first that have been for longest; whatever these alerts are about stays.
local function makeRoom()
  local here, fresh = {}, 0
  for _, a in ipairs(alerts) do
    if not here[a.fp] and redis.call('EXISTS', alertOf(cluster, a.fp)) == 0 then fresh = fresh + 1 end
    here[a.fp] = true
  end
  local surplus = redis.call('ZCARD', index) + fresh - most
  if fresh == 0 or surplus <= 0 then return true end
  local going = {}
  for _, fp in ipairs(redis.call('ZRANGE', ended, 0, surplus + #alerts - 1)) do
    if not here[fp] and #going < surplus then going[#going + 1] = fp end
  end
  if #going < surplus then return false end
  for _, fp in ipairs(going) do forget(cluster, fp) end
  return true
end

local function readAlert(fp)
  local h = redis.call('HMGET', alertOf(cluster, fp),
    'start', 'first', 'over', 'state', 'toldEnd', 'incident', 'was', 'asked', 'noted')
  return {start = tonumber(h[1]), first = tonumber(h[2] or h[1]), over = tonumber(h[3] or 0), state = h[4],
    toldEnd = tonumber(h[5]), incident = h[6], was = h[7], asked = tonumber(h[8] or 0), noted = h[9]}
end

-- Replicas that watch the same say different starts of one episode: it is all that begins between 'first' and 'start'.
local function verdict(a, r)
  if not r.start or a.start > r.start then return 'change' end
  if a.start < r.first and (r.state == 'resolved' or a.state == 'firing' and a.start < r.over) then return 'stale' end
  if a.start < r.start and a.state == 'resolved' and a.stop < r.start then return 'stale' end
  if a.state == r.state then return 'repeat' end
  if a.state == 'resolved' then return 'change' end
  return now - r.toldEnd >= againMs and 'change' or 'late'
end

-- In another episode the same note is told again; what was not told yet is still to be told.
local function forgetToldNotes(fp)
  local notes = notesOf(cluster, fp)
  local told = redis.call('HGETALL', notes)
  for place = 1, #told, 2 do
    if told[place + 1] == '0' then redis.call('HDEL', notes, told[place]) end
  end
end

-- An episode begins when the first that watches it says so.
local function begin(a, r)
  local record = alertOf(cluster, a.fp)
  if not r.start or a.start > r.start then
    if r.noted then forgetToldNotes(a.fp) end
    redis.call('HSET', record, 'start', a.start, 'first', a.start, 'starts', a.starts)
    redis.call('HDEL', record, 'asked')
  elseif a.start < r.first and a.start > 0 then
    redis.call('HSET', record, 'first', a.start, 'starts', a.starts)
  end
end

local function change(a, r)
  local record = alertOf(cluster, a.fp)
  begin(a, r)
  redis.call('HSET', record, 'rev', revision, 'state', a.state, 'ends', a.ends)
  if a.state == 'firing' then
    redis.call('HSET', record, 'body', a.body)
    redis.call('HDEL', record, 'toldEnd')
    pend(cluster, a.fp, now + debounceMs)
    return
  end
  local waits = redis.call('ZSCORE', pending, a.fp)
  redis.call('HSET', record, 'toldEnd', now, 'over', a.stop)
  -- Triage may be about to place what it read before; then it comes back and needs the body.
  if waits or r.incident then redis.call('HSET', record, 'body', a.body) end
  if r.incident and (waits or r.was == 'firing') then
    -- As late as what fires, so that an end is never taken before an alert that came first, or with it.
    pend(cluster, a.fp, now + debounceMs)
  else
    rest(cluster, a.fp, 'resolved', now)
  end
end

local function note(a, r)
  local record, notes = alertOf(cluster, a.fp), notesOf(cluster, a.fp)
  local news = false
  for _, row in ipairs(a.notes) do
    if redis.call('HLEN', notes) < MOST_NOTES and redis.call('HSETNX', notes, row[1], revision) == 1 then news = true end
  end
  if not news then return end
  redis.call('HSET', record, 'noted', 1, 'rev', revision)
  r.noted = '1'
  if r.incident then
    redis.call('HSETNX', record, 'body', a.body)
    pend(cluster, a.fp, now + debounceMs)
  end
end

-- What comes too late does not prolong anything.
local function keep(a, kind, state, toldEnd, noted)
  local till = state == 'resolved' and toldEnd + keepEndedMs or now + keepFiringMs
  if kind == 'stale' or kind == 'late' then till = redis.call('ZSCORE', index, a.fp) or till end
  redis.call('PEXPIREAT', alertOf(cluster, a.fp), till)
  if noted then redis.call('PEXPIREAT', notesOf(cluster, a.fp), till) end
  redis.call('ZADD', index, till, a.fp)
end

-- Answers whether the incident is open, or the one that it became a part of.
local heard = {}
local function hear(incident)
  local first, open = incident, false
  if heard[first] ~= nil then return heard[first] end
  for _ = 1, 10 do
    local h = redis.call('HMGET', recordOf(incident), 'state', 'into')
    if not h[2] or h[2] == '' then
      if h[1] then redis.call('HSET', recordOf(incident), 'heard', now) end
      open = h[1] == 'open'
      break
    end
    incident = h[2]
  end
  heard[first] = open
  return open
end

-- It still fires where all is said to be over: triage looks at that anew, but not for every repeat.
local function askAgain(a, r)
  if now - r.asked < askEveryMs then return end
  redis.call('HSET', alertOf(cluster, a.fp), 'rev', revision, 'body', a.body, 'asked', now)
  pend(cluster, a.fp, now + debounceMs)
end

local begun = 0

local function accept(a)
  local r = readAlert(a.fp)
  local was, kind = r.state, verdict(a, r)
  local state, toldEnd = r.state, r.toldEnd
  if kind == 'change' then
    change(a, r)
    if a.state == 'firing' and was ~= 'firing' then begun = begun + 1 end
    state, toldEnd = a.state, now
  elseif kind == 'repeat' and a.state == 'resolved' then
    toldEnd = now
    redis.call('HSET', alertOf(cluster, a.fp), 'toldEnd', now)
    redis.call('ZADD', ended, 'XX', now, a.fp)
  elseif kind == 'repeat' then
    begin(a, r)
  end
  if #a.notes > 0 then note(a, r) end
  keep(a, kind, state, toldEnd, r.noted)
  if kind ~= 'stale' and r.incident and r.incident ~= '' then
    local open = hear(r.incident)
    if kind == 'repeat' and a.state == 'firing' and r.was == 'firing' and not open then askAgain(a, r) end
  end
  return kind == 'change' and (a.state == 'firing' or was == 'firing') and 1 or 0
end

if not makeRoom() then return -1 end
local changed = 0
for _, a in ipairs(alerts) do changed = changed + accept(a) end

-- How many began lately, for whoever must not change anything during a storm.
if begun > 0 then
  local rate = inCluster(cluster, 'rate')
  redis.call('HINCRBY', rate, now - now % ${SLOT_MS}, begun)
  for _, at in ipairs(redis.call('HKEYS', rate)) do
    if (tonumber(at) or 0) <= now - ${KEEP_SLOTS_MS} then redis.call('HDEL', rate, at) end
  end
  redis.call('PEXPIRE', rate, ${KEEP_SLOTS_MS})
end
if woken then announce(cluster) end
return changed
`,
);

/** ARGV cluster. Answers the time and the counts of what began: of that cluster, and of none that is known. */
export const ALERT_RATE = redisScript(
  TRIAGE_LUA,
  `
local cluster = argument()
local function rateOf(name)
  local counts = redis.pcall('HGETALL', inCluster(name, 'rate'))
  return counts.err and {} or counts
end
return {now, rateOf(cluster), cluster == '' and {} or rateOf('')}
`,
);
