import { redisScript } from './redis-script.ts';

// A record is a hash: question (JSON), line (key of the channel's waiting line), run, runAt, answered and delivered of the
// newest runs, earlier and before: question and runAt of the run before, attempt: which call has begun the run, and last:
// the highest run number ever given. `open` holds the ids of questions whose answer is not handed over, by the time at
// which they were begun or last listed, so that those that were not listed for longest come first. A line holds the ids that wait in one channel for one cluster, by the time at which they no longer count.
const START_RUN = `
local function start(record, open, line, id, keepMs, lineMs)
  local run = redis.call('HINCRBY', record, 'last', 1)
  redis.call('HSET', record, 'run', run, 'runAt', now)
  redis.call('PEXPIRE', record, keepMs)
  redis.call('ZADD', open, now, id)
  redis.call('ZREMRANGEBYSCORE', line, '-inf', now)
  redis.call('ZADD', line, now + lineMs, id)
  redis.call('PEXPIRE', line, lineMs)
  return {'begun', run, redis.call('ZCARD', line)}
end
`;

/** KEYS record, open, line; ARGV id, question, keepMs, lineMs, attempt. */
export const BEGIN = redisScript(
  START_RUN,
  `
local run = redis.call('HGET', KEYS[1], 'run')
if run then return {'busy', tonumber(run)} end
redis.call('HSET', KEYS[1], 'question', ARGV[2], 'line', KEYS[3], 'answered', 0, 'attempt', ARGV[5])
return start(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[3], tonumber(ARGV[4]))
`,
);

/** KEYS record, open; ARGV id, question, keepMs, lineMs, attempt. */
export const BEGIN_AGAIN = redisScript(
  START_RUN,
  `
local h = redis.call('HMGET', KEYS[1], 'run', 'answered', 'line', 'runAt', 'question')
if not h[1] then return {'unknown'} end
if tonumber(h[2]) < tonumber(h[1]) then return {'busy', tonumber(h[1])} end
redis.call('HSET', KEYS[1], 'question', ARGV[2], 'earlier', h[5], 'before', h[4], 'attempt', ARGV[5])
return start(KEYS[1], KEYS[2], h[3], ARGV[1], ARGV[3], tonumber(ARGV[4]))
`,
);

// Takes the newest run back unless it has an outcome. Its number stays used: its job may exist in spite of all.
const UNDO = `
local function undo(record, open, id, forgetMs)
  local h = redis.call('HMGET', record, 'run', 'answered', 'line', 'before', 'earlier', 'delivered')
  if tonumber(h[2]) >= tonumber(h[1]) then return 0 end
  redis.call('ZREM', h[3], id)
  if h[2] == '0' then
    redis.call('ZREM', open, id)
    redis.call('HDEL', record, 'question', 'line', 'run', 'runAt', 'answered', 'attempt')
    redis.call('PEXPIRE', record, forgetMs)
    return 1
  end
  redis.call('HDEL', record, 'attempt')
  redis.call('HSET', record, 'run', h[2], 'runAt', h[4] or now)
  if h[5] then redis.call('HSET', record, 'question', h[5]) end
  if tonumber(h[6] or 0) >= tonumber(h[2]) then redis.call('ZREM', open, id) end
  return 1
end
`;

/** KEYS record, open; ARGV id, run, forgetMs. */
export const ABANDON = redisScript(
  UNDO,
  `
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[2] then return 0 end
return undo(KEYS[1], KEYS[2], ARGV[1], ARGV[3])
`,
);

/** KEYS record, open; ARGV id, attempt, forgetMs. Takes back what this attempt has begun, if it has, and nothing else. */
export const TAKE_BACK = redisScript(
  UNDO,
  `
if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[2] then return 0 end
return undo(KEYS[1], KEYS[2], ARGV[1], ARGV[3])
`,
);

/** KEYS record, outcome, recording; ARGV id, run, outcome, recording or nothing, keepMs. */
export const FINISH = redisScript(`
local h = redis.call('HMGET', KEYS[1], 'run', 'answered', 'line')
local run = tonumber(ARGV[2])
if not h[1] or run > tonumber(h[1]) or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[5])
if ARGV[4] ~= '' then redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5]) end
redis.call('HSET', KEYS[1], 'answered', math.max(run, tonumber(h[2])))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if run == tonumber(h[1]) then redis.call('ZREM', h[3], ARGV[1]) end
return 1
`);

/** KEYS record, open; ARGV id, run. */
export const DELIVERED = redisScript(`
local h = redis.call('HMGET', KEYS[1], 'run', 'answered', 'delivered')
local run = tonumber(ARGV[2])
if not h[1] or run > tonumber(h[2]) then return 0 end
redis.call('HSET', KEYS[1], 'delivered', math.max(run, tonumber(h[3] or 0)))
if run == tonumber(h[1]) then redis.call('ZREM', KEYS[2], ARGV[1]) end
return 1
`);

// The age of a run is told here, so that it depends on no other clock than that which stamped its beginning.
const RECORD = `
local function fields(id, record)
  local h = redis.call('HMGET', record, 'question', 'run', 'runAt', 'answered')
  return h[1] and {id, h[1], h[2], h[3], h[4], now - tonumber(h[3])}
end
`;

/** KEYS record; ARGV id. */
export const READ = redisScript(RECORD, `return fields(ARGV[1], KEYS[1])`);

/** KEYS open, start of the keys of records; ARGV olderThanMs, most. Entries without a record are taken out. */
export const UNANSWERED = redisScript(
  RECORD,
  `
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - tonumber(ARGV[1])), 'LIMIT', 0, ARGV[2])) do
  local record = fields(id, KEYS[2] .. id)
  if record then
    found[#found + 1] = record
    redis.call('ZADD', KEYS[1], now, id)
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return found
`,
);

/** KEYS feedback, index, recording, start of the keys of feedback; ARGV id, feedback, keepMs, most. */
export const SAVE_FEEDBACK = redisScript(`
if not redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
local surplus = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if surplus > 0 then
  for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, surplus - 1)) do redis.call('DEL', KEYS[4] .. id) end
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, surplus - 1)
end
return 1
`);
