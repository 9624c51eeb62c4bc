import { Redis } from 'ioredis';
import type { JsonObject } from '../../src/core/facts/json.ts';
import type { Recording } from '../../src/core/recording/recording.ts';
import type { AuditEntry } from '../../src/core/remediation/audit.ts';
import type { RemediationPlan } from '../../src/core/remediation/remediation.ts';
import { readRecordingFolder } from '../../src/sim/cluster/recording-folder.ts';
import type { SimWrite } from '../../src/sim/cluster/write-log.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { CHANNELS, TEAM, USERS } from '../../src/sim/slack/world/default-world.ts';
import type { SlackUser } from '../../src/sim/slack/world/world-types.ts';
import { acceptedId, CAUSE, command, messagesOf } from './bot-talk.ts';
import type { BotWorld } from './bot-world.ts';
import { press } from './remediation-world.ts';

/** May approve, as Bob; and nobody whom a rule names. */
export const CAROL: SlackUser = person('U0CAROL01', 'carol', 'Carol Cole');
export const DAVE: SlackUser = person('U0DAVE001', 'dave', 'Dave Dunn');

/** Long enough for a machine on which other tests run. */
export const SOON_MS = 30_000;

const BASE = 'kubewhy:{remedy}:';

function person(id: string, name: string, realName: string): SlackUser {
  return { id, teamId: TEAM.id, name, realName, kind: 'member', deleted: false };
}

/** #ops with two people more. */
export const PEOPLE = {
  users: [CAROL, DAVE],
  channels: [{ ...CHANNELS.ops, members: [...CHANNELS.ops.members, CAROL.id, DAVE.id] }],
};

/** The workload of an example, broken in namespaces of these names. */
export async function brokenIn(namespaces: readonly string[]): Promise<readonly Recording[]> {
  const recording = await readRecordingFolder(`${import.meta.dirname}/../../examples/incident-a-subpath`);
  const text = JSON.stringify(recording);
  return namespaces.map((name) =>
    JSON.parse(text.replaceAll('"shop"', `"${name}"`).replaceAll('-n shop', `-n ${name}`)),
  );
}

/** One change in a world. */
export interface Change {
  /** `m-…`. */
  readonly id: string;
  readonly namespace: string;
  /** Its message as it stands. */
  card(): MessageRecord;
  /** Waits until its message says these words. */
  says(words: string, milliseconds?: number): Promise<MessageRecord>;
}

/** How somebody asks for a change. */
export interface Asking {
  readonly user?: string;
  /** Who presses the button of the answer; who asked when absent. */
  readonly proposer?: string;
  readonly channel?: string;
  readonly query?: string;
}

/** Somebody asks about the broken workload of a namespace; the answer. */
export async function answerIn(world: BotWorld, namespace: string, asking: Asking = {}): Promise<MessageRecord> {
  const { user = USERS.alice.id, channel = CHANNELS.ops.id, query = `why deploy/blog-api -n ${namespace}` } = asking;
  const delivery = await command(world, { user, channel, text: query });
  const id = acceptedId(delivery);
  if (id === undefined) {
    throw new Error(`the question was not accepted: ${delivery.outcome} ${delivery.body}`);
  }
  return world.slack.waitFor(
    () =>
      messagesOf(world, id).find(
        ({ text, deleted, blocks }) =>
          !deleted && (text.includes(CAUSE) || JSON.stringify(blocks).includes('remediation.review')),
      ),
    SOON_MS,
  );
}

/** Somebody asks, and the button of the answer is pressed; the proposal, open for decisions. */
export async function proposeIn(world: BotWorld, namespace: string, asking: Asking = {}): Promise<Change> {
  const answer = await answerIn(world, namespace, asking);
  const known = new Set(cards(world).map(keyOf));
  await press(world, answer, 'remediation.review', asking.proposer ?? asking.user ?? USERS.alice.id);
  const card = await world.slack
    .waitFor(() => cards(world).find((message) => !known.has(keyOf(message)) && isOpenIn(message, namespace)), SOON_MS)
    .catch(() => {
      const said = world.slack
        .sent()
        .slice(-3)
        .map(({ text }) => text);
      throw new Error(`nothing was proposed in ${namespace}, but said: ${said.join('; ')}`);
    });
  const id = keyOf(card);
  const now = (): MessageRecord => cards(world).findLast((message) => keyOf(message) === id) ?? card;
  return {
    id,
    namespace,
    card: now,
    says: (words, milliseconds = SOON_MS) =>
      world.slack
        .waitFor(() => (shown(now()).includes(words) ? now() : undefined), milliseconds)
        .catch(() => {
          throw new Error(`the card does not say ${words} but ${shown(now())}`);
        }),
  };
}

/** Everything that a message shows. */
export function shown({ text, blocks }: Pick<MessageRecord, 'text' | 'blocks'>): string {
  return `${text} ${JSON.stringify(blocks)}`;
}

/** What one person alone was told in messages and in windows, oldest first. */
export function toldTo({ slack }: BotWorld, user: string): readonly string[] {
  const messages = slack.ephemerals().filter((one) => one.user === user);
  // A refusal that takes its time is said in the window that has been opened meanwhile.
  const windows = slack.views().filter((one) => one.user === user);
  return [...messages.map(shown), ...windows.map(({ view }) => JSON.stringify(view))];
}

