import { AUDIT_LUA } from './audit-lua.ts';
import { redisScript } from './redis-script.ts';

// KEYS[1] is the start of every key.

/** ARGV draft. */
export const KEEP_DRAFT = redisScript(
  AUDIT_LUA,
  `
issue(now .. ' ' .. ARGV[1])
return 1
`,
);

/** What can hold no chain any more is kept beside it: the chain goes on, and its break is found. */
const MEND = `
local function aside(key, kind)
  local is = redis.call('TYPE', key).ok
  if is ~= 'none' and is ~= kind then redis.call('RENAME', key, key .. ':aside:' .. now) end
end
aside(pending, 'list')
aside(head, 'hash')
aside(chain, 'stream')
local last = lastId()
if last and last ~= '0' and entryNumber(last) == 0 then redis.call('RENAME', chain, chain .. ':aside:' .. now) end
`;

/** ARGV most. Answers the time, the number and the hash of the last entry, and what is to be chained. */
export const PENDING = redisScript(
  AUDIT_LUA,
  MEND,
  `
local _, hash = headOf()
return {now, lastNumber(), hash, redis.call('LRANGE', pending, 0, tonumber(ARGV[1]) - 1)}
`,
);

/**
 * ARGV number and hash of the last entry as they were read, hash of the new last entry, how many, then what was to be
 * chained and the entry of each. Answers 1 when nobody else was faster.
 */
export const CHAIN = redisScript(
  AUDIT_LUA,
  `
local seq, many, _, hash = lastNumber(), tonumber(ARGV[4]), headOf()
if seq ~= tonumber(ARGV[1]) or hash ~= ARGV[2] then return 0 end
local waiting = redis.call('LRANGE', pending, 0, many - 1)
for place = 1, many do
  if waiting[place] ~= ARGV[3 + 2 * place] then return 0 end
end
for place = 1, many do
  redis.call('XADD', chain, string.format('%.0f-0', seq + place), 'entry', ARGV[4 + 2 * place])
end
redis.call('LTRIM', pending, many, -1)
redis.call('HSET', head, 'seq', string.format('%.0f', seq + many), 'hash', ARGV[3])
return 1
`,
);

/**
 * Answers the number and the hash of the last entry, how many wait to be chained, how many were issued (-1: not counted
 * yet), and the last number that the stream ever had.
 */
export const HEAD_OF_CHAIN = redisScript(
  AUDIT_LUA,
  `
local known, hash = headOf()
local count = redis.pcall('GET', issued)
count = type(count) == 'string' and entryNumber(count) or -1
return {known, hash, redis.call('LLEN', pending), count, entryNumber(lastId())}
`,
);

// A cursor beyond the chain is not ours, and must not keep lines from being written.
const LOGGED = `
local cursor = redis.pcall('GET', logged)
cursor = type(cursor) == 'string' and math.min(entryNumber(cursor), lastNumber()) or 0
`;

/** ARGV most. Answers the number of the last entry whose line was written, and the rows of the stream behind it. */
export const UNWRITTEN = redisScript(
  AUDIT_LUA,
  LOGGED,
  `
local rows = redis.pcall('XRANGE', chain, string.format('%.0f-0', cursor + 1), '+', 'COUNT', ARGV[1])
return {cursor, rows.err and {} or rows}
`,
);

/** ARGV from, to. Moves the cursor forward, unless it would pass over entries whose lines are not known to be written. */
export const WRITTEN = redisScript(
  AUDIT_LUA,
  LOGGED,
  `
if tonumber(ARGV[1]) > cursor + 1 then return 0 end
redis.call('SET', logged, string.format('%.0f', math.max(cursor, entryNumber(ARGV[2]))))
return 1
`,
);
