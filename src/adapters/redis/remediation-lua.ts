import { isOpen, REMEDIATION_STATES } from '../../core/remediation/state.ts';
import {
  BEFORE_EXECUTION,
  BREAKER,
  BUDGET_WINDOW_MS,
  isHarm,
  REPEAT_WINDOW_MS,
} from '../../core/remediation/transitions.ts';
import { AUDIT_LUA } from './audit-lua.ts';

/** A table in which each of the states is true. */
function luaSet(states: readonly string[]): string {
  return `{${states.map((state) => `${state} = true`).join(', ')}}`;
}

/**
 * What the scripts of remediations share. KEYS[1] is the start of every key.
 *
 * A remediation is a hash: what is fixed when it is proposed (`signed`, `digest`, `cluster`, `ns`, `action`, `conditional`,
 * `required`, `owners`, `requester`, `proposer`, `lock`, `touch`, `target`), its `state`, `rev`, `fence`, `history` (state and
 * milliseconds in turn), `due` (from then on it expires), `actBefore`, `lease`, `worker`, `intent`, `touched`, `votes` and
 * `steps` (how many, each in a field of its own with its number), `voter:` with each voter, `ending` (JSON, or a word for
 * what the store itself decided) and `message`.
 *
 * Of all there are the sorted sets `open`, `ended` (both also of each cluster) and `expiring`; of a cluster `unposted`,
 * `runnable` (by the time from which on), `untold`, `begun` (also of each namespace), `touched` (by objects), `helped` and `harm`, and the
 * set `flying` (also of each namespace). The hashes `locks`, `stops` and `breakers` and the set `harmed` (clusters) are of all.
 *
 * Nothing that somebody else wrote into a hash may make a script fail that looks after others as well: numbers are read
 * with `number`, hashes with `load`.
 */
