import type { Json, JsonObject } from '../../core/facts/json.ts';
import { isJsonObject } from '../../core/recording/object-parts.ts';

/** What differs between two looks at the same thing. */
const VOLATILE: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'generation',
  'images',
  'lastHeartbeatTime',
  'lastTransitionTime',
  'managedFields',
  'nodeInfo',
  'renewTime',
  'resourceVersion',
  'uid',
]);

/** Whether two objects say the same, apart from times, versions and ids. */
export function sameObject(a: JsonObject, b: JsonObject): boolean {
  return JSON.stringify(lasting(a)) === JSON.stringify(lasting(b));
}

function lasting(value: Json): Json {
  if (isJsonObject(value)) {
    const kept = Object.entries(value).filter(([key, field]) => !VOLATILE.has(key) && field !== undefined);
    return Object.fromEntries(
      kept
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, field]) => [key, field === undefined ? field : lasting(field)]),
    );
  }
  return Array.isArray(value) ? value.map((item: Json) => lasting(item)) : value;
}
