import type { JsonObject } from '../facts/json.ts';
import { resourceOf } from '../subject/kinds.ts';
import { metadataPart } from './object-parts.ts';
import { ObjectNames } from './object-pool.ts';
import type { RecordedOutcome, RecordedQuery, SessionRecording } from './recording.ts';
import { resourceByName, type SessionDocument } from './recording-schema.ts';

type DocumentRead = SessionDocument['reads'][number];
/** What a document says was found, or the problem with it. */
type Resolved = RecordedOutcome | string;

/** Reads a document back. Problems are references to objects or logs that are not in it. */
export function fromDocument(
  document: SessionDocument,
  logs: ReadonlyMap<string, string>,
): { readonly recording: SessionRecording; readonly problems: readonly string[] } {
  const objects = new Map<string, JsonObject>();
  const names = new ObjectNames();
  for (const object of [...document.objects, ...(document.partialObjects ?? [])] as readonly JsonObject[]) {
    objects.set(names.next(object), object);
  }
  const problems: string[] = [];
  const reads = document.reads.map((read, index) => {
    const outcome = outcomeOf(read, objects, logs);
    if (typeof outcome === 'string') {
      problems.push(`reads[${index}]: ${outcome}`);
    }
    const { furtherRequests: further } = read;
    return { query: queryOf(read), outcome, ...(further === undefined ? {} : { furtherRequests: further }) };
  });
  const { subject, kubernetesVersion } = document.metadata;
  const recording: SessionRecording = {
    subject,
    clock: document.clock,
    ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
    closedWorld: false,
    reads: reads.flatMap(({ outcome, ...read }) => (typeof outcome === 'string' ? [] : [{ ...read, outcome }])),
  };
  return { recording, problems };
}

function queryOf(read: DocumentRead): RecordedQuery {
  const { outcome: _outcome, why: _why, message: _message, furtherRequests: _further, ...rest } = read;
  if (rest.verb === 'logs') {
    const { log: _log, ...query } = rest;
    return withoutUndefined(query);
  }
  if (rest.verb === 'runbook') {
    const { output: _output, ...query } = rest;
    return withoutUndefined(query);
  }
  const resource = resourceByName(rest.resource) ?? resourceOf('Pod');
  if (rest.verb === 'get') {
    const { object: _object, ...query } = rest;
    return withoutUndefined({ ...query, resource });
  }
  const { objects: _objects, truncated: _truncated, ...query } = rest;
  return withoutUndefined({ ...query, resource });
}

/** The type of an object whose optional fields are absent instead of undefined. */
type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}

function outcomeOf(
  read: DocumentRead,
  objects: ReadonlyMap<string, JsonObject>,
  logs: ReadonlyMap<string, string>,
): Resolved {
  if (read.outcome === 'missing') {
    const message = read.message ?? 'it does not exist';
    return read.verb === 'list' ? 'a list is never missing' : { kind: 'missing', message };
  }
  if (read.outcome === 'unreadable') {
    return { kind: 'unreadable', why: read.why ?? 'unavailable', message: read.message ?? 'it could not be read' };
  }
  if (read.verb === 'logs') {
    return textOf(logs.get(read.log ?? ''), 'the log');
  }
  return read.verb === 'runbook' ? textOf(read.output, 'the output') : foundOf(read, objects);
}

function textOf(text: string | undefined, what: string): Resolved {
  return text === undefined ? `${what} is not in the recording` : { kind: 'found', text };
}

function foundOf(
  read: Extract<DocumentRead, { verb: 'get' | 'list' }>,
  objects: ReadonlyMap<string, JsonObject>,
): Resolved {
  const ids = read.verb === 'get' ? [read.object ?? ''] : (read.objects ?? []);
  const absent = ids.find((id) => !objects.has(id));
  if (absent !== undefined) {
    return `the object "${absent}" is not in the recording`;
  }
  const whole = ids.map((id) => objects.get(id)).filter((object) => object !== undefined);
  const found = read.metadataOnly === true ? whole.map(metadataPart) : whole;
  if (read.verb === 'list') {
    return { kind: 'found', objects: found, truncated: read.truncated ?? false };
  }
  const [object] = found;
  return object === undefined ? 'the object is not in the recording' : { kind: 'found', object };
}
