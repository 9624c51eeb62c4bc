import { redisScript } from './redis-script.ts';
import { TRIAGE_LUA } from './triage-lua.ts';

/**
 * ARGV cluster, holder, leaseMs. Answers the fence, 0 while somebody else has the lease. Time is part of it: a server
 * that lost its data does not give a fence again.
 */
export const TAKE = redisScript(
  TRIAGE_LUA,
  `
local cluster, holder, leaseMs = argument(), argument(), argument()
local lease = inCluster(cluster, 'lease')
local has = redis.call('HGET', lease, 'holder')
if has and has ~= holder then return 0 end
local fence = math.max(now, tonumber(redis.call('GET', inCluster(cluster, 'fence')) or 0) + 1)
redis.call('SET', inCluster(cluster, 'fence'), fence)
redis.call('HSET', lease, 'holder', holder, 'fence', fence)
redis.call('PEXPIRE', lease, leaseMs)
return fence
`,
);

/** ARGV cluster, fence, leaseMs; 0 milliseconds end it. Answers 1 while the lease holds. */
export const RENEW = redisScript(
  TRIAGE_LUA,
  `
local lease, fence, leaseMs = inCluster(argument(), 'lease'), argument(), tonumber(argument())
if redis.call('HGET', lease, 'fence') ~= fence then return 0 end
redis.call('PEXPIRE', lease, leaseMs)
return 1
`,
);

/**
 * ARGV cluster, most alerts, after how many characters no further one, most untold, most due. Answers now, since when the first alert waits, how many alerts are
 * due, the alerts, ids of what is untold, and ids of what is due. Entries whose record is gone are taken out.
 */
export const WORK = redisScript(
  TRIAGE_LUA,
  `
local cluster, mostAlerts, mostCharacters = argument(), argument(), tonumber(argument())
local mostUntold, mostDue = argument(), argument()
local pending, untold, looks = inCluster(cluster, 'pending'), inCluster(cluster, 'untold'), inCluster(cluster, 'looks')

-- The end of a snooze changes the card, and is a reason to look.
local snoozes = inCluster(cluster, 'snoozes')
for _, id in ipairs(redis.call('ZRANGEBYSCORE', snoozes, '-inf', now, 'LIMIT', 0, mostUntold)) do
  redis.call('ZREM', snoozes, id)
  local state = redis.call('HGET', recordOf(id), 'state')
  if state then
    redis.call('HDEL', recordOf(id), 'snoozeUser', 'snoozeUntil')
    grow(cluster, id)
  end
  if state == 'open' then redis.call('ZADD', looks, 'LT', now, id) end
end

local function untoldNotes(fp)
  local fields, found = redis.call('HGETALL', notesOf(cluster, fp)), {}
  for place = 1, #fields, 2 do
    if fields[place + 1] ~= '0' then found[#found + 1] = fields[place] end
  end
  return found
end

local alerts, size = {}, 0
for _, fp in ipairs(redis.call('ZRANGEBYSCORE', pending, '-inf', now, 'LIMIT', 0, mostAlerts)) do
  local h = redis.call('HMGET', alertOf(cluster, fp), 'body', 'rev', 'state', 'starts', 'ends', 'incident', 'root', 'was', 'noted')
  if size > mostCharacters then
    break
  elseif h[1] and h[2] then
    size = size + #h[1]
    alerts[#alerts + 1] = {fp, h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9] and untoldNotes(fp) or {}}
  else
    redis.call('ZREM', pending, fp)
  end
end

local function existing(set, ids)
  local found = {}
  for _, id in ipairs(ids) do
    if redis.call('EXISTS', recordOf(id)) == 1 then
      found[#found + 1] = id
    else
      redis.call('ZREM', set, id)
    end
  end
  return found
end

-- What cannot be told now must not keep out what can be.
local listed = existing(untold, redis.call('ZRANGEBYSCORE', untold, '-inf', now, 'LIMIT', 0, mostUntold))
if redis.call('ZCARD', untold) > #listed then
  for _, id in ipairs(listed) do redis.call('ZADD', untold, 'XX', now, id) end
end

local first = redis.call('ZRANGE', pending, 0, 0)[1]
local since = first and redis.call('HGET', alertOf(cluster, first), 'since') or now
return {now, since, redis.call('ZCOUNT', pending, '-inf', now), alerts,
  listed, existing(looks, redis.call('ZRANGEBYSCORE', looks, '-inf', now, 'LIMIT', 0, mostDue))}
`,
);

