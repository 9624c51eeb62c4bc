import type { JsonObject } from '../core/facts/json.ts';
import type { AccessRight } from '../core/remediation/remediation.ts';
import type { Unreadable } from './cluster-reader.ts';

/** One change of one object, exactly as it is sent. */
export interface WriteRequest {
  readonly verb: 'delete' | 'create' | 'patch' | 'update';
  /** Parts of the path without slashes, from the group on: `api`, `v1`, `namespaces`, `shop`, `pods`, `web-0`; each is escaped. */
  readonly path: readonly string[];
  readonly contentType:
    | 'application/json'
    | 'application/json-patch+json'
    | 'application/merge-patch+json'
    | 'application/strategic-merge-patch+json';
  readonly body: JsonObject | readonly JsonObject[];
  /** The same body as a dry run where `dryRun` belongs into the body (DeleteOptions, Eviction). Otherwise it is a query parameter. */
  readonly dryRunBody?: JsonObject;
}

/** What became of a change. */
export type WriteResult =
  /** HTTP 2xx. */
  | { readonly kind: 'done'; readonly status: number; readonly object: JsonObject }
  /** A definite refusal: HTTP 4xx. Nothing was changed. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly message: string }
  /** No answer, or HTTP 5xx: the change may have been made. */
  | { readonly kind: 'unknown'; readonly message: string };

/** Who a Slack user is to the cluster. */
export interface KubernetesIdentity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Changes one cluster. Sends each request once; never retries. */
export interface ClusterWriter {
  send(
    request: WriteRequest,
    options: { readonly dryRun: boolean; readonly remediation: string },
  ): Promise<WriteResult>;
  /** What the cluster's own authorization says (SubjectAccessReview); anything that cannot be told is unreadable. */
  mayUser(
    identity: KubernetesIdentity,
    right: AccessRight,
  ): Promise<{ readonly kind: 'known'; readonly allowed: boolean; readonly reason: string } | Unreadable>;
  /** Writes a Kubernetes Event on an object; failures are only logged. */
  event(event: ClusterEvent): Promise<void>;
}

/** A Kubernetes Event that Kubewhy writes. */
export interface ClusterEvent {
  readonly remediation: string;
  readonly involved: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly type: 'Normal' | 'Warning';
  /** CamelCase: `RemediationSucceeded`. */
  readonly reason: string;
  readonly message: string;
}
