import { setImmediate } from 'node:timers/promises';
import { type AlertsLimits, alertsEndpoint } from '../../../src/adapters/http/alerts-endpoint.ts';
import { type InternalServer, startInternalServer } from '../../../src/adapters/http/internal-server.ts';
import type { StoredAlert } from '../../../src/core/triage/stored-alert.ts';
import type { Accepted, AlertIntake } from '../../../src/ports/alert-intake.ts';
import type { Metrics } from '../../../src/ports/metrics.ts';
import { type AlertIntakeSettings, createAlertTaker } from '../../../src/usecases/take-alerts.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

export const TOKEN = 'a-token-of-prometheus';
export const OTHER_TOKEN = 'the-next-token-of-it';
export const ROBUSTA_TOKEN = 'a-token-of-robusta!';

export const INTAKE_SETTINGS: AlertIntakeSettings = {
  senders: [{ name: 'prometheus', format: 'auto', namespaces: ['*'] }],
  mappings: [],
  clusters: { clusters: ['prod'], clusterLabel: 'cluster', clusterNames: {} },
  routing: { routes: [], channel: 'C0ALL', ignore: [], mute: [], owners: { labels: ['team'], ids: {} } },
};

/** Keeps what it is given; the same fingerprint and start again is a repeat. */
export class FakeAlertIntake implements AlertIntake {
  readonly alerts: StoredAlert[] = [];
  /** Thrown while it is set. */
  failure: Error | undefined;
  /** What a call waits for. */
  gate: Promise<void> = Promise.resolve();
  calls = 0;
  #known = new Set<string>();

  forget(): void {
    this.alerts.length = 0;
    this.#known.clear();
  }

  async accept(alerts: readonly StoredAlert[]): Promise<Accepted> {
    this.calls += 1;
    await this.gate;
    if (this.failure !== undefined) {
      throw this.failure;
    }
    const keyOf = ({ mapped: { alert }, cluster }: StoredAlert): string =>
      [cluster, alert.fingerprint, alert.startsAt, alert.status].join(' ');
    const news = alerts.filter((alert) => !this.#known.has(keyOf(alert)));
    this.#known = new Set([...this.#known, ...news.map(keyOf)]);
    this.alerts.push(...news);
    return { changed: news.length, repeated: alerts.length - news.length };
  }
}

/** Counts by the name and the labels. */
export class CountingMetrics implements Metrics {
  readonly counts: Record<string, number> = {};
  observed = 0;

  count(name: string, labels: Readonly<Record<string, string>>, by = 1): void {
    const key = `${name} ${Object.values(labels).join(' ')}`;
    this.counts[key] = (this.counts[key] ?? 0) + by;
  }

  observe(): void {
    this.observed += 1;
  }
}

/** An internal server that takes alerts into a fake intake. */
export interface AlertsStage {
  readonly port: number;
  readonly url: string;
  readonly intake: FakeAlertIntake;
  readonly metrics: CountingMetrics;
  readonly logger: RecordingLogger;
  close(): Promise<void>;
}

/** Starts it; `limits` are those of the bot unless a test says so. */
export async function startStage(
  limits: Partial<AlertsLimits> = {},
  tokens = [
    { sender: 'prometheus', token: TOKEN },
    { sender: 'prometheus', token: OTHER_TOKEN },
    { sender: 'robusta', token: ROBUSTA_TOKEN },
  ],
): Promise<AlertsStage> {
  const intake = new FakeAlertIntake();
  const metrics = new CountingMetrics();
  const logger = new RecordingLogger();
  const taker = createAlertTaker({
    intake,
    settings: () => INTAKE_SETTINGS,
    clock: { now: () => new Date('2026-11-20T02:00:00.000Z') },
    logger,
    metrics,
    pause: () => setImmediate(),
  });
  const server: InternalServer = await startInternalServer({
    port: 0,
    host: '127.0.0.1',
    readiness: async () => [],
    metrics: async () => ({ type: 'text/plain', body: '' }),
    alerts: alertsEndpoint({ tokens, taker, logger, metrics, limits }),
  });
  const url = `http://127.0.0.1:${server.port}/alerts`;
  return { port: server.port, url, intake, metrics, logger, close: () => server.close() };
}

/** Posts a payload and returns the answer. */
export async function post(url: string, body: object | string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.text(), retryAfter: answer.headers.get('retry-after') };
}
