import type { SeenStore } from '../../ports/seen-store.ts';
import type { RedisConnection } from './redis-connection.ts';
import { numberOf } from './redis-reply.ts';
import { redisScript } from './redis-script.ts';

/** KEYS count; ARGV seconds. */
const COUNT = redisScript(`
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
`);

/** Deliveries that were seen, in Redis. */
export class RedisSeenStore implements SeenStore {
  private readonly redis: RedisConnection;
  private readonly base: string;

  constructor(redis: RedisConnection, prefix = 'kubewhy') {
    this.redis = redis;
    this.base = `${prefix}:{seen}:`;
  }

  async firstTime(key: string, seconds: number): Promise<boolean> {
    return (await this.redis.call('SET', `${this.base}once:${key}`, '1', 'NX', 'EX', seconds)) === 'OK';
  }

  async count(key: string, seconds: number): Promise<number> {
    return numberOf(await this.redis.run(COUNT, [`${this.base}count:${key}`], [seconds]));
  }

  async forget(key: string): Promise<void> {
    await this.redis.call('DEL', `${this.base}once:${key}`, `${this.base}count:${key}`);
  }
}
