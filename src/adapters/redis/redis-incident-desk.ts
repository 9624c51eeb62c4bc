import type { IncidentRecord, IncidentSilence } from '../../core/triage/incident.ts';
import type { IncidentDesk } from '../../ports/incident-desk.ts';
import type { Logger } from '../../ports/logger.ts';
import { ACKNOWLEDGE, SAVE_SILENCE, SNOOZE } from './desk-scripts.ts';
import { readIncidents, type TriageRecords } from './incident-record.ts';
import type { Argument, RedisConnection, RedisReply } from './redis-connection.ts';
import type { RedisScript } from './redis-script.ts';

/** What the desk needs. */
export interface RedisIncidentDeskOptions {
  readonly redis: RedisConnection;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
}

/** What people do with incidents in Redis. */
export class RedisIncidentDesk implements IncidentDesk {
  private readonly records: TriageRecords;

  constructor({ redis, logger, prefix = 'kubewhy' }: RedisIncidentDeskOptions) {
    this.records = { redis, logger, base: `${prefix}:{triage}:` };
  }

  async read(id: string): Promise<IncidentRecord | undefined> {
    return (await readIncidents([id], this.records)).get(id);
  }

  async acknowledge(id: string, user: string): Promise<boolean> {
    return (await this.run(ACKNOWLEDGE, [id, user])) === 1;
  }

  async snooze(id: string, user: string, forMs: number): Promise<void> {
    await this.run(SNOOZE, [id, user, Math.max(0, Math.ceil(forMs))]);
  }

  async saveSilence(id: string, silence: IncidentSilence): Promise<void> {
    await this.run(SAVE_SILENCE, [id, silence.id, JSON.stringify(silence)]);
  }

  private async run(script: RedisScript, args: readonly Argument[]): Promise<RedisReply> {
    return this.records.redis.run(script, [this.records.base], args);
  }
}
