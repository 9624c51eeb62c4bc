import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { expect } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { startAlertmanager, type TestAlertmanager } from '../alertmanager/start-alertmanager.ts';
import { openAlertWorld, parents, SOON_MS, seen, TOKEN } from './alerts-talk.ts';
import type { BotWorld } from './bot-world.ts';

/** A bot's surroundings with Alertmanagers that send to it, all on one loopback. */
export interface AlertmanagerWorld {
  readonly world: BotWorld;
  readonly alertmanagers: readonly TestAlertmanager[];
  /** The first one. */
  readonly alertmanager: TestAlertmanager;
  close(): Promise<void>;
}

/** Starts replicas of Alertmanager and the world of a bot that they send to; the bot itself is started by the test. */
export async function openAlertmanagerWorld(replicas = 1, alerts: object = {}): Promise<AlertmanagerWorld> {
  const port = await portBelowOthers();
  const alertmanagers = await Promise.all(Array.from({ length: replicas }, () => startAlertmanager(configOf(port))));
  const [alertmanager] = alertmanagers;
  if (alertmanager === undefined) {
    throw new Error('at least one replica is needed');
  }
  const world = await openAlertWorld(
    { environment: { KUBEWHY_INTERNAL_PORT: `${port}` } },
    { alertmanagers: [{ name: 'main', url: alertmanager.url }], ...alerts },
  );
  return {
    world,
    alertmanagers,
    alertmanager,
    async close() {
      await Promise.all(alertmanagers.map((one) => one.stop()));
      await world.close();
    },
  };
}

/** A port that stays free while nobody listens: others are taken by connections to anywhere. */
async function portBelowOthers(): Promise<number> {
  for (;;) {
    const server = createServer();
    const port = randomInt(20_000, 32_000);
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) {
      return port;
    }
  }
}

/** As docs/alerts.md says, in a hurry. */
function configOf(port: number): string {
  return `
receivers:
  - name: kubewhy
    webhook_configs:
      - url: http://127.0.0.1:${port}/alerts
        send_resolved: true
        max_alerts: 0
        http_config:
          follow_redirects: false
          authorization:
            type: Bearer
            credentials: ${TOKEN}
route:
  receiver: kubewhy
  group_by: [cluster, namespace, alertname]
  group_wait: 300ms
  group_interval: 1s
  repeat_interval: 1s
`;
}

const POD = {
  alertname: 'KubePodCrashLooping',
  container: 'blog-api',
  endpoint: 'http',
  instance: '10.244.1.7:8080',
  job: 'kube-state-metrics',
  namespace: 'shop',
  prometheus: 'monitoring/k8s',
  reason: 'CrashLoopBackOff',
  service: 'kube-state-metrics',
  severity: 'warning',
};
/** The two broken pods of incident A, labelled as kube-state-metrics and the rules of kube-prometheus do. */
export const FIRST_POD = { ...POD, pod: 'blog-api-599bdd9787-9cpn7', uid: '5b3c8f0e-6d0c-4d52-9b6c-2f6f0a2f7c11' };
export const SECOND_POD = { ...POD, pod: 'blog-api-599bdd9787-q4zrt', uid: '81c1715d-7ac4-469f-afa8-980b87d604b1' };

/** When alerts began and ended; ended: they are resolved. */
export interface Episode {
  readonly startsAt?: Date;
  readonly endsAt?: Date;
}

/** Gives alerts to Alertmanagers as Prometheus does. */
export async function raise(
  alertmanagers: readonly TestAlertmanager[],
  labels: readonly Readonly<Record<string, string>>[],
  { startsAt = new Date(Date.now() - 60_000), endsAt }: Episode = {},
): Promise<void> {
  const alerts = labels.map((one) => ({
    labels: one,
    annotations: { summary: 'Pod is crash looping.' },
    startsAt: startsAt.toISOString(),
    ...(endsAt === undefined ? {} : { endsAt: endsAt.toISOString() }),
    generatorURL: 'http://prometheus.example.org/graph',
  }));
  for (const { url } of alertmanagers) {
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    expect(response.status, await response.text()).toBe(200);
  }
}

/** The parent message that says this in its first block, as soon as there is one. */
export function parentSaying(world: BotWorld, ...words: readonly string[]): Promise<MessageRecord> {
  return seen(world, () => parents(world).find((message) => words.every((word) => titleOf(message).includes(word))));
}

/** The first block of a message as text. */
export function titleOf({ blocks }: Pick<MessageRecord, 'blocks'>): string {
  const [first] = blocks;
  return (first?.['text'] as { readonly text?: string } | undefined)?.text ?? '';
}

/** How many alerts a bot has received, by what became of them. */
export async function receivedAlerts({ internalPort }: RunningBot, outcome: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${internalPort}/metrics`);
  const text = await response.text();
  const line = text.split('\n').find((one) => one.startsWith(`kubewhy_alerts_received_total{outcome="${outcome}"}`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** Waits until a probe says yes. */
export async function until(probe: () => Promise<boolean>, milliseconds = SOON_MS): Promise<void> {
  await expect.poll(probe, { timeout: milliseconds, interval: 100 }).toBe(true);
}
