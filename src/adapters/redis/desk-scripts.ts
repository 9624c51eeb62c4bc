import { redisScript } from './redis-script.ts';
import { TRIAGE_LUA } from './triage-lua.ts';

const KNOWN = `
local id = argument()
local record = recordOf(id)
local h = redis.call('HMGET', record, 'state', 'cluster')
if not h[1] then return 0 end

local function changed()
  grow(h[2], id)
  announce(h[2])
  return 1
end
`;

/** ARGV id, user. Answers 1 when nobody had acknowledged it. */
export const ACKNOWLEDGE = redisScript(
  TRIAGE_LUA,
  KNOWN,
  `
if redis.call('HSETNX', record, 'ackUser', argument()) == 0 then return 0 end
redis.call('HSET', record, 'ackAt', now)
return changed()
`,
);

/** ARGV id, user, forMs; 0 milliseconds end the snooze. */
export const SNOOZE = redisScript(
  TRIAGE_LUA,
  KNOWN,
  `
local user, forMs = argument(), tonumber(argument())
local snoozes = inCluster(h[2], 'snoozes')
if forMs > 0 then
  redis.call('HSET', record, 'snoozeUser', user, 'snoozeUntil', now + forMs)
  redis.call('ZADD', snoozes, now + forMs, id)
  return changed()
end
redis.call('ZREM', snoozes, id)
if redis.call('HDEL', record, 'snoozeUser', 'snoozeUntil') == 0 then return 0 end
return changed()
`,
);

/** ARGV id, id of the silence, silence. */
export const SAVE_SILENCE = redisScript(
  TRIAGE_LUA,
  KNOWN,
  `
redis.call('HSET', record, 'silence:' .. argument(), argument())
return changed()
`,
);
