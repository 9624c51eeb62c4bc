import type { ClusterStatus } from '../../core/chat/content.ts';
import { clusterStatusSchema } from '../../core/chat/delivery-schema.ts';
import type { ClusterDirectory } from '../../ports/cluster-directory.ts';
import type { Logger } from '../../ports/logger.ts';
import type { RedisConnection } from './redis-connection.ts';
import { listOf, numberOf, textOf } from './redis-reply.ts';
import { redisScript } from './redis-script.ts';
import { parseStored } from './stored-value.ts';

/** What the directory needs, and times that tests shorten. */
export interface RedisClusterDirectoryOptions {
  readonly redis: RedisConnection;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
  /** A cluster whose last report is older is silent. Default 60 s. */
  readonly silentAfterMs?: number;
}

const KEEP_MS = 7 * 86_400_000;

/** KEYS status; ARGV status, keepMs. The time of arrival decides about silence: clocks of diagnosers may differ. */
const REPORT = redisScript(`
redis.call('HSET', KEYS[1], 'status', ARGV[1], 'at', now)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`);

/** KEYS statuses; answers status and age in milliseconds of each. */
const STATUSES = redisScript(`
local found = {}
for index, key in ipairs(KEYS) do
  local h = redis.call('HMGET', key, 'status', 'at')
  found[index] = {h[1], now - tonumber(h[2] or now)}
end
return found
`);

/** What diagnosers reported, in Redis. */
export class RedisClusterDirectory implements ClusterDirectory {
  private readonly redis: RedisConnection;
  private readonly logger: Logger;
  private readonly base: string;
  private readonly silentAfterMs: number;

  constructor(options: RedisClusterDirectoryOptions) {
    this.redis = options.redis;
    this.logger = options.logger;
    this.base = `${options.prefix ?? 'kubewhy'}:{clusters}:`;
    this.silentAfterMs = options.silentAfterMs ?? 60_000;
  }

  async report(status: ClusterStatus & { readonly lastSeen: string }): Promise<void> {
    await this.redis.run(REPORT, [this.base + status.cluster], [JSON.stringify(status), KEEP_MS]);
  }

  async statuses(clusters: readonly string[]): Promise<readonly ClusterStatus[]> {
    if (clusters.length === 0) {
      return [];
    }
    const keys = clusters.map((cluster) => this.base + cluster);
    const replies = listOf(await this.redis.run(STATUSES, keys));
    return clusters.map((cluster, index) => {
      const [text, age] = listOf(replies[index]);
      const log = { logger: this.logger, what: 'cluster status', id: cluster };
      const status = parseStored(textOf(text), clusterStatusSchema, log);
      if (status === undefined) {
        return { cluster, state: 'never-seen' };
      }
      return numberOf(age) > this.silentAfterMs ? { ...status, cluster, state: 'silent' } : { ...status, cluster };
    });
  }
}
