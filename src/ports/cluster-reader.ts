import type { ImageName, RunbookRead } from '../core/ceph/command.ts';
import type { JsonObject } from '../core/facts/json.ts';
import type { ResourceType } from '../core/subject/kinds.ts';

/** One object by name; `metadataOnly` asks for PartialObjectMetadata (no spec, no data). */
export interface GetQuery {
  readonly resource: ResourceType;
  /** Absent for cluster-scoped resources. */
  readonly namespace?: string;
  readonly name: string;
  readonly metadataOnly?: boolean;
}

/** Objects by selector. `namespace` absent means all namespaces or a cluster-scoped resource. */
export interface ListQuery {
  readonly resource: ResourceType;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly metadataOnly?: boolean;
  /** At most this many objects are read; the answer says whether more exist. Default 500. */
  readonly limit?: number;
}

/** The end of a container's log, limited by the server. */
export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The log of the previous run instead of the current one. */
  readonly previous?: boolean;
}

/** A command outside Kubernetes that only reads; reads of `rbd` are about an image. */
export interface RunbookQuery extends Partial<ImageName> {
  readonly read: RunbookRead;
}

/** Why something could not be read; never a statement about the cluster's content. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly why: 'forbidden' | 'timeout' | 'unavailable' | 'unauthorized' | 'not-recorded' | 'budget' | 'invalid';
  /** What could not be read and why, for people; without control characters and full stop. */
  readonly message: string;
}

/** The object, or the proof that it does not exist (HTTP 404), or why nothing is known. */
export type GetResult =
  | { readonly kind: 'found'; readonly object: JsonObject }
  | { readonly kind: 'missing'; readonly message: string }
  | Unreadable;

/** Objects in the server's order; `truncated` when more than `limit` exist. */
export type ListResult =
  | { readonly kind: 'found'; readonly objects: readonly JsonObject[]; readonly truncated: boolean }
  | Unreadable;

/** Log text (at most 64 KiB, 200 lines), or missing when the server keeps no such log. */
export type LogResult =
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'missing'; readonly message: string }
  | Unreadable;

/** What the command printed, or missing when the pool or the image does not exist. */
export type RunbookResult = LogResult;

/** Reads one cluster for one question. Never writes, never watches, never throws for an expected answer. */
export interface ClusterReader {
  get(query: GetQuery): Promise<GetResult>;
  list(query: ListQuery): Promise<ListResult>;
  logs(query: LogQuery): Promise<LogResult>;
  /** Absent where no place for runbook steps is known. */
  runbook?(query: RunbookQuery): Promise<RunbookResult>;
  /** The API server's clock (its `Date` header), known after the first answer. */
  serverTime(): Date | undefined;
  /** API requests sent so far, retries and pages included. */
  requestCount(): number;
}