/** ARGV cluster. Answers for how many milliseconds the first pending alert waits; 0 when there is none. */
export const OLDEST = redisScript(
  TRIAGE_LUA,
  `
local cluster = argument()
local first = redis.call('ZRANGE', inCluster(cluster, 'pending'), 0, 0)[1]
local since = first and redis.call('HGET', alertOf(cluster, first), 'since')
return since and math.max(0, now - tonumber(since)) or 0
`,
);

/** ARGV cluster, forMs, list of fingerprints: pending alerts that are put off. */
export const PUT_OFF = redisScript(
  TRIAGE_LUA,
  `
local cluster, due = argument(), now + tonumber(argument())
for _, row in ipairs(rows(1)) do redis.call('ZADD', inCluster(cluster, 'pending'), 'XX', due, row[1]) end
return 1
`,
);

/** ARGV forMs, list of ids: incidents and digests that are put off where they are due or untold, as far as they are known. */
export const PUT_OFF_RECORDS = redisScript(
  TRIAGE_LUA,
  `
local due = now + tonumber(argument())
for _, row in ipairs(rows(1)) do
  local cluster = redis.call('HGET', recordOf(row[1]), 'cluster')
  for _, set in ipairs(cluster and {'looks', 'untold'} or {}) do
    local score = redis.call('ZSCORE', inCluster(cluster, set), row[1])
    if score and tonumber(score) <= now then redis.call('ZADD', inCluster(cluster, set), 'XX', due, row[1]) end
  end
end
return 1
`,
);

/** ARGV ids of incidents and digests. Answers now, then for each that is known its id and the fields of its record. */
export const RECORDS = redisScript(
  TRIAGE_LUA,
  `
local found = {now}
for _, id in ipairs(ARGV) do
  local fields = redis.call('HGETALL', recordOf(id))
  if fields[1] then found[#found + 1] = {id, fields} end
end
return found
`,
);

/** ARGV cluster, list of keys. Answers for each the id of its open incident, or nothing. */
export const LOOK_UP = redisScript(
  TRIAGE_LUA,
  `
local keys, found = inCluster(argument(), 'keys'), {}
for index, row in ipairs(rows(1)) do
  local id = redis.call('HGET', keys, row[1])
  found[index] = id and redis.call('HGET', recordOf(id), 'state') == 'open' and id or ''
end
return found
`,
);

/**
 * ARGV cluster, fence, keepMs, keepPastMs, then lists: incidents (id, body, state, openedAt, nextLookAt or nothing,
 * heardAt, the incident it became a part of), keys (key, incident), placed alerts (fingerprint, revision, incident, root, status), digests (id, body), loads (channel, body or nothing), ended
 * incidents (key of the list, id, body). Answers 1 when it was stored, 0 when the lease was lost.
 */
