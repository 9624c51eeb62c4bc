import type { AlertSlot } from '../../core/remediation/storm-signals.ts';
import type { AlertRate } from '../../ports/alert-rate.ts';
import { ALERT_RATE } from './intake-scripts.ts';
import type { RedisConnection, RedisReply } from './redis-connection.ts';
import { fieldsOf, listOf, numberOf } from './redis-reply.ts';

/** What the intake counts beside its alerts. */
export class RedisAlertRate implements AlertRate {
  private readonly redis: RedisConnection;
  private readonly base: string;

  constructor({ redis, prefix }: { readonly redis: RedisConnection; readonly prefix?: string }) {
    this.redis = redis;
    this.base = `${prefix ?? 'kubewhy'}:{triage}:`;
  }

  async begun(cluster: string): Promise<{ readonly now: Date; readonly slots: readonly AlertSlot[] }> {
    const [now, ...counts] = listOf(await this.redis.run(ALERT_RATE, [this.base], [cluster]));
    const all = counts.flatMap(slotsOf);
    const times = [...new Set(all.map(({ at }) => at))].toSorted((a, b) => a - b);
    return {
      now: new Date(numberOf(now)),
      slots: times.map((at) => ({
        at,
        count: all.filter((one) => one.at === at).reduce((sum, one) => sum + one.count, 0),
      })),
    };
  }
}

/** What somebody else wrote there counts for nothing. */
function slotsOf(reply: RedisReply): readonly AlertSlot[] {
  return [...fieldsOf(reply)].flatMap(([at, count]) =>
    /^\d{1,15}$/.test(at) && /^\d{1,9}$/.test(count) ? [{ at: Number(at), count: Number(count) }] : [],
  );
}
