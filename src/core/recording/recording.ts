import type { ImageName, RunbookRead } from '../ceph/command.ts';
import type { JsonObject } from '../facts/json.ts';
import type { ResourceType } from '../subject/kinds.ts';

/** A read as it was asked; the fields are those of the reader's queries. */
export type RecordedQuery =
  | {
      readonly verb: 'get';
      readonly resource: ResourceType;
      readonly namespace?: string;
      readonly name: string;
      readonly metadataOnly?: boolean;
    }
  | {
      readonly verb: 'list';
      readonly resource: ResourceType;
      readonly namespace?: string;
      readonly labelSelector?: string;
      readonly fieldSelector?: string;
      readonly metadataOnly?: boolean;
      readonly limit?: number;
    }
  | {
      readonly verb: 'logs';
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
      readonly previous?: boolean;
    }
  | ({
      readonly verb: 'runbook';
      readonly read: RunbookRead;
      readonly namespace?: never;
      readonly metadataOnly?: never;
    } & Partial<ImageName>);

/** Why a read gave nothing; the words of the reader's answers. */
export const UNREADABLE_REASONS = [
  'forbidden',
  'timeout',
  'unavailable',
  'unauthorized',
  'not-recorded',
  'budget',
  'invalid',
] as const;

export type UnreadableReason = (typeof UNREADABLE_REASONS)[number];

/** What a read gave; a get gives an object, a list objects, logs and runbook steps a text. */
export type RecordedOutcome =
  | { readonly kind: 'found'; readonly object: JsonObject }
  | { readonly kind: 'found'; readonly objects: readonly JsonObject[]; readonly truncated: boolean }
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly why: UnreadableReason; readonly message: string };

/** One read with its answer. */
export interface RecordedRead {
  readonly query: RecordedQuery;
  readonly outcome: RecordedOutcome;
  /** Requests so far beyond one per read (pages, retries), since they count against the question's budget. */
  readonly furtherRequests?: number;
}

interface RecordingHead {
  /** What was asked about, as it was typed. */
  readonly subject: string;
  /** The API server's time, RFC 3339. */
  readonly clock: string;
  readonly kubernetesVersion?: string;
}

/** All reads of one question: exactly these can be asked again. */
export interface SessionRecording extends RecordingHead {
  readonly closedWorld: false;
  readonly reads: readonly RecordedRead[];
}

/** The log of one container run. */
export interface CaseLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  readonly text: string;
}

/** What a runbook step prints in a hand-written case. */
export interface CaseRunbook extends Partial<ImageName> {
  readonly read: RunbookRead;
  readonly text: string;
}

/** Reads that fail in a hand-written case; what is absent fits everything. */
export interface CaseUnreadable {
  /** A plural such as `secrets`, `pods/log`, or a runbook step. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly why: UnreadableReason;
  readonly message?: string;
}

/** A whole small cluster: what is not in it does not exist. */
export interface CaseRecording extends RecordingHead {
  readonly closedWorld: true;
  readonly objects: readonly JsonObject[];
  readonly logs: readonly CaseLog[];
  /** Absent: there is no place for runbook steps. */
  readonly runbook?: readonly CaseRunbook[];
  readonly unreadable: readonly CaseUnreadable[];
}

/** What a cluster said, to be asked again without it. */
export type Recording = SessionRecording | CaseRecording;

/** The identity of a query: two queries with the same key are the same question. */
export function queryKey(query: RecordedQuery): string {
  if (query.verb === 'logs') {
    return JSON.stringify(['logs', query.namespace, query.pod, query.container, query.previous ?? false]);
  }
  if (query.verb === 'runbook') {
    return JSON.stringify(['runbook', query.read, query.pool, query.image]);
  }
  const { resource, namespace } = query;
  const asked = query.verb === 'get' ? [query.name] : listed(query);
  const place = resource.namespaced ? (namespace ?? null) : null;
  return JSON.stringify([query.verb, resource.group, resource.resource, place, query.metadataOnly ?? false, ...asked]);
}

function listed({
  labelSelector = '',
  fieldSelector = '',
  limit,
}: Extract<RecordedQuery, { verb: 'list' }>): readonly unknown[] {
  return [labelSelector, fieldSelector, limit ?? null];
}
