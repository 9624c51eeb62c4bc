import type { ChannelLoad, Digest, IncidentRecord, PastIncident } from '../../core/triage/incident.ts';
import { channelLoadSchema, pastIncidentSchema } from '../../core/triage/incident-schema.ts';
import type { PendingAlert } from '../../core/triage/stored-alert.ts';
import type { Logger } from '../../ports/logger.ts';
import type { TriageAnswer, TriageChange, TriageLease, TriageStore, TriageWork } from '../../ports/triage-store.ts';
import { readDigests, readIncidents, type TriageRecords } from './incident-record.ts';
import { pendingAlert } from './pending-alert.ts';
import type { Argument, RedisConnection, RedisReply } from './redis-connection.ts';
import { listOf, numberOf, textOf, textsOf } from './redis-reply.ts';
import type { RedisScript } from './redis-script.ts';
import { pastName, saveArguments, shortName } from './save-arguments.ts';
import { packAnswer, unpackAnswer } from './stored-answer.ts';
import { parseStored } from './stored-value.ts';
import { LOOK_UP, OLDEST, PUT_OFF, PUT_OFF_RECORDS, RENEW, SAVE, TAKE, TOLD, WORK } from './triage-scripts.ts';

/** What the store needs, and times that tests shorten. */
export interface RedisTriageStoreOptions {
  readonly redis: RedisConnection;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
  /** A lease that is not renewed ends after that time. Default 10 s. */
  readonly leaseMs?: number;
  /** How long incidents that are over, digests and answers are kept. Default 14 days. */
  readonly keepMs?: number;
}

const DAY_MS = 86_400_000;
const KEEP_PAST_MS = 90 * DAY_MS;
const MOST_OPEN = 500;
const MOST_ALERTS = 2000;
/** Of alerts in one reply, so that it does not fill the memory; one may have some ten thousand. */
const MOST_CHARACTERS = 8_000_000;
const MOST_UNTOLD = 200;
const MOST_DUE = 50;
/** Another version of this program may read it meanwhile. */
const UNREADABLE_MS = 30_000;

/** What triage keeps in Redis. */
export class RedisTriageStore implements TriageStore {
  private readonly redis: RedisConnection;
  private readonly logger: Logger;
  private readonly base: string;
  private readonly where: TriageRecords;
  private readonly leaseMs: number;
  private readonly keepMs: number;

  constructor({ redis, logger, prefix = 'kubewhy', leaseMs = 10_000, keepMs = 14 * DAY_MS }: RedisTriageStoreOptions) {
    this.redis = redis;
    this.logger = logger;
    this.base = `${prefix}:{triage}:`;
    this.where = { redis, logger, base: this.base };
    this.leaseMs = leaseMs;
    this.keepMs = keepMs;
  }

  async take(cluster: string, holder: string): Promise<TriageLease | undefined> {
    const fence = numberOf(await this.run(TAKE, [cluster, holder, this.leaseMs]));
    return fence === 0 ? undefined : { cluster, fence };
  }

  async renew({ cluster, fence }: TriageLease): Promise<boolean> {
    return (await this.run(RENEW, [cluster, fence, this.leaseMs])) === 1;
  }

  async release({ cluster, fence }: TriageLease): Promise<void> {
    await this.run(RENEW, [cluster, fence, 0]);
  }

  async work(cluster: string): Promise<TriageWork> {
    const reply = listOf(await this.run(WORK, [cluster, MOST_ALERTS, MOST_CHARACTERS, MOST_UNTOLD, MOST_DUE]));
    const [now, since, waiting, alerts, untold, due] = reply;
    return {
      now: new Date(numberOf(now)),
      alerts: await this.readable(cluster, listOf(alerts)),
      more: numberOf(waiting) > listOf(alerts).length,
      untold: textsOf(untold),
      due: textsOf(due),
      oldestMs: Math.max(0, numberOf(now) - numberOf(since)),
    };
  }

  async oldestMs(cluster: string): Promise<number> {
    return numberOf(await this.run(OLDEST, [cluster]));
  }

  async records(ids: readonly string[]): Promise<ReadonlyMap<string, IncidentRecord>> {
    const found = await readIncidents(ids, this.where);
    await this.putOff(ids.filter((id) => !found.has(id)));
    return found;
  }

  async open(cluster: string): Promise<readonly string[]> {
    return textsOf(await this.redis.call('ZRANGE', this.inCluster(cluster, 'open'), 0, MOST_OPEN - 1));
  }