export const REMEDIATION_LUA = `${AUDIT_LUA}
local base = KEYS[1]
local keepMs = tonumber(ARGV[1])
local BUDGET, DAY = ${BUDGET_WINDOW_MS}, 86400000
local WAITING, HARM = ${luaSet(BEFORE_EXECUTION)}, ${luaSet(REMEDIATION_STATES.filter(isHarm))}
local ENDS = ${luaSet(REMEDIATION_STATES.filter((state) => !isOpen(state)))}

local function recordOf(id) return base .. 'record:' .. id end
local function inCluster(what, cluster) return base .. what .. ':' .. cluster end
-- A namespace has no slash in its name.
local function inNamespace(what, cluster, ns) return base .. what .. 'In:' .. cluster .. '/' .. ns end

local position = 1
local function argument()
  position = position + 1
  return ARGV[position]
end

local function number(text) return tonumber(text or '') or 0 end

local FIELDS = {'state', 'cluster', 'ns', 'action', 'digest', 'conditional', 'required', 'owners', 'requester',
  'proposer', 'lock', 'touch', 'target', 'rev', 'fence', 'history', 'due', 'lease', 'worker', 'intent', 'touched', 'votes', 'steps'}

local function load(id)
  local values = redis.pcall('HMGET', recordOf(id), unpack(FIELDS))
  if values.err or not values[1] then return nil end
  local r = {id = id, key = recordOf(id)}
  for place, name in ipairs(FIELDS) do r[name] = values[place] end
  for _, name in ipairs({'cluster', 'ns', 'action', 'lock', 'touch', 'target', 'history', 'worker', 'requester', 'proposer'}) do r[name] = r[name] or '' end
  return r
end

-- Adds to the audit what concerns a remediation.
local function note(r, entry)
  entry.cluster, entry.remediation, entry.target, entry.action = r.cluster, r.id, r.target, r.action
  issue(now .. ' ' .. cjson.encode(entry))
end

local function noted(text) issue(now .. ' ' .. text) end

-- One revision more, which is untold.
local function grow(r)
  redis.call('HSET', r.key, 'rev', number(r.rev) + 1)
  redis.call('ZADD', inCluster('untold', r.cluster), 'LT', now, r.id)
  redis.call('PUBLISH', base .. 'changes', r.id)
end

local function enter(r, state)
  redis.call('HSET', r.key, 'state', state, 'history', r.history .. state .. ' ' .. now .. ' ')
  r.state = state
  grow(r)
end

local function begins(r) return WAITING[r.state] end

local function runs(r) return r.state == 'executing' or r.state == 'verifying' end

-- Nothing leads out of an end: whoever took it up again was not Kubewhy.
local function hadEnded(r)
  for state in string.gmatch(r.history, '[%a_]+') do
    if ENDS[state] then return true end
  end
  return false
end

local function mayRun(r, at) redis.call('ZADD', inCluster('runnable', r.cluster), at, r.id) end

local function openBreaker(r, off, till)
  local detail = {off = off == '' and '*' or off}
  redis.call('HSET', base .. 'breakers', r.cluster .. '\\n' .. off, till or 'always')
  if till then detail['until'] = till end
  note(r, {event = 'breaker', actor = 'store', security = 4, detail = detail})
end

-- Counts what did not help, and switches off what does not help again and again.
local function countHarm(r)
  local harm = inCluster('harm', r.cluster)
  redis.call('ZADD', harm, now, r.id .. '\\n' .. r.action)
  redis.call('SADD', base .. 'harmed', r.cluster)
  redis.call('ZREMRANGEBYSCORE', harm, '-inf', now - ${BREAKER.allWindowMs})
  local ofAction, all = 0, redis.call('ZRANGE', harm, 0, -1, 'WITHSCORES')
  for place = 1, #all, 2 do
    local action = string.match(all[place], '\\n(.*)$')
    if action == r.action and now - number(all[place + 1]) < ${BREAKER.actionWindowMs} then ofAction = ofAction + 1 end
  end
  if ofAction >= ${BREAKER.actionHarm} then openBreaker(r, r.action, now + ${BREAKER.actionOffMs}) end
  if #all / 2 >= ${BREAKER.allHarm} then openBreaker(r, '') end
end

-- What helped is known by action and name, so that it is told from one that comes back as another object.
local function helpOf(r) return '\\n' .. r.action .. '\\n' .. r.touch end

local function countHelp(r)
  local helped = inCluster('helped', r.cluster)
  redis.call('ZREMRANGEBYSCORE', helped, '-inf', now - ${REPEAT_WINDOW_MS})
  redis.call('ZADD', helped, now, r.id .. helpOf(r))
  redis.call('PEXPIRE', helped, ${REPEAT_WINDOW_MS})
end

local function timesHelped(r)
  local times, help = 0, helpOf(r)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', inCluster('helped', r.cluster), '(' .. (now - ${REPEAT_WINDOW_MS}), '+inf')) do
    if string.sub(member, -#help) == help then times = times + 1 end
  end
  return times
end

-- Ends it; what ends is kept for a while.
local function close(r, state, ending)
  if ending ~= '' then redis.call('HSET', r.key, 'ending', ending) end
  for _, set in ipairs({base .. 'open', inCluster('open', r.cluster), base .. 'expiring', inCluster('unposted', r.cluster), inCluster('runnable', r.cluster)}) do
    redis.call('ZREM', set, r.id)
  end
  redis.call('SREM', inCluster('flying', r.cluster), r.id)
  redis.call('SREM', inNamespace('flying', r.cluster, r.ns), r.id)
  if redis.call('HGET', base .. 'locks', r.lock) == r.id then redis.call('HDEL', base .. 'locks', r.lock) end
  if r.touched and not r.intent then redis.call('ZREM', inCluster('touched', r.cluster), r.touch) end
  for _, ended in ipairs({base .. 'ended', inCluster('ended', r.cluster)}) do
    redis.call('ZADD', ended, now, r.id)
    redis.call('ZREMRANGEBYSCORE', ended, '-inf', now - keepMs)
  end
  enter(r, state)
  redis.call('PEXPIRE', r.key, keepMs)
  if HARM[state] then countHarm(r) end
  if state == 'succeeded' then countHelp(r) end
end

-- Ends it with an entry of its own; the reason is what the audit says.
local function finish(r, state, ending, actor, reason, event)
  local security = state == 'unknown_outcome' and 4 or 2
  note(r, {event = event or 'ended', from = r.state, to = state, actor = actor, security = security, detail = {reason = reason}})
  close(r, state, ending)
end

local function endIfOverdue(r)
  if not begins(r) or now < number(r.due) then return false end
  finish(r, 'expired', 'time', 'store', 'time', 'expired')
  return true
end

local function isStopped(cluster)
  return redis.call('HEXISTS', base .. 'stops', '*') == 1 or redis.call('HEXISTS', base .. 'stops', cluster) == 1
end

local function isOff(cluster, action)
  local till = redis.call('HGET', base .. 'breakers', cluster .. '\\n' .. action)
  return till and (till == 'always' or now < number(till))
end

local function switchedOff(r)
  if isStopped(r.cluster) then return 'stopped' end
  if isOff(r.cluster, '') then return 'breaker-all' end
  return isOff(r.cluster, r.action) and 'breaker-action' or nil
end

-- Limits in their order: in flight in the cluster and the namespace, within an hour in both, for the object in time and in number.
local function limits()
  local found = {}
  for place = 1, 6 do found[place] = tonumber(argument()) end
  return found
end

local function inFlight(r, most)
  if redis.call('SCARD', inCluster('flying', r.cluster)) >= most[1] then return 'in-flight-cluster' end
  return redis.call('SCARD', inNamespace('flying', r.cluster, r.ns)) >= most[2] and 'in-flight-namespace' or nil
end

local function spent(r, most)
  local since = '(' .. (now - BUDGET)
  if redis.call('ZCOUNT', inCluster('begun', r.cluster), since, '+inf') >= most[3] then return 'hour-cluster' end
  if redis.call('ZCOUNT', inNamespace('begun', r.cluster, r.ns), since, '+inf') >= most[4] then return 'hour-namespace' end
  local touched = redis.call('ZSCORE', inCluster('touched', r.cluster), r.touch)
  if touched and now - number(touched) < most[5] then return 'target' end
  return timesHelped(r) >= most[6] and 'repeated' or nil
end
`;
