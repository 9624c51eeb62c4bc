import { OUTBOX_LUA } from './outbox-lua.ts';
import { redisScript } from './redis-script.ts';

/** ARGV key, version, body, priority, lane, post, edit, once, keepMs. Answers 1 when stored, 0 when outdated. */
export const PUT = redisScript(
  OUTBOX_LUA,
  `
local key, version = ARGV[1], tonumber(ARGV[2])
local row = rowOf(key)
local h = redis.call('HMGET', row, 'v', 'state', 'once', 'due', 'editAt')
local state = h[2]
local newest = tonumber(h[1] or -1)
-- What cannot be edited has no newer version, so once it was given up the same one may be asked for again.
if newest > version or newest == version and not (state == 'dead' and ARGV[8] == '1') then return 0 end
if h[3] == '1' and (state == 'sending' or state == 'sent') then return 0 end
if state == 'waiting' then dequeue(key, row) end
redis.call('HSET', row, 'v', ARGV[2], 'body', ARGV[3], 'priority', ARGV[4], 'lane', ARGV[5],
  'post', ARGV[6], 'edit', ARGV[7], 'once', ARGV[8])
redis.call('PEXPIRE', row, ARGV[9])
redis.call('ZADD', base .. 'open', 'NX', now, key)
if state == 'sending' then return 1 end
redis.call('HSET', row, 'failures', 0)
-- A waiting row keeps its turn, or a card that changes often would never have one.
enqueue(key, row, state == 'waiting' and tonumber(h[4]) or math.max(now, tonumber(h[5] or 0)))
redis.call('PUBLISH', base .. 'put', '')
return 1
`,
);

/**
 * ARGV leaseMs, gapMs, windowMs, number of methods, then each method with its budget (0: none) and whether it posts.
 * Answers claimed, key, body, posted, failures, uncertain, fence, detour; or none and for how long.
 */
export const CLAIM = redisScript(
  OUTBOX_LUA,
  `
local leaseMs, gapMs, windowMs, methods = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local soonest = 60000
local function later(ms)
  soonest = math.max(1, math.min(soonest, ms))
end

-- A row whose sender is silent may have been sent.
for _, key in ipairs(redis.call('ZRANGEBYSCORE', base .. 'leases', '-inf', now, 'LIMIT', 0, 20)) do
  redis.call('ZREM', base .. 'leases', key)
  if redis.call('HGET', rowOf(key), 'state') == 'sending' then
    redis.call('HSET', rowOf(key), 'uncertain', 1)
    redis.call('HINCRBY', rowOf(key), 'failures', 1)
    enqueue(key, rowOf(key), now)
  end
end

local waits = {}
local function methodWait(method, budget)
  if waits[method] then return waits[method] end
  local wait = math.max(0, redis.call('PTTL', base .. 'pause:' .. method))
  if budget > 0 then
    local used = base .. 'used:' .. method
    redis.call('ZREMRANGEBYSCORE', used, '-inf', now - windowMs)
    if redis.call('ZCARD', used) >= budget then
      local oldest = redis.call('ZRANGE', used, 0, 0, 'WITHSCORES')
      wait = math.max(wait, oldest[2] + windowMs - now)
    end
  end
  waits[method] = wait
  return wait
end

-- The lane whose turn it is, after putting off those that may not go yet.
local function nextLane(priority, method, posts)
  local lanes = laneKeys(priority, method, '')
  for _ = 1, 1000 do
    local first = redis.call('ZRANGE', lanes, 0, 0, 'WITHSCORES')
    if not first[1] then return nil end
    local turn = tonumber(first[2])
    if math.floor(turn) > now then later(turn - now) return nil end
    local _, lane = laneKeys(priority, method, first[1])
    local head = redis.call('ZRANGE', lane, 0, 0, 'WITHSCORES')
    local wait = posts and redis.call('PTTL', base .. 'gap:' .. first[1]) or 0
    if not head[1] then
      redis.call('ZREM', lanes, first[1])
    elseif redis.call('HGET', rowOf(head[1]), 'state') ~= 'waiting' then
      -- It was given up by time, which takes the row only.
      redis.call('ZREM', lane, head[1])
      redis.call('ZREM', base .. 'open', head[1])
    elseif tonumber(head[2]) > now then
      redis.call('ZADD', lanes, head[2], first[1])
    elseif wait > 0 then
      redis.call('ZADD', lanes, now + wait, first[1])
    else
      return turn, lanes, lane, first[1], head[1]
    end
  end
  return nil
end

local function take(method, posts, lanes, lane, name, key)
  local row = rowOf(key)
  redis.call('ZREM', lane, key)
  local follower = redis.call('ZRANGE', lane, 0, 0, 'WITHSCORES')
  if follower[1] then
    -- The half lets lanes go first that became due in the same millisecond.
    redis.call('ZADD', lanes, math.max(now, tonumber(follower[2])) + 0.5, name)
  else
    redis.call('ZREM', lanes, name)
  end
  if posts and gapMs > 0 then redis.call('SET', base .. 'gap:' .. name, '1', 'PX', gapMs) end
  local fence = redis.call('HINCRBY', row, 'fence', 1)
  redis.call('ZADD', base .. 'used:' .. method, now, key .. ' ' .. fence)
  redis.call('PEXPIRE', base .. 'used:' .. method, windowMs)
  local h = redis.call('HMGET', row, 'v', 'body', 'posted', 'failures', 'uncertain', 'detour')
  redis.call('HSET', row, 'state', 'sending', 'tried', h[1])
  redis.call('ZADD', base .. 'leases', now + leaseMs, key)
  return {'claimed', key, h[2], h[3], tonumber(h[4] or 0), tonumber(h[5] or 0), fence, h[6]}
end

for _, priority in ipairs({'urgent', 'answer', 'alert', 'news'}) do
  local best
  for index = 0, methods - 1 do
    local method, budget, posts = ARGV[5 + index * 3], tonumber(ARGV[6 + index * 3]), ARGV[7 + index * 3] == '1'
    local wait = 0
    if redis.call('EXISTS', (laneKeys(priority, method, ''))) == 1 then wait = methodWait(method, budget) end
    if wait > 0 then
      later(wait)
    else
      local turn, lanes, lane, name, key = nextLane(priority, method, posts)
      if turn and (not best or turn < best[1]) then best = {turn, method, posts, lanes, lane, name, key} end
    end
  end
  if best then return take(best[2], best[3], best[4], best[5], best[6], best[7]) end
end
local lease = redis.call('ZRANGE', base .. 'leases', 0, 0, 'WITHSCORES')
if lease[1] then later(tonumber(lease[2]) - now) end
return {'none', soonest}
`,
);

