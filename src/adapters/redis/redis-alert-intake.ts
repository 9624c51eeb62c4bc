import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { StoredAlert } from '../../core/triage/stored-alert.ts';
import type { Accepted, AlertIntake } from '../../ports/alert-intake.ts';
import { ACCEPT } from './intake-scripts.ts';
import type { Argument, RedisConnection } from './redis-connection.ts';
import { numberOf } from './redis-reply.ts';

/** What the intake needs, and limits that tests change. */
export interface RedisAlertIntakeOptions {
  readonly redis: RedisConnection;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
  /** So long an alert that fires waits for others that come together with it. Default 1,000 ms. */
  readonly debounceMs?: number;
  /** After that much time an alert that still fires although its end was told counts as firing again. Default 2 minutes. */
  readonly againMs?: number;
  /** An alert that fires although its incident is over is given to triage again so often. Default 5 minutes. */
  readonly askEveryMs?: number;
  /** How long an alert is remembered after its end was told. Default 6 hours. */
  readonly keepEndedMs?: number;
  /** How long an alert that fires is remembered after it was last heard of. Default 8 days. */
  readonly keepFiringMs?: number;
  /** Alerts of a cluster that are remembered. Default 50,000. */
  readonly mostAlerts?: number;
}

const HOUR_MS = 3_600_000;
/** What one step of the server takes at most, so that others do not wait for long. */
const MOST_IN_CHUNK = 200;
const LARGEST_CHUNK_CHARACTERS = 1_000_000;

/** Alerts on their way into Redis. */
export class RedisAlertIntake implements AlertIntake {
  private readonly redis: RedisConnection;
  private readonly base: string;
  private readonly limits: readonly number[];

  constructor(options: RedisAlertIntakeOptions) {
    this.redis = options.redis;
    this.base = `${options.prefix ?? 'kubewhy'}:{triage}:`;
    this.limits = [
      options.debounceMs ?? 1000,
      options.mostAlerts ?? 50_000,
      options.keepEndedMs ?? 6 * HOUR_MS,
      options.keepFiringMs ?? 192 * HOUR_MS,
      options.againMs ?? 120_000,
      options.askEveryMs ?? 300_000,
    ];
  }

  async accept(alerts: readonly StoredAlert[]): Promise<Accepted> {
    let changed = 0;
    for (const [cluster, some] of Map.groupBy(alerts, (alert) => alert.cluster)) {
      for (const chunk of chunksOf(some.map(packAlert))) {
        changed += await this.acceptChunk(cluster, chunk);
      }
    }
    return { changed, repeated: alerts.length - changed };
  }

  private async acceptChunk(cluster: string, chunk: readonly PackedAlert[]): Promise<number> {
    const args = [cluster, ...this.limits, chunk.length, ...chunk.flatMap(({ fields }) => fields)];
    const changed = numberOf(await this.redis.run(ACCEPT, [this.base], args));
    if (changed < 0) {
      throw new KubewhyError('STORE_UNAVAILABLE', {
        message: `Redis at ${this.redis.server} holds as many alerts of one cluster as it may, and none of them is over.`,
        hint: 'Look for a rule that makes very many alerts; they are taken again when others end.',
        context: { server: this.redis.server, cluster },
      });
    }
    return changed;
  }
}

/** The arguments of one alert, and roughly how long they are. */
interface PackedAlert {
  readonly fields: readonly Argument[];
  readonly size: number;
}

function packAlert(stored: StoredAlert): PackedAlert {
  const { fingerprint, status, startsAt, endsAt } = stored.mapped.alert;
  const { notes } = stored;
  const body = JSON.stringify({ ...stored, notes: [] });
  const times = [msOf(startsAt), msOf(endsAt)];
  const fields = [fingerprint, ...times, status, startsAt ?? '', endsAt ?? '', body, notes.length, ...notes];
  return { fields, size: body.length };
}

/** 0 when it is not known. */
function msOf(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time);
}

function chunksOf(alerts: readonly PackedAlert[]): readonly (readonly PackedAlert[])[] {
  const chunks: PackedAlert[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const alert of alerts) {
    const last = chunks.at(-1);
    if (last === undefined || last.length >= MOST_IN_CHUNK || size + alert.size > LARGEST_CHUNK_CHARACTERS) {
      chunks.push([alert]);
      size = alert.size;
    } else {
      last.push(alert);
      size += alert.size;
    }
  }
  return chunks;
}
