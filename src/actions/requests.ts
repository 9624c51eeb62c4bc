import type { Json, JsonObject } from '../core/facts/json.ts';
import type { WriteRequest } from '../ports/cluster-writer.ts';

/** One operation of a JSON patch (RFC 6902). A `test` that fails makes the API server refuse the whole patch with 422. */
export interface PatchOperation {
  readonly op: 'test' | 'replace' | 'remove' | 'add';
  readonly path: string;
  readonly value?: Json;
}

/** A deletion with its options in the body. */
export function deleteRequest(path: readonly string[], options: JsonObject): WriteRequest {
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
  return { verb: 'delete', path, contentType: 'application/json', body, dryRunBody: { ...body, dryRun: ['All'] } };
}

/** A JSON patch that the API server refuses for any object but the one with this uid. */
export function jsonPatchRequest(
  path: readonly string[],
  uid: string,
  operations: readonly PatchOperation[],
): WriteRequest {
  const test: PatchOperation = { op: 'test', path: '/metadata/uid', value: uid };
  return {
    verb: 'patch',
    path,
    contentType: 'application/json-patch+json',
    body: [test, ...operations].map((operation) => ({ ...operation })),
  };
}
