import type { JsonObject } from '../../core/facts/json.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';

/** Asks for names of objects; whatever cannot be read is left out. */
export type ClusterNames = (resource: ResourceType, namespace?: string) => Promise<readonly string[]>;

interface Kept {
  readonly at: number;
  readonly names: Promise<readonly string[]>;
}

/** People type faster than objects come and go. */
const FRESH_MS = 5000;
const MOST_NAMES = 500;

/** Names through readers that are opened one for each question. */
export function clusterNames(open: () => ClusterReader): ClusterNames {
  const kept = new Map<string, Kept>();
  return (resource, namespace) => {
    const key = `${resource.resource}/${namespace ?? ''}`;
    const last = kept.get(key);
    if (last !== undefined && performance.now() - last.at < FRESH_MS) {
      return last.names;
    }
    const names = readNames(open(), resource, namespace);
    kept.set(key, { at: performance.now(), names });
    return names;
  };
}

async function readNames(
  reader: ClusterReader,
  resource: ResourceType,
  namespace: string | undefined,
): Promise<readonly string[]> {
  const place = namespace === undefined ? {} : { namespace };
  const result = await reader.list({ resource, ...place, metadataOnly: true, limit: MOST_NAMES });
  return result.kind === 'found' ? result.objects.map(nameOf).filter((name) => name !== '') : [];
}

/** The name of an object, or nothing. */
export function nameOf(object: JsonObject): string {
  return textIn(object, 'name');
}

/** The namespace of an object, or nothing. */
export function namespaceOf(object: JsonObject): string {
  return textIn(object, 'namespace');
}

function textIn(object: JsonObject, field: string): string {
  const { metadata } = object;
  const value = isObject(metadata) ? metadata[field] : undefined;
  return typeof value === 'string' ? value : '';
}

function isObject(value: JsonObject[string]): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
