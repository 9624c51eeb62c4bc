/**
 * What the scripts of the triage share. KEYS[1] is the start of every key.
 *
 * An alert is a hash, one for each cluster and fingerprint: `state`, `first` and `start` (the earliest and the latest
 * start that was told, milliseconds) and `starts` and `ends` (as told) of its newest episode, `over` (when the last episode
 * ended that did), `toldEnd` (when its end was told last), `rev`, `since` (when it became pending), where it was placed (`incident`, `root`, `was`), `asked` (when a
 * repeat of it became pending because it was placed where all is over), and the `body` for as long as triage may have to
 * read it. `noted` says that a hash beside it holds notes, each with the revision at which it came, or 0 once it was told.
 * Of a cluster there are the sorted sets `alerts` (by the time at which each is forgotten), `pending` (by the time at
 * which it is due) and `ended` (those that are over and not pending, by `toldEnd`).
 *
 * An incident or digest is a hash: its `body` and `rev`; of an incident also `state`, `into`, `heard` and what people did.
 * Of a cluster there are the sorted sets `open`, `untold` (by the time from which on it is to be told), `looks` (by the time of the next look) and `snoozes` (by their
 * end), and the hashes `keys`, `loads`, `lease` and `rate` (how many alerts began, by the time at which each slot did).
 */
export const TRIAGE_LUA = `
local base = KEYS[1]

local function inCluster(cluster, what)
  return base .. 'cluster:' .. cluster .. ':' .. what
end

local function alertOf(cluster, fingerprint)
  return base .. 'alert:' .. cluster .. ':' .. fingerprint
end

local function notesOf(cluster, fingerprint)
  return base .. 'notes:' .. cluster .. ':' .. fingerprint
end

local function recordOf(id)
  return base .. (string.sub(id, 1, 2) == 'd-' and 'digest:' or 'incident:') .. id
end

local function keysOf(incident)
  return base .. 'keys:' .. incident
end

-- Arguments in their order; lists begin with their length.
local position = 0
local function argument()
  position = position + 1
  return ARGV[position]
end

local function rows(width)
  local found = {}
  for index = 1, tonumber(argument()) do
    local row = {}
    for column = 1, width do row[column] = argument() end
    found[index] = row
  end
  return found
end

local woken = false

-- It never waits for longer than it did already, or what changes often would never have its turn.
local function pend(cluster, fingerprint, due)
  if redis.call('ZADD', inCluster(cluster, 'pending'), 'LT', due, fingerprint) == 1 then
    redis.call('HSET', alertOf(cluster, fingerprint), 'since', now)
  end
  redis.call('ZREM', inCluster(cluster, 'ended'), fingerprint)
  woken = true
end

local function rest(cluster, fingerprint, state, toldEnd)
  redis.call('ZREM', inCluster(cluster, 'pending'), fingerprint)
  redis.call('HDEL', alertOf(cluster, fingerprint), 'since')
  if state == 'resolved' then redis.call('ZADD', inCluster(cluster, 'ended'), toldEnd, fingerprint) end
end

local function forget(cluster, fingerprint)
  redis.call('DEL', alertOf(cluster, fingerprint), notesOf(cluster, fingerprint))
  for _, set in ipairs({'alerts', 'pending', 'ended'}) do redis.call('ZREM', inCluster(cluster, set), fingerprint) end
end

local function grow(cluster, id)
  redis.call('HINCRBY', recordOf(id), 'rev', 1)
  redis.call('ZADD', inCluster(cluster, 'untold'), 'LT', now, id)
end

local function announce(cluster)
  redis.call('PUBLISH', base .. 'work:' .. cluster, '')
end
`;
