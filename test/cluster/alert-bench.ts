import { setTimeout as pause } from 'node:timers/promises';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import {
  type AlertInput,
  openAlertWorld,
  type PayloadInput,
  parents,
  payloadOf,
  post,
  replies,
} from '../integration/alerts-talk.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { firingAlerts } from './alert-rules.ts';
import type { TestCluster } from './cluster.ts';

/** A minute between two looks at an incident, for these tests. */
const MINUTE_MS = 2000;
const PATIENCE_MS = 60_000;

/** A bot in front of a real cluster that takes alerts. */
export interface AlertBench {
  readonly world: BotWorld;
  /** Posts alerts in the groups that the documents recommend, each group in a payload of its own. */
  send(alerts: readonly AlertInput[], input?: PayloadInput): Promise<void>;
  /** Posts alerts in one payload. */
  sendTogether(alerts: readonly AlertInput[], input?: PayloadInput): Promise<void>;
  /** The one thread about an object or a namespace, once everything that is awaited was said in it. */
  thread(about: string, expected: ExpectedThread): Promise<Thread>;
  /** What the parent messages of threads that go on by themselves say in their notification. */
  headlines(): readonly string[];
  close(): Promise<void>;
}

/** What must be said before a thread is looked at. */
export interface ExpectedThread {
  /** In the notification of the parent message. */
  readonly headline: RegExp;
  /** Anywhere in the parent message; what is told late is awaited. */
  readonly parent?: readonly string[];
  /** In its replies, each somewhere. */
  readonly replies?: readonly RegExp[];
}

/** A parent message with its replies, as people see them. */
export interface Thread {
  readonly headline: string;
  readonly parent: string;
  /** The first lines of what the replies say. */
  readonly replies: readonly string[];
}

/** Starts the bot; alerts began when it was started unless a payload says otherwise. */
export async function openAlertBench(cluster: TestCluster): Promise<AlertBench> {
  const world = await openAlertWorld(
    { kubeconfig: cluster.kubeconfig },
    // Everything that the tests break is broken within a minute.
    { storm: { incidentsPerMinute: 100 } },
  );
  const bot = await world.start({ lookMinuteMs: MINUTE_MS });
  const startsAt = new Date().toISOString();
  const sendTogether = async (alerts: readonly AlertInput[], input: PayloadInput = {}): Promise<void> => {
    const response = await post(bot, payloadOf(alerts, { startsAt, ...input }));
    if (response.status !== 200) {
      throw new Error(`${response.status}: ${await response.text()}`);
    }
  };
  return {
    world,
    sendTogether,
    async send(alerts, input) {
      const groups = Map.groupBy(alerts, ({ namespace, alertname }) => `${namespace} ${alertname}`);
      await Promise.all([...groups.values()].map((group) => sendTogether(group, input)));
    },
    thread: (about, expected) => world.slack.waitFor(() => threadAbout(world, about, expected), PATIENCE_MS),
    headlines: () => live(world).map(({ text }) => text),
    close: () => world.close(),
  };
}

/** Waits until every one of the texts is in the alerts that would fire about the namespaces, and answers them all. */
export async function untilFiring(
  cluster: TestCluster,
  namespaces: readonly string[],
  awaited: readonly string[],
): Promise<AlertInput[]> {
  const deadline = Date.now() + 3 * PATIENCE_MS;
  for (;;) {
    const alerts = await firingAlerts(cluster, ...namespaces);
    const text = alerts.map((alert) => JSON.stringify(Object.values(alert))).join('\n');
    const missing = awaited.filter((pattern) => !new RegExp(pattern).test(text));
    if (missing.length === 0) {
      return alerts;
    }
    if (Date.now() > deadline) {
      throw new Error(`no alert ${missing.join(', ')} among\n${text}`);
    }
    await pause(1000);
  }
}

/** Messages that became parts of others go on there. */
function live(world: BotWorld): readonly MessageRecord[] {
  return parents(world).filter(({ text }) => !text.startsWith('Became part'));
}

function threadAbout(world: BotWorld, about: string, expected: ExpectedThread): Thread | undefined {
  const found = live(world).filter((message) => shown(message).includes(about));
  const [parent] = found;
  if (parent === undefined || found.length > 1 || !expected.headline.test(parent.text)) {
    return undefined;
  }
  const said = replies(world, parent).map(shown);
  const isSaid = (pattern: RegExp): boolean => said.some((text) => pattern.test(text));
  const isShown = (text: string): boolean => shown(parent).includes(text);
  return (expected.replies ?? []).every(isSaid) && (expected.parent ?? []).every(isShown)
    ? { headline: parent.text, parent: shown(parent), replies: said }
    : undefined;
}

/** Everything that a message shows. */
function shown({ text, blocks }: MessageRecord): string {
  const parts: string[] = [text];
  JSON.stringify(blocks ?? [], (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') {
      parts.push(value);
    }
    return value;
  });
  return parts.join('\n');
}
