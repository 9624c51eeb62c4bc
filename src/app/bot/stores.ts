import { RedisAlertIntake } from '../../adapters/redis/redis-alert-intake.ts';
import { RedisAlertRate } from '../../adapters/redis/redis-alert-rate.ts';
import { RedisClusterDirectory } from '../../adapters/redis/redis-cluster-directory.ts';
import { RedisConnection } from '../../adapters/redis/redis-connection.ts';
import { RedisIncidentDesk } from '../../adapters/redis/redis-incident-desk.ts';
import { RedisNoteStore } from '../../adapters/redis/redis-note-store.ts';
import { RedisOutbox } from '../../adapters/redis/redis-outbox.ts';
import { RedisQuestionStore } from '../../adapters/redis/redis-question-store.ts';
import { RedisSeenStore } from '../../adapters/redis/redis-seen-store.ts';
import { RedisTriageStore } from '../../adapters/redis/redis-triage-store.ts';
import type { Settings } from '../../config/settings.ts';
import type { AlertIntake } from '../../ports/alert-intake.ts';
import type { AlertRate } from '../../ports/alert-rate.ts';
import type { ClusterDirectory } from '../../ports/cluster-directory.ts';
import type { IncidentDesk } from '../../ports/incident-desk.ts';
import type { Logger } from '../../ports/logger.ts';
import type { NoteStore } from '../../ports/note-store.ts';
import type { Outbox, OutboxRows } from '../../ports/outbox.ts';
import type { QuestionStore } from '../../ports/question-store.ts';
import type { SeenStore } from '../../ports/seen-store.ts';
import type { TriageStore } from '../../ports/triage-store.ts';
import { type SilentTimes, silentTimes } from './silent-times.ts';

/** Everything that the bot keeps in Redis, over one connection. */
export interface Stores {
  readonly redis: RedisConnection;
  readonly questions: QuestionStore;
  readonly outbox: Outbox & OutboxRows;
  readonly seen: SeenStore;
  readonly notes: NoteStore;
  readonly clusters: ClusterDirectory;
  readonly alerts: AlertIntake;
  readonly alertRate: AlertRate;
  readonly triage: TriageStore;
  readonly desk: IncidentDesk;
}

const DAY_MS = 86_400_000;

/** Connects; nothing waits for Redis here. */
export function openStores(
  url: string,
  settings: Settings,
  logger: Logger,
  { silentAfterMs }: Pick<SilentTimes, 'silentAfterMs'> = silentTimes(),
): Stores {
  const { prefix } = settings.redis;
  const redis = new RedisConnection({ url, logger });
  const common = { redis, logger, prefix };
  const keepMs = settings.retention.days * DAY_MS;
  return {
    redis,
    questions: new RedisQuestionStore({ ...common, keepMs }),
    // A card must be known for as long as its buttons work.
    outbox: new RedisOutbox({ ...common, keepMs: keepMs + DAY_MS }),
    seen: new RedisSeenStore(redis, prefix),
    notes: new RedisNoteStore(redis, prefix),
    clusters: new RedisClusterDirectory({ ...common, silentAfterMs }),
    alerts: new RedisAlertIntake(common),
    alertRate: new RedisAlertRate(common),
    triage: new RedisTriageStore(common),
    desk: new RedisIncidentDesk(common),
  };
}
