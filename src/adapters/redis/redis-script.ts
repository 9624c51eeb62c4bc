import { createHash } from 'node:crypto';

/** A Lua script that the server runs as one step. */
export interface RedisScript {
  readonly lua: string;
  /** The server knows a script that it has run by this digest. */
  readonly sha: string;
}

/** Prepares Lua text; `now` is the server's time in milliseconds in every script. */
export function redisScript(...parts: readonly string[]): RedisScript {
  const lua = [CLOCK, ...parts].join('\n');
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

const CLOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;
