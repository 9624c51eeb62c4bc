import { redisScript } from './redis-script.ts';
import { REMEDIATION_LUA } from './remediation-lua.ts';

// The first argument of each script is for how long what has ended is kept, in milliseconds.

/** Answers the time. */
export const NOW = redisScript('return now');

/** ARGV id. Answers all fields; none when there is no record. */
export const READ_RECORD = redisScript(
  REMEDIATION_LUA,
  `
local fields = redis.pcall('HGETALL', recordOf(argument()))
return fields.err and {} or fields
`,
);

/** ARGV set (`open` or `ended`), cluster or nothing, most. Answers id and fields of each; ids without a record are taken out. */
export const LIST_RECORDS = redisScript(
  REMEDIATION_LUA,
  `
local set, cluster, most = argument(), argument(), number(argument())
local key = cluster == '' and base .. set or inCluster(set, cluster)
local found = {}
for _, id in ipairs(redis.call('ZREVRANGE', key, 0, most - 1)) do
  local fields = redis.pcall('HGETALL', recordOf(id))
  if fields.err or #fields == 0 then
    redis.call('ZREM', key, id)
  else
    found[#found + 1] = {id, fields}
  end
end
return found
`,
);

/** ARGV cluster, most. Answers the ids that are not posted, that may run, and that are not told. */
export const REMEDIATION_WORK = redisScript(
  REMEDIATION_LUA,
  `
local cluster, most = argument(), argument()
local answer = {}
for place, what in ipairs({'unposted', 'runnable', 'untold'}) do
  local set, found = inCluster(what, cluster), {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, most)) do
    if load(id) then
      found[#found + 1] = id
    else
      redis.call('ZREM', set, id)
    end
  end
  -- What nobody can deal with must not keep out the others.
  if redis.call('ZCARD', set) > #found and #found >= number(most) then
    for _, id in ipairs(found) do redis.call('ZADD', set, 'XX', now, id) end
  end
  answer[place] = found
end
return answer
`,
);

/** ARGV id, revision. */
export const REMEDIATION_TOLD = redisScript(
  REMEDIATION_LUA,
  `
local r, revision = load(argument()), number(argument())
if r and revision >= number(r.rev) then redis.call('ZREM', inCluster('untold', r.cluster), r.id) end
return 1
`,
);

/** Answers cluster, action and until when (milliseconds or \`always\`) of each breaker that is open; others are taken out. */
export const BREAKERS = redisScript(
  REMEDIATION_LUA,
  `
local all, found = redis.call('HGETALL', base .. 'breakers'), {}
for place = 1, #all, 2 do
  local cluster, action = string.match(all[place], '^(.*)\\n(.*)$')
  if cluster and (all[place + 1] == 'always' or now < number(all[place + 1])) then
    found[#found + 1] = {cluster, action, all[place + 1]}
  else
    redis.call('HDEL', base .. 'breakers', all[place])
  end
end
return found
`,
);
