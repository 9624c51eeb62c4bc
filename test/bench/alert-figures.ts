import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { massStart, massStartAlerts } from '../../src/sim/cluster/mass-start.ts';
import { payloadOf } from '../integration/alerts-talk.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { type AlertBots, startAlertBots } from './alert-bots.ts';
import { mostWithin, parentCount, saidAt } from './alert-messages.ts';
import type { Sending, Sent } from './alert-sender.ts';
import { CAUSES, causeAlerts, fiveCauses } from './five-causes.ts';
import { percentile } from './measure.ts';
import type { Figure } from './slack-figures.ts';

/** What was measured, and what of it must never be. */
export interface CheckedFigures {
  readonly figures: readonly Figure[];
  readonly broken: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

const MINUTE_MS = 60_000;
const REPLICAS = 2;
const STORM_ALERTS = 2000;
const STORM_GROUP = 50;
const STORM_CAUSE = 'iptables lock';
const MOST_PARENTS = 3;
const FLOOD_ALERTS = 30_000;
const FLOOD_GROUP = 100;
const QUESTIONS = 5;
const SIZES = [
  { alerts: 1, posts: 2000 },
  { alerts: 50, posts: 300 },
  { alerts: 500, posts: 40 },
];
const CONNECTIONS = 4;
const SETTLED_WITHIN_MS = 45_000;
const QUIET_MS = 4000;

const PARTS: Readonly<Record<string, () => Promise<CheckedFigures>>> = { storm: massStartStorm, flood, payloads };

/** Alerts sent to the bot between the stand-ins for Slack and for a cluster; `only` names some of storm, flood, payloads. */
export async function alertFigures(only: readonly string[] = []): Promise<CheckedFigures> {
  const found: CheckedFigures[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (only.length === 0 || only.includes(name)) {
      found.push(await measure());
    }
  }
  return { figures: found.flatMap(({ figures }) => figures), broken: found.flatMap(({ broken }) => broken) };
}

/** Every node of a mass start with its pods and Deployments within a minute, in groups as Alertmanager sends them. */
async function massStartStorm(): Promise<CheckedFigures> {
  const bots = await startAlertBots({ recordings: [massStart()] });
  try {
    const alerts = massStartAlerts()
      .slice(0, STORM_ALERTS)
      .map(({ labels }) => labels);
    await bots.heldUpMs();
    const sent = await bots.send({ ...overMinute(alerts, STORM_GROUP), connections: 8 });
    const heldUp = await bots.heldUpMs();
    const rest = await settled(bots, STORM_ALERTS);
    const named = saidAt(bots.world, STORM_CAUSE);
    const top = parentCount(bots.world);
    const what = `${STORM_ALERTS} alerts of a mass start in a minute, sent by two replicas:`;
    return {
      figures: [
        [`${what} top-level messages`, String(top)],
        ['— alerts lost', String(rest)],
        ['— first alert → cause on the first line', seconds(named, sent)],
        ['— objects that were looked at', `${await bots.metric('kubewhy_diagnosis_seconds_count')}`],
        ['— one pass of the triage, mean', await meanPass(bots)],
        ['— event loop held up, at most, gateway + diagnoser', sums(heldUp, 'ms')],
        ['— peak memory, gateway + diagnoser', sums(await bots.peakMebibytes(), 'MiB')],
      ],
      broken: [
        ...(top > MOST_PARENTS ? [`${top} top-level messages about one mass start`] : []),
        ...(rest > 0 ? [`${rest} alerts of a mass start were lost`] : []),
        ...(named === undefined ? ['the cause of a mass start was not named'] : []),
        ...refused(sent),
      ],
    };
  } finally {
    await bots.close();
  }
}

/** As many alerts as a badly broken fleet sends, all different, with five causes. */
async function flood(): Promise<CheckedFigures> {
  const bots = await startAlertBots({ recordings: [fiveCauses()] });
  try {
    await bots.heldUpMs();
    const [sent, answers] = await Promise.all([
      bots.send({ ...overMinute(causeAlerts(FLOOD_ALERTS), FLOOD_GROUP), connections: 16 }),
      askMeanwhile(bots.world),
    ]);
    const heldUp = await bots.heldUpMs();
    const rest = await settled(bots, FLOOD_ALERTS);
    const named = CAUSES.map(({ named: words }) => saidAt(bots.world, words));
    const lost = named.filter((at) => at === undefined).length;
    const rate = (FLOOD_ALERTS * REPLICAS) / (MINUTE_MS / 1000);
    return {
      figures: [
        [`${FLOOD_ALERTS / 60} alerts a second for a minute, from two replicas each (${rate} a second):`, ''],
        ['— causes lost, of 5', String(lost)],
        ['— alerts lost', String(rest)],
        [
          '— first alert → last of the causes named',
          lost > 0 ? 'never' : seconds(Math.max(...named.map(Number)), sent),
        ],
        ['— webhook', `${times(sent.latencies)}, ${rateOf(FLOOD_ALERTS * REPLICAS, sent)}`],
        ['— top-level messages', String(parentCount(bots.world))],
        [
          '— most messages in one channel within 1 s, within 10 s',
          [1, 10].map((span) => mostWithin(bots.world, span)).join(', '),
        ],
        ['— `/k8s why` meanwhile → answer posted, slowest', `${Math.max(...answers).toFixed(0)} ms`],
        ['— objects that were looked at', `${await bots.metric('kubewhy_diagnosis_seconds_count')}`],
        ['— one pass of the triage, mean', await meanPass(bots)],
        ['— event loop held up, at most, gateway + diagnoser', sums(heldUp, 'ms')],
        ['— peak memory, gateway + diagnoser', sums(await bots.peakMebibytes(), 'MiB')],
        ['— Redis: peak memory, after it', await redisMemory(bots)],
      ],
      broken: [
        ...(lost > 0 ? [`${lost} of 5 causes were lost`] : []),
        ...(rest > 0 ? [`${rest} of ${FLOOD_ALERTS} alerts were lost`] : []),
        ...refused(sent),
      ],
    };
  } finally {
    await bots.close();
  }
}

/** How fast alerts that are all new are taken, by the size of the payload. */
async function payloads(): Promise<CheckedFigures> {
  const bots = await startAlertBots({ recordings: [fiveCauses()] });
  try {
    const alerts = causeAlerts(SIZES.reduce((sum, size) => sum + size.alerts * size.posts, 0));
    const figures: Figure[] = [];
    const broken: string[] = [];
    let from = 0;
    for (const size of SIZES) {
      const bodies = groupsOf(alerts.slice(from, from + size.alerts * size.posts), size.alerts);
      from += size.alerts * size.posts;
      const posts = bodies.map((_, body) => ({ body, atMs: 0 }));
      const sent = await bots.send({ bodies, posts, connections: CONNECTIONS });
      figures.push([
        `webhook, ${CONNECTIONS} senders at once, ${size.alerts} new ${size.alerts === 1 ? 'alert' : 'alerts'} a payload`,
        `${times(sent.latencies)}, ${rateOf(size.alerts * size.posts, sent)}`,
      ]);
      broken.push(...refused(sent));
    }
    return { figures, broken };
  } finally {
    await bots.close();
  }
}

/** Spread over a minute; every payload comes from each replica. */
function overMinute(alerts: readonly Labels[], size: number): Pick<Sending, 'bodies' | 'posts'> {
  const bodies = groupsOf(alerts, size);
  const posts = bodies.flatMap((_, body) =>
    Array.from({ length: REPLICAS }, () => ({ body, atMs: (body * MINUTE_MS) / bodies.length })),
  );
  return { bodies, posts };
}

function groupsOf(alerts: readonly Labels[], size: number): readonly string[] {
  const startsAt = new Date().toISOString();
  return Array.from({ length: Math.ceil(alerts.length / size) }, (_, index) =>
    payloadText(alerts.slice(index * size, (index + 1) * size), startsAt),
  );
}

/** With a fingerprint for each alert, which Alertmanager always sends. */
function payloadText(alerts: readonly Labels[], startsAt: string): string {
  const fingerprints = alerts.map((labels) =>
    createHash('sha1').update(JSON.stringify(labels)).digest('hex').slice(0, 16),
  );
  return JSON.stringify(payloadOf(alerts, { startsAt, fingerprints }));
}

/** Waits until every alert has its place and Slack is quiet; answers how many have none. */
async function settled(bots: AlertBots, count: number): Promise<number> {
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  let missing = count;
  while (Date.now() < deadline) {
    const { nowhere, known } = await bots.placed();
    missing = count - known + nowhere;
    const last = bots.world.slack.calls().at(-1)?.at ?? 0;
    if (missing === 0 && Date.now() - last > QUIET_MS) {
      break;
    }
    await pause(500);
  }
  return missing;
}

/** Milliseconds until each answer was posted, to one person after the other. */
async function askMeanwhile({ slack }: BotWorld): Promise<readonly number[]> {
  const samples: number[] = [];
  const channel = slack.channels.ops.id;
  for (let number = 0; number < QUESTIONS; number += 1) {
    await pause(MINUTE_MS / (QUESTIONS + 1));
    const startedAt = performance.now();
    await slack.drivers.command({ text: `why deploy/config-${number} -n config`, channel });
    await slack.waitFor(
      () => slack.sent().some((message) => message.channel === channel && message.text.includes(`config-${number}`)),
      MINUTE_MS,
    );
    samples.push(performance.now() - startedAt);
  }
  return samples;
}

async function meanPass(bots: AlertBots): Promise<string> {
  const [sum, count] = await Promise.all(
    ['sum', 'count'].map((what) => bots.metric(`kubewhy_triage_pass_seconds_${what}`)),
  );
  return `${(((sum ?? 0) / (count ?? 1)) * 1000).toFixed(0)} ms (${count} passes)`;
}

function sums(values: readonly number[], unit: string): string {
  return values.map((value) => `${value.toFixed(0)} ${unit}`).join(' + ');
}

async function redisMemory(bots: AlertBots): Promise<string> {
  const values = await Promise.all(['used_memory_peak', 'used_memory'].map((field) => bots.redisInfo(field)));
  return values.map((value) => `${(value / 2 ** 20).toFixed(0)} MiB`).join(', ');
}

function refused({ refusals }: Sent): readonly string[] {
  return refusals.map((refusal) => `a payload was refused: ${refusal}`);
}

function seconds(at: number | undefined, { startedAt }: Sent): string {
  return at === undefined ? 'never' : `${((at - startedAt) / 1000).toFixed(1)} s`;
}

function rateOf(alerts: number, sent: Sent): string {
  const again = sent.again === 0 ? '' : `, ${sent.again} posts refused with 503 and sent again`;
  return `${Math.round(alerts / sent.seconds)} alerts/s${again}`;
}

function times(samples: readonly number[]): string {
  return `${percentile(samples, 0.5).toFixed(0)} / ${percentile(samples, 0.99).toFixed(0)} ms`;
}
