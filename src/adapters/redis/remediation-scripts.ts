import { redisScript } from './redis-script.ts';
import { REMEDIATION_LUA } from './remediation-lua.ts';

// The first argument of each script is for how long what has ended is kept, in milliseconds.

/**
 * ARGV id, lock, digest, signed, cluster, ns, action, conditional, required, owners, requester, proposer, touch, target,
 * due, audit, limits. Answers `proposed`, `exists` with an id, or `blocked` with a reason.
 */
export const PROPOSE = redisScript(
  REMEDIATION_LUA,
  `
local id, lock = argument(), argument()
for _, other in ipairs({id, redis.call('HGET', base .. 'locks', lock) or ''}) do
  local known = load(other)
  if known and (not endIfOverdue(known) or other == id) then return {'exists', other} end
end
local r = {id = id, key = recordOf(id), lock = lock, history = ''}
local names = {'digest', 'signed', 'cluster', 'ns', 'action', 'conditional', 'required', 'owners', 'requester', 'proposer', 'touch', 'target', 'due'}
for _, name in ipairs(names) do r[name] = argument() end
local audit, most = argument(), limits()
local reason = now >= number(r.due) and 'time' or switchedOff(r) or inFlight(r, most) or spent(r, most)
if reason then return {'blocked', reason} end

redis.call('DEL', r.key)
for _, name in ipairs(names) do redis.call('HSET', r.key, name, r[name]) end
redis.call('HSET', r.key, 'lock', lock)
redis.call('HSET', base .. 'locks', lock, id)
for _, set in ipairs({base .. 'open', inCluster('open', r.cluster), inCluster('unposted', r.cluster)}) do redis.call('ZADD', set, now, id) end
redis.call('ZADD', base .. 'expiring', r.due, id)
enter(r, 'proposed')
noted(audit)
return {'proposed'}
`,
);

/** ARGV id, message, channel, ts. Answers 1 when it was `proposed`. */
export const OPENED = redisScript(
  REMEDIATION_LUA,
  `
local r = load(argument())
if not r or r.state ~= 'proposed' or endIfOverdue(r) then return 0 end
redis.call('HSET', r.key, 'message', argument())
redis.call('ZREM', inCluster('unposted', r.cluster), r.id)
note(r, {event = 'posted', from = 'proposed', to = 'awaiting_approval', actor = 'store', security = 1, detail = {channel = argument(), ts = argument()}})
enter(r, 'awaiting_approval')
return 1
`,
);

const DECIDE = `
local r = load(argument())
if not r then return {'unknown'} end
endIfOverdue(r)
if r.state == 'expired' then return {'expired'} end
`;

/**
 * ARGV id, digest, user, vote, owner (`no`: the voter is none), actor, reason, approvalMs. Answers `counted` with votes and required, `decided` or
 * `already` with the state, or why it does not count.
 */
export const APPROVE = redisScript(
  REMEDIATION_LUA,
  DECIDE,
  `
if r.state ~= 'awaiting_approval' then return {'already', r.state} end
local digest, user, vote, owner, actor, reason, approvalMs = argument(), argument(), argument(), argument(), argument(), argument(), argument()
if r.digest ~= digest then return {'stale'} end
if user == r.requester or user == r.proposer then return {'own'} end
if redis.call('HSETNX', r.key, 'voter:' .. user, '1') == 0 then return {'voted'} end

local votes, required = number(r.votes) + 1, number(r.required)
redis.call('HSET', r.key, 'votes', votes, 'vote:' .. votes, now .. ' ' .. vote)
note(r, {event = 'vote', actor = actor, security = 3, detail = {digest = digest, reason = reason, votes = votes, required = required}})
if owner ~= 'no' then
  redis.call('HSET', r.key, 'owners', '0')
  r.owners = '0'
end
if votes < math.max(required, 1) or r.owners == '1' then
  grow(r)
  return {'counted', votes, required}
end
local due = math.min(number(r.due), now + number(approvalMs))
redis.call('HSET', r.key, 'due', due, 'actBefore', due)
redis.call('ZADD', base .. 'expiring', due, r.id)
mayRun(r, now)
note(r, {event = 'approved', from = r.state, to = 'approved', actor = actor, security = 3, detail = {votes = votes, required = required}})
enter(r, 'approved')
return {'decided', 'approved'}
`,
);