/** ARGV key, deadMs. Answers 1 when nothing of it was or will be posted. */
export const WITHDRAW = redisScript(
  OUTBOX_LUA,
  `
local key, row = ARGV[1], rowOf(ARGV[1])
local h = redis.call('HMGET', row, 'state', 'posted', 'uncertain')
if h[2] or h[1] == 'sending' or h[1] == 'sent' then return 0 end
if h[1] ~= 'waiting' then return 1 end
-- An earlier try may have posted it; the next one finds out.
if h[3] == '1' then return 0 end
dequeue(key, row)
redis.call('HSET', row, 'state', 'dead', 'reason', 'withdrawn')
redis.call('ZREM', base .. 'open', key)
redis.call('PEXPIRE', row, ARGV[2])
return 1
`,
);

/** ARGV key, fence, leaseMs. Answers 1 while the claim holds. */
export const RENEW = redisScript(
  OUTBOX_LUA,
  `
local h = redis.call('HMGET', rowOf(ARGV[1]), 'fence', 'state')
if h[1] ~= ARGV[2] or h[2] ~= 'sending' then return 0 end
redis.call('ZADD', base .. 'leases', now + ARGV[3], ARGV[1])
return 1
`,
);

/**
 * ARGV key, fence, kind, posted, afterMs, uncertain, reason, editGapMs, keepMs, deadMs, detour.
 * Answers 1 when it counted.
 * That a message was sent is believed also after the lease, as long as nobody else has claimed the row.
 */
export const SETTLE = redisScript(
  OUTBOX_LUA,
  `
local key, kind, row = ARGV[1], ARGV[3], rowOf(ARGV[1])
local h = redis.call('HMGET', row, 'fence', 'state', 'v', 'tried', 'once')
if h[1] ~= ARGV[2] then return 0 end
if h[2] == 'waiting' and kind == 'sent' then
  dequeue(key, row)
elseif h[2] ~= 'sending' then
  return 0
end
redis.call('ZREM', base .. 'leases', key)
local newer = h[5] ~= '1' and tonumber(h[3]) > tonumber(h[4])
redis.call('HSET', row, 'reason', ARGV[7])

local function rest(state, ms)
  redis.call('HSET', row, 'state', state)
  redis.call('ZREM', base .. 'open', key)
  redis.call('PEXPIRE', row, ms)
  return 1
end

if kind == 'sent' then
  local editAt = now + tonumber(ARGV[8])
  redis.call('HSET', row, 'failures', 0, 'uncertain', 0, 'editAt', editAt)
  if ARGV[4] ~= '' then redis.call('HSET', row, 'posted', ARGV[4]) end
  redis.call('ZREM', base .. 'open', key)
  if newer then
    redis.call('ZADD', base .. 'open', now, key)
    enqueue(key, row, editAt)
    return 1
  end
  redis.call('HDEL', row, 'body')
  return rest('sent', ARGV[9])
elseif kind == 'dead' and not newer then
  return rest('dead', ARGV[10])
elseif kind == 'dead' then
  redis.call('HSET', row, 'failures', 0)
  enqueue(key, row, now)
elseif kind == 'repost' then
  redis.call('HDEL', row, 'posted')
  -- A look for it would find the message that cannot be edited.
  redis.call('HSET', row, 'uncertain', 0)
  redis.call('HINCRBY', row, 'failures', 1)
  enqueue(key, row, now)
elseif kind == 'detour' then
  redis.call('HDEL', row, 'posted')
  redis.call('HSET', row, 'detour', ARGV[11], 'uncertain', 0)
  enqueue(key, row, now)
elseif kind == 'postpone' then
  enqueue(key, row, now + tonumber(ARGV[5]))
else
  redis.call('HSET', row, 'uncertain', ARGV[6])
  redis.call('HINCRBY', row, 'failures', 1)
  enqueue(key, row, now + tonumber(ARGV[5]))
end
return 1
`,
);

/** ARGV method, forMs. A shorter pause does not end a longer one. */
export const PAUSE = redisScript(
  OUTBOX_LUA,
  `
local pause = base .. 'pause:' .. ARGV[1]
if redis.call('PTTL', pause) < tonumber(ARGV[2]) then redis.call('SET', pause, '1', 'PX', ARGV[2]) end
return 1
`,
);

/** Answers how many rows are not sent yet and for how long the oldest one waits. */
export const BACKLOG = redisScript(
  OUTBOX_LUA,
  `
local oldest = redis.call('ZRANGE', base .. 'open', 0, 0, 'WITHSCORES')
return {redis.call('ZCARD', base .. 'open'), oldest[2] and now - tonumber(oldest[2]) or 0}
`,
);
