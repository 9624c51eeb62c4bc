import type { JsonObject } from '../facts/json.ts';
import { untabledWords } from '../subject/any-resource.ts';
import type { ResourceType } from '../subject/kinds.ts';
import { ObjectPool } from './object-pool.ts';
import type { RecordedOutcome, RecordedQuery, RecordedRead, SessionRecording } from './recording.ts';
import type { SessionDocument } from './recording-schema.ts';

/** The folder's content: the document and its log files by name. */
export interface SessionFiles {
  readonly document: SessionDocument;
  readonly logs: ReadonlyMap<string, string>;
}

type DocumentRead = SessionDocument['reads'][number];

/** Writes a recording as a document: every object once, logs in files of their own. */
export function toDocument(recording: SessionRecording): SessionFiles {
  const pool = poolOf(recording.reads);
  const logs = new LogFiles();
  const reads = recording.reads.map(({ query, outcome, furtherRequests }) => ({
    ...documentRead(query, answerFields(query, outcome, { pool, logs })),
    ...(furtherRequests === undefined ? {} : { furtherRequests }),
  }));
  const { subject, clock, kubernetesVersion } = recording;
  const document: SessionDocument = {
    apiVersion: 'kubewhy.dev/v1',
    kind: 'Recording',
    metadata: { subject, recordedAt: clock, ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }) },
    clock,
    reads,
    // The pool holds what a reader gave, which is Kubernetes objects.
    objects: pool.objects as SessionDocument['objects'],
    ...(pool.partialObjects.length === 0 ? {} : { partialObjects: pool.partialObjects as SessionDocument['objects'] }),
    ...(logs.texts.size === 0 ? {} : { logs: logs.index() }),
    end: 'recording',
  };
  return { document, logs: logs.texts };
}

function poolOf(reads: readonly RecordedRead[]): ObjectPool {
  const pool = new ObjectPool();
  const isPartial = ({ query }: RecordedRead): boolean => isMetadataOnly(query);
  for (const object of reads.filter((read) => !isPartial(read)).flatMap(({ outcome }) => objectsOf(outcome))) {
    pool.addWhole(object);
  }
  for (const object of reads.filter(isPartial).flatMap(({ outcome }) => objectsOf(outcome))) {
    pool.addPartial(object);
  }
  return pool;
}

function objectsOf(outcome: RecordedOutcome): readonly JsonObject[] {
  if ('objects' in outcome) {
    return outcome.objects;
  }
  return 'object' in outcome ? [outcome.object] : [];
}

interface AnswerFields {
  readonly outcome: 'found' | 'missing' | 'unreadable';
  readonly [field: string]: unknown;
}

function answerFields(
  query: RecordedQuery,
  outcome: RecordedOutcome,
  { pool, logs }: { readonly pool: ObjectPool; readonly logs: LogFiles },
): AnswerFields {
  const partial = isMetadataOnly(query);
  if (outcome.kind === 'missing') {
    return { outcome: 'missing', message: outcome.message };
  }
  if (outcome.kind === 'unreadable') {
    return { outcome: 'unreadable', why: outcome.why, message: outcome.message };
  }
  if ('object' in outcome) {
    return { outcome: 'found', object: pool.idOf(outcome.object, partial) };
  }
  if ('text' in outcome) {
    return query.verb === 'runbook'
      ? { outcome: 'found', output: outcome.text }
      : { outcome: 'found', log: logs.add(query, outcome.text) };
  }
  const ids = outcome.objects.map((object) => pool.idOf(object, partial));
  return { outcome: 'found', ...(outcome.truncated ? { truncated: true } : {}), objects: ids };
}

function documentRead(query: RecordedQuery, answer: AnswerFields): DocumentRead {
  const asked = 'resource' in query ? { ...query, resource: resourceName(query.resource) } : query;
  // Queries may carry `false` and undefined, which a document leaves out.
  const kept = Object.entries(asked).filter(([, value]) => value !== undefined && value !== false);
  return { ...Object.fromEntries(kept), ...answer } as unknown as DocumentRead;
}

function isMetadataOnly(query: RecordedQuery): boolean {
  return 'resource' in query && query.metadataOnly === true;
}

function resourceName(type: ResourceType): string {
  return untabledWords(type) ?? (type.group === '' ? type.resource : `${type.resource}.${type.group}`);
}

/** Names log files after what they are the log of; the number keeps them apart. */
class LogFiles {
  readonly texts = new Map<string, string>();

  add(query: RecordedQuery, text: string): string {
    const parts = query.verb === 'logs' ? [query.pod, query.container, query.previous === true ? 'previous' : ''] : [];
    const title = parts.filter((part) => part !== '').map((part) => part.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 80));
    const file = `logs/${this.texts.size + 1}-${title.join('.')}.log`;
    this.texts.set(file, text);
    return file;
  }

  index(): { file: string; bytes: number }[] {
    return [...this.texts].map(([file, text]) => ({ file, bytes: new TextEncoder().encode(text).length }));
  }
}