export const SAVE = redisScript(
  TRIAGE_LUA,
  `
local cluster, fence, keepMs, keepPastMs = argument(), argument(), argument(), argument()
local lease = inCluster(cluster, 'lease')
if redis.call('HGET', lease, 'fence') ~= fence then return 0 end
-- A full server refuses this write and with it the whole script; after any other one it would let all the rest pass.
redis.call('HSET', lease, 'saved', now)

local open, looks, keys = inCluster(cluster, 'open'), inCluster(cluster, 'looks'), inCluster(cluster, 'keys')
local MOST_PAST = 5

local function saveIncident(row)
  local id, body, state, openedAt, nextLookAt, heardAt, into = unpack(row)
  local record = recordOf(id)
  local heard = math.max(tonumber(heardAt), tonumber(redis.call('HGET', record, 'heard') or 0))
  redis.call('HSET', record, 'body', body, 'state', state, 'cluster', cluster, 'heard', heard, 'into', into)
  grow(cluster, id)
  if state == 'open' and nextLookAt ~= '' then
    redis.call('ZADD', looks, nextLookAt, id)
  else
    redis.call('ZREM', looks, id)
  end
  if state == 'open' then
    redis.call('ZADD', open, openedAt, id)
    redis.call('PERSIST', record)
  else
    redis.call('ZREM', open, id)
    redis.call('PEXPIRE', record, keepMs)
  end
end

local function dropKey(key, id)
  if redis.call('HGET', keys, key) == id then redis.call('HDEL', keys, key) end
  redis.call('SREM', keysOf(id), key)
end

local function place(row)
  local fp, revision, incident, root, status = unpack(row)
  local record, notes = alertOf(cluster, fp), notesOf(cluster, fp)
  local h = redis.call('HMGET', record, 'rev', 'state', 'toldEnd', 'noted')
  if not h[1] then return end
  redis.call('HSET', record, 'incident', incident, 'root', root, 'was', status)
  if h[4] then
    local fields = redis.call('HGETALL', notes)
    for place = 1, #fields, 2 do
      if tonumber(fields[place + 1]) <= tonumber(revision) then redis.call('HSET', notes, fields[place], 0) end
    end
  end
  if h[1] == revision then
    redis.call('HDEL', record, 'body')
    rest(cluster, fp, h[2], h[3])
  else
    pend(cluster, fp, now)
  end
end

local function savePast(row)
  local list, id, body = base .. 'past:' .. row[1], row[2], row[3]
  for _, known in ipairs(redis.call('LRANGE', list, 0, -1)) do
    if string.sub(known, 1, #id + 1) == id .. ' ' then redis.call('LREM', list, 0, known) end
  end
  redis.call('LPUSH', list, id .. ' ' .. body)
  redis.call('LTRIM', list, 0, MOST_PAST - 1)
  redis.call('PEXPIRE', list, keepPastMs)
end

local incidents = rows(7)
for _, row in ipairs(incidents) do
  saveIncident(row)
  for _, key in ipairs(redis.call('SMEMBERS', keysOf(row[1]))) do dropKey(key, row[1]) end
end
for _, row in ipairs(rows(2)) do
  if redis.call('HGET', recordOf(row[2]), 'state') == 'open' then
    redis.call('HSET', keys, row[1], row[2])
    redis.call('SADD', keysOf(row[2]), row[1])
  end
end
for _, row in ipairs(rows(5)) do place(row) end
for _, row in ipairs(rows(2)) do
  redis.call('HSET', recordOf(row[1]), 'body', row[2], 'cluster', cluster)
  redis.call('PEXPIRE', recordOf(row[1]), keepMs)
  grow(cluster, row[1])
end
local loads = inCluster(cluster, 'loads')
for _, row in ipairs(rows(2)) do
  if row[2] == '' then
    redis.call('HDEL', loads, row[1])
  else
    redis.call('HSET', loads, row[1], row[2])
  end
end
redis.call('PEXPIRE', loads, keepMs)
for _, row in ipairs(rows(3)) do savePast(row) end
announce(cluster)
return 1
`,
);

/** ARGV cluster, fence, id, revision. */
export const TOLD = redisScript(
  TRIAGE_LUA,
  `
local cluster, fence, id, revision = argument(), argument(), argument(), tonumber(argument())
if redis.call('HGET', inCluster(cluster, 'lease'), 'fence') ~= fence then return 0 end
if tonumber(redis.call('HGET', recordOf(id), 'rev') or 0) > revision then return 0 end
return redis.call('ZREM', inCluster(cluster, 'untold'), id)
`,
);
