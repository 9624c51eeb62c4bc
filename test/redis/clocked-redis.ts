import { createHash } from 'node:crypto';
import { type Argument, RedisConnection, type RedisReply } from '../../src/adapters/redis/redis-connection.ts';
import type { RedisScript } from '../../src/adapters/redis/redis-script.ts';

const CLOCK = /^local time = .*\nlocal now = .*$/m;
const KEY = 'test:now';

/** A connection whose scripts read the time from a key beside their data, so that a test decides what time it is. */
export class ClockedRedis extends RedisConnection {
  readonly #clocked = new Map<string, RedisScript>();

  /** Sets the time of all scripts whose keys begin with `base`. */
  async setTime(base: string, ms: number): Promise<void> {
    await this.call('SET', base + KEY, ms);
  }

  override async run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly Argument[] = [],
  ): Promise<RedisReply> {
    return super.run(this.#withClock(script), keys, args);
  }

  #withClock(script: RedisScript): RedisScript {
    const known = this.#clocked.get(script.sha);
    if (known !== undefined) {
      return known;
    }
    const lua = script.lua.replace(CLOCK, `local now = tonumber(redis.call('GET', KEYS[1] .. '${KEY}'))`);
    const clocked = { lua, sha: createHash('sha1').update(lua).digest('hex') };
    this.#clocked.set(script.sha, clocked);
    return clocked;
  }
}
