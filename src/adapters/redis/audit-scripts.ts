import { redisScript } from './redis-script.ts';

// KEYS[1] is the start of every key. `audit:pending` lists what is to be chained, `audit:chain` is the stream of the chain, in
// which an entry is found by its number, and `audit:head` is a hash with the number and the hash of the last entry.

const HEAD = `
local pending, chain, head = KEYS[1] .. 'audit:pending', KEYS[1] .. 'audit:chain', KEYS[1] .. 'audit:head'
local at = redis.call('HMGET', head, 'seq', 'hash')
local known, hash = tonumber(at[1] or 0) or 0, at[2] or ''
-- A head that somebody set back must not keep what comes from being chained: the break in the chain shows it.
local last = redis.call('XREVRANGE', chain, '+', '-', 'COUNT', 1)[1]
local seq = math.max(known, last and tonumber(string.match(last[1], '^%d+')) or 0)
`;

/** ARGV draft. */
export const KEEP_DRAFT = redisScript(`return redis.call('RPUSH', KEYS[1] .. 'audit:pending', now .. ' ' .. ARGV[1])`);

/** ARGV most. Answers the time, the number and the hash of the last entry, and what is to be chained. */
export const PENDING = redisScript(
  HEAD,
  `return {now, seq, hash, redis.call('LRANGE', pending, 0, tonumber(ARGV[1]) - 1)}`,
);

/**
 * ARGV number and hash of the last entry as they were read, hash of the new last entry, how many, then what was to be
 * chained and the entry of each. Answers 1 when nobody else was faster.
 */
export const CHAIN = redisScript(
  HEAD,
  `
local many = tonumber(ARGV[4])
if seq ~= tonumber(ARGV[1]) or hash ~= ARGV[2] then return 0 end
local waiting = redis.call('LRANGE', pending, 0, many - 1)
for place = 1, many do
  if waiting[place] ~= ARGV[3 + 2 * place] then return 0 end
end
for place = 1, many do redis.call('XADD', chain, (seq + place) .. '-0', 'entry', ARGV[4 + 2 * place]) end
redis.call('LTRIM', pending, many, -1)
redis.call('HSET', head, 'seq', seq + many, 'hash', ARGV[3])
return 1
`,
);

/** Answers the number and the hash of the last entry, and how many wait to be chained. */
export const HEAD_OF_CHAIN = redisScript(HEAD, `return {known, hash, redis.call('LLEN', pending)}`);
