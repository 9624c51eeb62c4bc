import type { PlainValue } from '../expression/cel.ts';
import { finalizersOf } from './finalizers.ts';
import type { JsonObject } from './json.ts';
import { asKube, type KubeCondition, type KubeObject } from './kube-types.ts';

interface ManagedObject extends KubeObject {
  readonly metadata?: KubeObject['metadata'] & { readonly managedFields?: readonly { readonly time?: string }[] };
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly status?: { readonly conditions?: readonly KubeCondition[] };
}

/**
 * An object as playbooks see it: `exists`, `kind`, `name`, `namespace`, `labels`, `annotations`, `created`, `changed`
 * (newest managedFields time, else creation), `keys` of data and binaryData, `finalizers` with who set them, `conditions` by type, and the raw `object`.
 */
export function objectFact(object: JsonObject): { readonly [key: string]: PlainValue } {
  const { metadata = {}, kind, data, binaryData, status } = asKube<ManagedObject>(object);
  const created = metadata.creationTimestamp ?? '';
  const changes = (metadata.managedFields ?? []).map((field) => field.time ?? '').toSorted();
  return {
    exists: true,
    kind: kind ?? '',
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    created,
    changed: changes.at(-1) || created,
    keys: [...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})],
    finalizers: finalizersOf(object) as unknown as PlainValue,
    conditions: conditionMap(status?.conditions),
    object: withoutBulk(object),
  };
}

/** A node as playbooks see it: an object with `ready`. */
export function nodeObjectFact(object: JsonObject): { readonly [key: string]: PlainValue } {
  const fact = objectFact(object);
  const ready = (fact['conditions'] as { readonly Ready?: { readonly status?: string } }).Ready;
  return { ...fact, ready: ready?.status === 'True' };
}

/** The proof that an object does not exist. */
export const MISSING_OBJECT: { readonly [key: string]: PlainValue } = { exists: false };

/** A list as playbooks see it: `items`, their `names`, `count` and whether more exist than were read. */
export function listFact(objects: readonly JsonObject[], truncated: boolean): { readonly [key: string]: PlainValue } {
  const items = objects.map(objectFact);
  return { items, names: items.map((item) => item['name'] ?? ''), count: items.length, truncated };
}

/** Conditions by type: `status`, `reason`, `message`, `since`. */
export function conditionMap(conditions: readonly KubeCondition[] | undefined): {
  readonly [type: string]: PlainValue;
} {
  return Object.fromEntries(
    (conditions ?? []).map((item) => [
      item.type ?? '',
      {
        status: item.status ?? '',
        reason: item.reason ?? '',
        message: item.message ?? '',
        since: item.lastTransitionTime ?? '',
      },
    ]),
  );
}

/** The raw object without what no rule reads and what makes objects large. */
export function withoutBulk(object: JsonObject): { readonly [key: string]: PlainValue } {
  const metadata = object['metadata'];
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return object;
  }
  // The three alternatives of Json that are not objects were excluded above.
  const { managedFields: _, annotations, ...rest } = metadata as JsonObject;
  return { ...object, metadata: { ...rest, annotations: shortAnnotations(annotations) } };
}

/** Annotations can hold 256 KiB; rules compare short values only. */
function shortAnnotations(annotations: PlainValue): PlainValue {
  if (typeof annotations !== 'object' || annotations === null || Array.isArray(annotations)) {
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, 1024) : value]),
  );
}

const REVISION = 'deployment.kubernetes.io/revision';

/** Whether a ReplicaSet (as an object fact) was made by a Deployment after an earlier one, so that there is a way back. */
export function isLaterRevision(replicaSet: PlainValue): boolean {
  const { annotations } = (replicaSet ?? {}) as { readonly annotations?: Readonly<Record<string, PlainValue>> };
  return Number(annotations?.[REVISION] ?? 0) > 1;
}
