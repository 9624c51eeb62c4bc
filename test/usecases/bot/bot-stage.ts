import { RedisClusterDirectory } from '../../../src/adapters/redis/redis-cluster-directory.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisNoteStore } from '../../../src/adapters/redis/redis-note-store.ts';
import { RedisQuestionStore } from '../../../src/adapters/redis/redis-question-store.ts';
import { RedisSeenStore } from '../../../src/adapters/redis/redis-seen-store.ts';
import { hashedIds } from '../../../src/adapters/system/hashed-ids.ts';
import type { Delivery } from '../../../src/core/chat/delivery.ts';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { DiagnosisJob } from '../../../src/core/question/question.ts';
import type { Act } from '../../../src/ports/bot.ts';
import type { Person, Place } from '../../../src/ports/people.ts';
import type { BotDeps, BotSettings } from '../../../src/usecases/bot/bot-deps.ts';
import { FakeAlertmanagers } from '../../fakes/fake-alertmanagers.ts';
import { FakeIncidentDesk } from '../../fakes/fake-incident-desk.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

export const NOW = new Date('2026-03-02T10:00:00.000Z');

export const SETTINGS: BotSettings = {
  version: '1.2.3',
  command: '/k8s',
  botName: 'kubewhy',
  clusters: ['prod', 'staging'],
  defaultCluster: 'prod',
  channels: [{ id: 'COPS', namespace: 'shop' }],
  reading: {
    guests: 'refuse',
    sharedChannels: 'refuse',
    botsMayAsk: false,
    rules: [
      { channels: ['COPS'], namespaces: ['shop', 'team-*'] },
      { channels: ['COUT'], namespaces: ['shop'] },
    ],
  },
  questionsPerUserPerMinute: 5,
  questionExpirySeconds: 300,
  incidents: { acknowledge: ['*'], silence: ['UALICE'], clusterLabel: 'cluster', clusterNames: { 'eu-1': 'prod' } },
};

/** The bot with real stores; the queue and the outbox keep what they were given. */
export interface BotStage {
  readonly deps: BotDeps;
  readonly jobs: { readonly job: DiagnosisJob; readonly position: number }[];
  readonly deliveries: Delivery[];
  readonly desk: FakeIncidentDesk;
  readonly alertmanagers: FakeAlertmanagers;
  /** Changes what the chat system, the queue or the settings say. */
  readonly world: {
    person: Partial<Person>;
    place: Partial<Place>;
    queueDown: boolean;
    slackDown: boolean;
    settings: BotSettings;
    /** Where every card was posted. */
    posted: string | undefined;
    /** Members of user groups; asking for another one fails. */
    groups: Record<string, readonly string[]>;
  };
  /** Forgets everything. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Something that alice did in #ops, each time another delivery. */
export function act(changes: Partial<Act> = {}): Act {
  deliveries += 1;
  return { delivery: `trigger-${deliveries}`, team: 'T1', user: 'UALICE', channel: 'COPS', ...changes };
}
let deliveries = 0;

export async function openBotStage(): Promise<BotStage> {
  const server = await startRedis();
  const logger = new RecordingLogger();
  const redis = new RedisConnection({ url: server.url, logger });
  await redis.ready();
  const jobs: BotStage['jobs'] = [];
  const sent: Delivery[] = [];
  const world: BotStage['world'] = usualWorld();
  const desk = new FakeIncidentDesk({ now: () => NOW });
  const alertmanagers = new FakeAlertmanagers();
  async function person(user: string): Promise<Person> {
    failIf(world.slackDown);
    return { user, team: 'T1', deactivated: false, guest: false, bot: false, foreign: false, ...world.person };
  }
  async function place(channel: string): Promise<Place> {
    failIf(world.slackDown);
    const usual = { name: 'ops', kind: 'channel', shared: false, archived: false, member: true } as const;
    return { channel, ...usual, ...world.place };
  }
  const deps: BotDeps = {
    questions: new RedisQuestionStore({ redis, logger }),
    seen: new RedisSeenStore(redis),
    notes: new RedisNoteStore(redis),
    clusters: new RedisClusterDirectory({ redis, logger }),
    queue: {
      async enqueue(job, position) {
        if (world.queueDown) {
          throw new KubewhyError('QUEUE_UNAVAILABLE', { message: 'The queue does not answer.' });
        }
        jobs.push({ job, position });
      },
      close: async () => undefined,
    },
    outbox: {
      async put(delivery) {
        const known = sent.some(({ key, version }) => key === delivery.key && version >= delivery.version);
        if (!known) {
          sent.push(delivery);
        }
        return known ? 'outdated' : 'stored';
      },
      isSettled: async () => true,
      withdraw: async () => true,
      posted: async () => (world.posted === undefined ? undefined : { channel: world.posted, ts: '1.1' }),
    },
    desk,
    alertmanagers,
    people: {
      person,
      place,
      personNow: person,
      placeNow: place,
      async groupMembers(group) {
        const members = world.groups[group];
        if (members === undefined) {
          throw new KubewhyError('CHAT_UNAVAILABLE', { message: 'No.', context: { code: 'missing_scope' } });
        }
        return members;
      },
    },
    clock: { now: () => NOW },
    ids: hashedIds(),
    logger,
    metrics: { count: () => undefined, observe: () => undefined },
    settings: () => world.settings,
  };
  return {
    deps,
    jobs,
    deliveries: sent,
    desk,
    alertmanagers,
    world,
    ...ends({ server, redis, jobs, sent, world, desk, alertmanagers }),
  };
}

function usualWorld(): BotStage['world'] {
  return { person: {}, place: {}, queueDown: false, slackDown: false, settings: SETTINGS, posted: 'COPS', groups: {} };
}

function failIf(down: boolean): void {
  if (down) {
    throw new KubewhyError('CHAT_UNAVAILABLE', { message: 'Slack does not answer.' });
  }
}

function ends(parts: {
  readonly server: TestRedis;
  readonly redis: RedisConnection;
  readonly jobs: unknown[];
  readonly sent: unknown[];
  readonly world: BotStage['world'];
  readonly desk: FakeIncidentDesk;
  readonly alertmanagers: FakeAlertmanagers;
}): Pick<BotStage, 'reset' | 'close'> {
  return {
    async reset() {
      await parts.redis.call('FLUSHALL');
      parts.jobs.length = 0;
      parts.sent.length = 0;
      Object.assign(parts.world, usualWorld());
      parts.desk.records.clear();
      parts.alertmanagers.drafts.length = 0;
      parts.alertmanagers.ended.length = 0;
      Object.assign(parts.alertmanagers, new FakeAlertmanagers(), {
        drafts: parts.alertmanagers.drafts,
        ended: parts.alertmanagers.ended,
      });
    },
    async close() {
      parts.redis.close();
      await parts.server.stop();
    },
  };
}
