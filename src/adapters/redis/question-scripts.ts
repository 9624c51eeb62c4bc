import { redisScript } from './redis-script.ts';

// A record is a hash: question (JSON), line (key of the channel's waiting line), run, runAt and answered of the newest
// runs, attempt: which call has begun it, and last: the highest run number ever given. `open` holds the ids of unanswered questions by the time of their
// run. A line holds the ids that wait in one channel for one cluster, by the time at which they no longer count.
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

/** KEYS record, open; ARGV id, keepMs, lineMs. */
export const BEGIN_AGAIN = redisScript(
  START_RUN,
  `
local h = redis.call('HMGET', KEYS[1], 'run', 'answered', 'line', 'runAt')
if not h[1] then return {'unknown'} end
if tonumber(h[2]) < tonumber(h[1]) then return {'busy', tonumber(h[1])} end
redis.call('HSET', KEYS[1], 'before', h[4])
return start(KEYS[1], KEYS[2], h[3], ARGV[1], ARGV[2], tonumber(ARGV[3]))
`,
);

/** KEYS record, open; ARGV id, run, forgetMs. The number of the run stays used: its job may exist in spite of all. */
export const ABANDON = redisScript(`
local h = redis.call('HMGET', KEYS[1], 'run', 'answered', 'line', 'before')
if h[1] ~= ARGV[2] or tonumber(h[2]) >= tonumber(h[1]) then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', h[3], ARGV[1])
if h[2] == '0' then
  redis.call('HDEL', KEYS[1], 'question', 'line', 'run', 'runAt', 'answered', 'before')
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
else
  redis.call('HSET', KEYS[1], 'run', h[2], 'runAt', h[4] or now)
end
return 1
`);

/** KEYS record, open; ARGV id, attempt, forgetMs. Takes back what this attempt has begun, if it has, and nothing else. */
export const TAKE_BACK = redisScript(`
local h = redis.call('HMGET', KEYS[1], 'attempt', 'answered', 'line')
if h[1] ~= ARGV[2] or h[2] ~= '0' then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', h[3], ARGV[1])
redis.call('HDEL', KEYS[1], 'question', 'line', 'run', 'runAt', 'answered', 'before', 'attempt')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`);

/** KEYS record, outcome, recording, open; ARGV id, run, outcome, recording or nothing, keepMs. */
export const FINISH = redisScript(`
local h = redis.call('HMGET', KEYS[1], 'run', 'answered', 'line')
local run = tonumber(ARGV[2])
if not h[1] or run > tonumber(h[1]) or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[5])
if ARGV[4] ~= '' then redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5]) end
redis.call('HSET', KEYS[1], 'answered', math.max(run, tonumber(h[2])))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if run == tonumber(h[1]) then
  redis.call('ZREM', KEYS[4], ARGV[1])
  redis.call('ZREM', h[3], ARGV[1])
end
return 1
`);

/** KEYS open, start of the keys of records; ARGV olderThanMs, most. Entries without a record are taken out. */
export const UNANSWERED = redisScript(`
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - tonumber(ARGV[1])), 'LIMIT', 0, ARGV[2])) do
  local h = redis.call('HMGET', KEYS[2] .. id, 'question', 'run', 'runAt', 'answered')
  if h[1] then found[#found + 1] = {id, h[1], h[2], h[3], h[4]} else redis.call('ZREM', KEYS[1], id) end
end
return found
`);

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