/** ARGV id, state, ending, actor, reason, event, `all` when it may also be proposed or approved. Answers as APPROVE. */
export const END_BY_PERSON = redisScript(
  REMEDIATION_LUA,
  DECIDE,
  `
local state, ending, actor, reason, event, all = argument(), argument(), argument(), argument(), argument(), argument()
if r.state ~= 'awaiting_approval' and not (all == 'all' and begins(r)) then return {'already', r.state} end
finish(r, state, ending, actor, reason, event)
return {'decided', state}
`,
);

/** ARGV id, state, ending, reason. Answers 1 when it had not begun to execute. */
export const STOP_BEFORE = redisScript(
  REMEDIATION_LUA,
  `
local r = load(argument())
if not r or endIfOverdue(r) or not begins(r) then return 0 end
local state, ending, reason = argument(), argument(), argument()
finish(r, state, ending, 'store', reason)
return 1
`,
);

/** ARGV most. Answers the ids that expired, and 1 when there may be more. */
export const EXPIRE = redisScript(
  REMEDIATION_LUA,
  `
local most, ended = argument(), {}
local ids = redis.call('ZRANGEBYSCORE', base .. 'expiring', '-inf', now, 'LIMIT', 0, most)
for _, id in ipairs(ids) do
  local r = load(id)
  if r and endIfOverdue(r) then
    ended[#ended + 1] = id
  elseif r and begins(r) then
    redis.call('ZADD', base .. 'expiring', number(r.due), id)
  else
    redis.call('ZREM', base .. 'expiring', id)
  end
end
return {ended, #ids >= number(most) and 1 or 0}
`,
);

/**
 * ARGV silentMs, most, then the names of the clusters that are looked after. Ends what an executor of another cluster
 * left behind, and answers the ids.
 */
export const ABANDON = redisScript(
  REMEDIATION_LUA,
  `
local silentMs, most, known, ended = number(argument()), number(argument()), {}, {}
for place = position + 1, #ARGV do known[ARGV[place]] = true end
for _, id in ipairs(redis.call('ZRANGE', base .. 'open', 0, most - 1)) do
  local r = load(id)
  if r and runs(r) and not known[r.cluster] and now >= number(r.lease) + silentMs then
    finish(r, 'unknown_outcome', 'abandoned', 'store', 'abandoned')
    ended[#ended + 1] = id
  end
end
return ended
`,
);

/** ARGV scope, switch, audit, ending, actor, reason. Blocks everything in the scope that waits. */
export const STOP = redisScript(
  REMEDIATION_LUA,
  `
local scope, switch, audit, ending, actor, reason = argument(), argument(), argument(), argument(), argument(), argument()
redis.call('HSET', base .. 'stops', scope, now .. ' ' .. switch)
noted(audit)
for _, id in ipairs(redis.call('ZRANGE', scope == '*' and base .. 'open' or inCluster('open', scope), 0, -1)) do
  local r = load(id)
  if r and begins(r) then finish(r, 'blocked', ending, actor, reason) end
end
return 1
`,
);

/** ARGV scope, audit. Answers 1 when it was stopped; the audit has an entry also when only a breaker was closed. */
export const RESUME = redisScript(
  REMEDIATION_LUA,
  `
local scope, audit = argument(), argument()
local was, closed = redis.call('HDEL', base .. 'stops', scope), false
local breakers = redis.call('HGETALL', base .. 'breakers')
for place = 1, #breakers, 2 do
  local cluster = string.match(breakers[place], '^(.*)\\n')
  if cluster and (scope == '*' or scope == cluster) then
    closed = closed or breakers[place + 1] == 'always' or now < number(breakers[place + 1])
    redis.call('HDEL', base .. 'breakers', breakers[place])
  end
end
local harmed = scope == '*' and redis.call('SMEMBERS', base .. 'harmed') or {scope}
for _, cluster in ipairs(harmed) do redis.call('DEL', inCluster('harm', cluster)) end
if was == 1 or closed then noted(audit) end
return was
`,
);