/** Waits until a person alone was told something. */
export async function told(world: BotWorld, user: string, words: string): Promise<string> {
  return world.slack
    .waitFor(() => toldTo(world, user).find((one) => one.includes(words)), SOON_MS)
    .catch(() => {
      throw new Error(
        `${user} was not told ${words} but ${world.slack
          .ephemerals()
          .filter((one) => one.user === user)
          .map(shown)
          .slice(-3)
          .join('; ')}`,
      );
    });
}

/** What was changed in a namespace, without events. */
export function writesIn({ cluster }: BotWorld, namespace: string): readonly SimWrite[] {
  return cluster.writes().filter((write) => write.namespace === namespace && write.resource !== 'events');
}

/** The reason of the events that were made about a change. */
export function eventsIn({ cluster }: BotWorld, namespace: string): readonly unknown[] {
  return cluster
    .writes()
    .filter((write) => write.namespace === namespace && write.resource === 'events')
    .map(({ after }) => after?.['reason']);
}

type Noted = Pick<AuditEntry, 'event' | 'detail' | 'security' | 'actor'> & Partial<AuditEntry>;

/** Everything in the audit, chained or not, oldest first. */
export async function auditOf(world: BotWorld): Promise<readonly Noted[]> {
  return inRedis(world, async (redis) => {
    const chained = await redis.xrange(`${BASE}audit:chain`, '-', '+');
    const pending = await redis.lrange(`${BASE}audit:pending`, 0, -1);
    return [
      ...chained.map(([, fields]) => JSON.parse(fields[1] ?? '')),
      ...pending.map((text) => JSON.parse(text.slice(text.indexOf(' ')))),
    ];
  });
}

/** The events of a change in the audit, in order. */
export async function eventsOf(world: BotWorld, { id }: Pick<Change, 'id'>): Promise<readonly string[]> {
  return (await auditOf(world)).filter(({ remediation }) => remediation === id).map(({ event, to }) => to ?? event);
}

/** What the audit says of refusals about a change. */
export async function refusalsOf(world: BotWorld, { id }: Pick<Change, 'id'>): Promise<readonly Noted[]> {
  return (await auditOf(world)).filter(({ remediation, event }) => remediation === id && event === 'refused');
}

/** Does something with the database itself. */
export async function inRedis<T>({ redis }: BotWorld, use: (redis: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis.url);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

/** The plan of a change, as it is stored. */
export async function planOf(world: BotWorld, change: Pick<Change, 'id'>): Promise<RemediationPlan> {
  const signed = await inRedis(world, (redis) => redis.hget(rowOf(change), 'signed'));
  return JSON.parse(signed ?? '').plan;
}

/** An object of the simulated cluster. */
export async function objectOf({ cluster }: BotWorld, path: string): Promise<JsonObject & { metadata: JsonObject }> {
  const response = await fetch(`${cluster.url}${path}`, { headers: { authorization: `Bearer ${cluster.token}` } });
  // The simulated cluster answers as the test has loaded it.
  return (await response.json()) as JsonObject & { metadata: JsonObject };
}

/** The key of the row of a change. */
export function rowOf({ id }: Pick<Change, 'id'>): string {
  return `${BASE}record:${id}`;
}

/** A key that belongs to all changes. */
export function keyNamed(name: string): string {
  return BASE + name;
}

function isOpenIn(message: MessageRecord, namespace: string): boolean {
  const words = shown(message);
  return words.includes('proposal.approve') && words.includes(` ${namespace}/`);
}

function cards({ slack }: BotWorld): readonly MessageRecord[] {
  return slack.sent().filter((message) => !message.deleted && keyOf(message).startsWith('m-'));
}

function keyOf({ metadata }: MessageRecord): string {
  const key = metadata?.event_payload['key'];
  return typeof key === 'string' ? key : '';
}

/** One rule by which these people and groups may approve everything, and who they are to the clusters. */
export function rulesFor(
  approvers: readonly string[],
  rule: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const { alice, bob } = USERS;
  return {
    rules: [
      {
        name: 'everything',
        approvers,
        owners: [bob.id],
        actions: ['*'],
        tiers: ['T1', 'T2', 'T3'],
        namespaces: ['*'],
        ...rule,
      },
    ],
    identities: [alice, bob, CAROL].map(({ id, name }) => ({ slack: id, user: name, groups: ['approvers'] })),
  };
}

/** Opens the window in which somebody approves or denies; its id. */
export async function openWindow(
  world: BotWorld,
  change: Change,
  { user, action }: { readonly user: string; readonly action: 'approve' | 'deny' },
): Promise<string> {
  await press(world, change.card(), `proposal.${action}`, user);
  const field = action === 'approve' ? 'approval-reason' : 'denial-reason';
  const view = await world.slack.waitFor(
    () => world.slack.views().find((one) => one.open && one.user === user && JSON.stringify(one.view).includes(field)),
    SOON_MS,
  );
  return view.id;
}
