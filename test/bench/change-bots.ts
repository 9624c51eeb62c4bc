import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { RedisConnection } from '../../src/adapters/redis/redis-connection.ts';
import { RedisRemediationStore } from '../../src/adapters/redis/redis-remediation-store.ts';
import type { RemediationRecord } from '../../src/core/remediation/remediation.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { SlackChannel, SlackUser } from '../../src/sim/slack/world/world-types.ts';
import { emptyCluster, illObjects, illPod, replacement } from '../chaos/ill-pods.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { type BotProcess, BUILT, startBotProcess } from '../integration/bot-process.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { APPROVERS, openRemediationWorld } from '../integration/remediation-world.ts';
import { freePort } from '../redis/start-redis.ts';
import { spreadConnections } from './spread-connections.ts';

/** How many people and channels there are, and how many gateways take their clicks in turn. */
export interface ChangeBotsOptions {
  readonly approvers: number;
  readonly channels: number;
  readonly gateways: number;
}

/** Gateways, a diagnoser and an executor in processes of their own; Slack sends signed requests over HTTP. */
export interface ChangeBots {
  readonly world: BotWorld;
  readonly approvers: readonly SlackUser[];
  readonly channels: readonly SlackChannel[];
  /** Puts a pod there that only its removal helps. In namespaces that begin with `two` two people must approve, elsewhere one. */
  breakPod(namespace: string): void;
  /** Epoch milliseconds of each change that arrived in a namespace. */
  madeAt(namespace: string): readonly number[];
  /** The first of them; waits for it. */
  made(namespace: string): Promise<number>;
  /** A change as it is stored. */
  read(id: string): Promise<RemediationRecord | undefined>;
  close(): Promise<void>;
}

const CLUSTER = 'prod';
const WITHIN_MS = 60_000;
const LOOK_MS = 5;
/** So often the bot is given more than a minute of Slack and an hour of changes have. */
const FRESH_EVERY_MS = 500;
const SPENT = [
  ...['chat.update', 'chat.postEphemeral'].map((method) => `kubewhy:{outbox}:used:${method}`),
  `kubewhy:{remedy}:begun:${CLUSTER}`,
];

/** Starts them between the stand-ins and a Redis that writes every change to disk. */
export async function startChangeBots(options: ChangeBotsOptions): Promise<ChangeBots> {
  const approvers = Array.from({ length: options.approvers }, (_, index) => approverNumber(index));
  const channels = Array.from({ length: options.channels }, (_, index) => channelNumber(index, approvers));
  const world = await openRemediationWorld({
    mode: 'http',
    slack: {
      rateLimits: 'off',
      world: { users: approvers, channels },
      allowed: { mentions: [USERS.alice.id, ...approvers.map(({ id }) => id)] },
    },
    recordings: [emptyCluster()],
    controllers: 'still',
    remediation: rulesOf(approvers),
  });
  const made = new Map<string, number[]>();
  world.cluster.onWrite(({ resource, namespace, name, after }) => {
    if (resource === 'events') {
      return;
    }
    made.set(namespace, [...(made.get(namespace) ?? []), Date.now()]);
    if (resource === 'pods' && after === undefined) {
      world.cluster.put(replacement(namespace, name, `new-${namespace}`));
    }
  });
  const running = await startRoles(world, { gateways: options.gateways, channels });
  const logger = new RecordingLogger();
  const connection = new RedisConnection({ url: world.redis.url, logger });
  const store = new RedisRemediationStore({ redis: connection, logger });
  const stopFreshening = freshen(world);
  return {
    world,
    approvers,
    channels,
    breakPod: (namespace) => illObjects(illPod(namespace), 'none').forEach((object) => world.cluster.put(object)),
    madeAt: (namespace) => made.get(namespace) ?? [],
    made: (namespace) => firstOf(() => made.get(namespace)?.[0], `a change in ${namespace}`),
    read: (id) => store.read(id),
    async close() {
      await stopFreshening();
      connection.close();
      await running.stop();
      await world.close();
    },
  };
}

async function firstOf(look: () => number | undefined, what: string): Promise<number> {
  const end = Date.now() + WITHIN_MS;
  for (;;) {
    const found = look();
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`${what} was waited for in vain`);
    }
    await pause(LOOK_MS);
  }
}

function approverNumber(index: number): SlackUser {
  const number = String(index).padStart(3, '0');
  return { ...USERS.bob, id: `U0CLICK${number}`, name: `clicker-${number}`, realName: `clicker-${number}` };
}

function channelNumber(index: number, approvers: readonly SlackUser[]): SlackChannel {
  const number = String(index).padStart(3, '0');
  const members = [...Object.values(USERS), ...approvers].map(({ id }) => id);
  return {
    id: `C0CLICK${number}`,
    name: `clicks-${number}`,
    kind: 'public',
    members,
    isArchived: false,
    isExtShared: false,
  };
}

function rulesOf(approvers: readonly SlackUser[]): Readonly<Record<string, unknown>> {
  const rule = { approvers: approvers.map(({ id }) => id), actions: ['*'], tiers: ['T1'] };
  return {
    rules: [
      { ...rule, name: 'two', namespaces: ['two-*'], quorum: { T1: 2 } },
      { ...rule, name: 'one', namespaces: ['*'] },
    ],
    identities: approvers.map(({ id, name }) => ({ slack: id, user: name, groups: [APPROVERS] })),
  };
}

async function startRoles(
  world: BotWorld,
  { gateways, channels }: { readonly gateways: number; readonly channels: readonly SlackChannel[] },
): Promise<{ stop(): Promise<void> }> {
  const ports = await Promise.all(Array.from({ length: gateways }, () => freePort()));
  const front = await freePort();
  const stopSpreading = await spreadConnections(front, ports);
  world.slack.setRequestUrl(`http://127.0.0.1:${front}`);
  const document = { ...world.document, reading: [{ channels: channels.map(({ id }) => id), namespaces: ['*'] }] };
  const roles = [
    ...ports.map((port) => ['gateway', port] as const),
    ['diagnoser', 0] as const,
    ['executor', 0] as const,
  ];
  const bots: BotProcess[] = [];
  for (const [role, port] of roles) {
    const KUBEWHY_CONFIG = `${world.environment['KUBEWHY_CONFIG'] ?? ''}.${bots.length}`;
    const slack = { mode: 'http', host: '127.0.0.1', port: port === 0 ? front : port };
    await writeFile(KUBEWHY_CONFIG, JSON.stringify({ ...document, slack }));
    bots.push(await startBotProcess({ ...world, environment: { ...world.environment, KUBEWHY_CONFIG } }, role, BUILT));
  }
  return {
    async stop() {
      await Promise.all(bots.map((bot) => bot.end()));
      stopSpreading();
    },
  };
}

/** Nobody clicks as often as is measured: what the bot paces itself by, and the most changes in an hour, begin anew. */
function freshen({ redis }: BotWorld): () => Promise<void> {
  const client = new Redis(redis.url);
  const stop = new AbortController();
  const work = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await client.del(...SPENT);
      await pause(FRESH_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    client.disconnect();
  };
  const working = work();
  return () => {
    stop.abort();
    return working;
  };
}