  async lookUp(cluster: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = textsOf(await this.run(LOOK_UP, [cluster, keys.length, ...keys]));
    return new Map(keys.map((key, index) => [key, found[index] ?? ''] as const).filter(([, id]) => id !== ''));
  }

  async loads(cluster: string, channels: readonly string[]): Promise<readonly ChannelLoad[]> {
    if (channels.length === 0) {
      return [];
    }
    const texts = listOf(await this.redis.call('HMGET', this.inCluster(cluster, 'loads'), ...channels));
    const loads = texts.flatMap((text) => this.load(textOf(text) ?? ''));
    const digests = await this.digests(loads.flatMap(({ digest }) => (digest === '' ? [] : digest)));
    return loads.map(({ load, digest }) => {
      const known = digests.find(({ id }) => id === digest);
      return known === undefined ? load : { ...load, digest: known };
    });
  }

  async digests(ids: readonly string[]): Promise<readonly Digest[]> {
    const found = await readDigests(ids, this.where);
    const known = new Set(found.map(({ id }) => id));
    await this.putOff(ids.filter((id) => !known.has(id)));
    return found;
  }

  async past(cluster: string, signature: string): Promise<readonly PastIncident[]> {
    const texts = textsOf(await this.redis.call('LRANGE', `${this.base}past:${pastName(cluster, signature)}`, 0, -1));
    return texts.flatMap((text) => {
      const { first, rest } = splitAtSpace(text);
      return parseStored(rest, pastIncidentSchema, { logger: this.logger, what: 'past incident', id: first }) ?? [];
    });
  }

  async save({ cluster, fence }: TriageLease, change: TriageChange): Promise<'saved' | 'lost'> {
    const args = [cluster, fence, this.keepMs, KEEP_PAST_MS, ...saveArguments(cluster, change)];
    return (await this.run(SAVE, args)) === 1 ? 'saved' : 'lost';
  }

  async told({ cluster, fence }: TriageLease, id: string, revision: number): Promise<void> {
    await this.run(TOLD, [cluster, fence, id, revision]);
  }

  async putAnswer(incident: string, cause: string, answer: TriageAnswer): Promise<void> {
    await this.redis.call('SET', this.answerKey(incident, cause), await packAnswer(answer), 'PX', this.keepMs);
  }

  async answer(incident: string, cause: string): Promise<TriageAnswer | undefined> {
    const bytes = await this.redis.readBytes(this.answerKey(incident, cause));
    return bytes === undefined ? undefined : unpackAnswer(bytes, { logger: this.logger, id: incident });
  }

  onWork(cluster: string, listener: () => void): () => void {
    return this.redis.listen(`${this.base}work:${cluster}`, listener);
  }

  /** What cannot be read is put off, so that it does not keep others out. */
  private async readable(cluster: string, alerts: readonly RedisReply[]): Promise<readonly PendingAlert[]> {
    const read = alerts.map((fields) => pendingAlert(listOf(fields), this.logger));
    const unreadable = alerts.flatMap((fields, index) =>
      read[index] === undefined ? (textOf(listOf(fields)[0]) ?? []) : [],
    );
    if (unreadable.length > 0) {
      await this.run(PUT_OFF, [cluster, UNREADABLE_MS, unreadable.length, ...unreadable]);
    }
    return read.flatMap((alert) => alert ?? []);
  }

  /** What cannot be read must not keep out what can be. */
  private async putOff(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) {
      await this.run(PUT_OFF_RECORDS, [UNREADABLE_MS, ids.length, ...ids]);
    }
  }

  private load(text: string): readonly { readonly load: ChannelLoad; readonly digest: string }[] {
    const { first, rest } = splitAtSpace(text);
    if (rest === '') {
      return [];
    }
    const load = parseStored(rest, channelLoadSchema, { logger: this.logger, what: 'channel load', id: first });
    return load === undefined ? [] : [{ load, digest: first }];
  }

  private inCluster(cluster: string, what: string): string {
    return `${this.base}cluster:${cluster}:${what}`;
  }

  private answerKey(incident: string, cause: string): string {
    return `${this.base}answer:${incident}:${shortName(cause)}`;
  }

  private async run(script: RedisScript, args: readonly Argument[]): Promise<RedisReply> {
    return this.redis.run(script, [this.base], args);
  }
}

/** The parts of a text before and after its first space. */
function splitAtSpace(text: string): { readonly first: string; readonly rest: string } {
  const space = text.indexOf(' ');
  return { first: text.slice(0, space), rest: text.slice(space + 1) };
}
