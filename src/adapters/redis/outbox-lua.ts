/**
 * What the scripts of the outbox share. KEYS[1] is the start of every key.
 *
 * A row is a hash: the newest body with its version `v`, where and how it is sent (`priority`, `lane`, `post`, `edit`,
 * `once`), its `state` (waiting, sending, sent, dead) and what is known of earlier sends. Waiting rows stand in lanes,
 * one for each priority, method and place, ordered by the time at which they are due. `lanes` of a priority and method
 * orders the lanes by the time of their next turn: when the first row is due, but not before the lane was served last,
 * so that a long lane does not go before a short one again and again.
 */
export const OUTBOX_LUA = `
local base = KEYS[1]

local function rowOf(key)
  return base .. 'row:' .. key
end

local function methodOf(post, edit, posted)
  if posted and edit ~= '' then return edit end
  return post
end

local function laneKeys(priority, method, lane)
  local start = base .. 'lanes:' .. priority .. ':' .. method
  return start, start .. ':' .. lane
end

local function rowLane(row)
  local h = redis.call('HMGET', row, 'priority', 'lane', 'post', 'edit', 'posted')
  local lanes, lane = laneKeys(h[1], methodOf(h[3], h[4], h[5]), h[2])
  return lanes, lane, h[2]
end

local function enqueue(key, row, due)
  local lanes, lane, name = rowLane(row)
  redis.call('HSET', row, 'state', 'waiting', 'due', due)
  redis.call('ZADD', lane, due, key)
  local turn = redis.call('ZSCORE', lanes, name)
  if not turn or math.floor(tonumber(turn)) > due then redis.call('ZADD', lanes, due, name) end
end

local function dequeue(key, row)
  local lanes, lane, name = rowLane(row)
  redis.call('ZREM', lane, key)
  if redis.call('EXISTS', lane) == 0 then redis.call('ZREM', lanes, name) end
end
`;
