import { redisScript } from './redis-script.ts';
import { REMEDIATION_LUA } from './remediation-lua.ts';

// The first argument of each script is for how long what has ended is kept, in milliseconds.

/**
 * ARGV id, worker, actor, leaseMs, limits. Answers `claimed` with fence, how, from and all fields of the record, `already`
 * with the state, `busy` or `unknown`.
 */
export const CLAIM = redisScript(
  REMEDIATION_LUA,
  `
local r = load(argument())
if not r then return {'unknown'} end
local worker, actor, leaseMs, most = argument(), argument(), number(argument()), limits()
endIfOverdue(r)

local function take(how)
  -- Time is part of it: a server that lost what it was told last does not give a fence again.
  local from, fence = r.state, math.max(now, number(r.fence) + 1)
  redis.call('HSET', r.key, 'fence', fence, 'worker', worker, 'lease', now + leaseMs)
  mayRun(r, now + leaseMs)
  local to = from == 'approved' and 'executing' or from
  note(r, {event = 'claimed', from = from, to = to, actor = actor, security = 2, detail = {fence = fence, how = how}})
  if from == 'approved' then enter(r, to) else grow(r) end
  return {'claimed', fence, how, from, redis.call('HGETALL', r.key)}
end

if r.state == 'approved' then
  local reason = switchedOff(r) or spent(r, most)
  if reason then
    finish(r, 'blocked', reason, actor, reason)
    return {'already', r.state}
  end
  if inFlight(r, most) then return {'busy'} end
  redis.call('ZREM', base .. 'expiring', r.id)
  for _, begun in ipairs({inCluster('begun', r.cluster), inNamespace('begun', r.cluster, r.ns)}) do
    redis.call('ZREMRANGEBYSCORE', begun, '-inf', now - DAY)
    redis.call('ZADD', begun, now, r.id)
    redis.call('PEXPIRE', begun, DAY)
  end
  redis.call('SADD', inCluster('flying', r.cluster), r.id)
  redis.call('SADD', inNamespace('flying', r.cluster, r.ns), r.id)
  redis.call('ZREMRANGEBYSCORE', inCluster('touched', r.cluster), '-inf', now - 7 * DAY)
  redis.call('ZADD', inCluster('touched', r.cluster), now, r.touch)
  redis.call('HSET', r.key, 'touched', '1')
  return take('first')
end
if not runs(r) then return {'already', r.state} end
if now < number(r.lease) then return {'busy'} end
if r.state == 'executing' and r.conditional ~= '1' and r.intent then
  finish(r, 'unknown_outcome', 'unknown-outcome', actor, 'unknown-outcome')
  return {'already', r.state}
end
return take('recover')
`,
);

const HELD = `
local r, fence = load(argument()), argument()
if not r or not runs(r) or r.fence ~= fence then return 0 end
`;

/** ARGV id, fence, leaseMs. Answers 1 while the executor has it. */
export const RENEW_CLAIM = redisScript(
  REMEDIATION_LUA,
  HELD,
  `
local till = now + number(argument())
redis.call('HSET', r.key, 'lease', till)
mayRun(r, till)
return 1
`,
);

/** ARGV id, fence, intent, audit. Answers 1 when it may be sent. */
export const INTEND = redisScript(
  REMEDIATION_LUA,
  HELD,
  `
if r.state ~= 'executing' or now >= number(r.lease) or now >= number(r.due) then return 0 end
if hadEnded(r) or isStopped(r.cluster) or (r.conditional ~= '1' and r.intent) then return 0 end
redis.call('HSET', r.key, 'intent', argument())
grow(r)
noted(argument())
return 1
`,
);

/** ARGV id, fence, step, what, ok, output, at, tookMs. Answers 1 while the executor has it. */
export const STEP = redisScript(
  REMEDIATION_LUA,
  HELD,
  `
local steps = number(r.steps) + 1
redis.call('HSET', r.key, 'steps', steps, 'step:' .. steps, argument())
local detail = {what = argument(), ok = argument() == '1', output = argument(), at = argument(), tookMs = number(argument())}
grow(r)
note(r, {event = 'step', actor = 'executor:' .. r.worker, security = 1, detail = detail})
return 1
`,
);

/** ARGV id, fence, from, to, ending or nothing, audit. Answers 1 while the executor has it. */
export const ADVANCE = redisScript(
  REMEDIATION_LUA,
  HELD,
  `
local from, to, ending = argument(), argument(), argument()
if r.state ~= from then return 0 end
noted(argument())
if to == 'verifying' then enter(r, to) else close(r, to, ending) end
return 1
`,
);

/** ARGV id, fence, actor. Ends what cannot be read by its executor. */
export const END_UNREADABLE = redisScript(
  REMEDIATION_LUA,
  HELD,
  `
local to = r.intent and 'unknown_outcome' or 'blocked'
note(r, {event = 'ended', from = r.state, to = to, actor = argument(), security = 5, detail = {reason = 'unreadable'}})
close(r, to, 'unreadable')
return 1
`,
);
