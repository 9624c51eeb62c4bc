import type { Digest, Incident, IncidentPeople, IncidentRecord, IncidentSilence } from '../../core/triage/incident.ts';
import { digestSchema, incidentSchema, incidentSilenceSchema } from '../../core/triage/incident-schema.ts';
import type { Logger } from '../../ports/logger.ts';
import type { RedisConnection } from './redis-connection.ts';
import { fieldsOf, listOf, numberOf, textOf } from './redis-reply.ts';
import { parseStored } from './stored-value.ts';
import { RECORDS } from './triage-scripts.ts';

/** Where the records of incidents and digests are. */
export interface TriageRecords {
  readonly redis: RedisConnection;
  readonly logger: Logger;
  /** The start of every key. */
  readonly base: string;
}

/** Records for one reply: an incident may be some hundred kilobytes. */
const MOST_AT_ONCE = 100;
const SILENCE = 'silence:';

/** Incidents by id; those that are not known or cannot be read are left out. Throws STORE_UNAVAILABLE. */
export async function readIncidents(
  ids: readonly string[],
  records: TriageRecords,
): Promise<ReadonlyMap<string, IncidentRecord>> {
  const stored = await readRecords(ids, records);
  return new Map(
    stored.flatMap((record) => {
      const incident = incidentRecord(record, records.logger);
      return incident === undefined ? [] : [[record.id, incident] as const];
    }),
  );
}

/** Digests in the order of their ids; those that are not known or cannot be read are left out. Throws STORE_UNAVAILABLE. */
export async function readDigests(ids: readonly string[], records: TriageRecords): Promise<readonly Digest[]> {
  const stored = await readRecords(ids, records);
  return stored.flatMap(({ id, fields }) => {
    const log = { logger: records.logger, what: 'digest', id };
    const digest = parseStored(fields.get('body') ?? null, digestSchema, log);
    return digest === undefined ? [] : [{ ...digest, revision: numberOf(fields.get('rev')) }];
  });
}

/** A record as it is in Redis, and the time there when it was read. */
interface StoredRecord {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly now: number;
}

async function readRecords(ids: readonly string[], { redis, base }: TriageRecords): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
    const [now, ...rows] = listOf(await redis.run(RECORDS, [base], ids.slice(start, start + MOST_AT_ONCE)));
    for (const row of rows) {
      const [id, fields] = listOf(row);
      found.push({ id: textOf(id) ?? '', fields: fieldsOf(fields), now: numberOf(now) });
    }
  }
  return found;
}

function incidentRecord({ id, fields, now }: StoredRecord, logger: Logger): IncidentRecord | undefined {
  if (!fields.has('state')) {
    return undefined;
  }
  const incident = parseStored(fields.get('body') ?? null, incidentSchema, { logger, what: 'incident', id });
  return incident === undefined
    ? undefined
    : {
        incident: heardOf(incident, numberOf(fields.get('heard'))),
        people: peopleOf({ id, fields, now }, logger),
        revision: numberOf(fields.get('rev')),
      };
}

/** Copies of its alerts come without a new body. */
function heardOf(incident: Incident, heard: number): Incident {
  return heard > Date.parse(incident.heardAt) ? { ...incident, heardAt: timeOf(heard) } : incident;
}

function peopleOf({ id, fields, now }: StoredRecord, logger: Logger): IncidentPeople {
  const [ackUser, snoozeUser] = [fields.get('ackUser'), fields.get('snoozeUser')];
  const until = numberOf(fields.get('snoozeUntil'));
  return {
    ...(ackUser === undefined ? {} : { acknowledged: { user: ackUser, at: timeOf(numberOf(fields.get('ackAt'))) } }),
    ...(snoozeUser === undefined || until <= now ? {} : { snoozed: { user: snoozeUser, until: timeOf(until) } }),
    silences: [...fields]
      .filter(([name]) => name.startsWith(SILENCE))
      .flatMap(([, text]) => parseStored(text, incidentSilenceSchema, { logger, what: 'silence', id }) ?? [])
      .toSorted(byTime),
  };
}

function byTime(a: IncidentSilence, b: IncidentSilence): number {
  return Date.parse(a.at) - Date.parse(b.at);
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
