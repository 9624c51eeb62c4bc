import type { Json, JsonObject } from '../../core/facts/json.ts';
import { isJsonObject } from '../../core/recording/object-parts.ts';

/** Applies a JSON merge patch (RFC 7386): null removes, objects are merged, all else replaces. */
export function applyMergePatch(target: Json | undefined, patch: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
    } else {
      merged[key] = isJsonObject(value) ? applyMergePatch(merged[key], value) : value;
    }
  }
  return merged;
}

/** Whether a patch means the same as a strategic one: it has no lists, which that kind merges, and no directives. */
export function isPlainMerge(patch: Json | undefined): boolean {
  if (Array.isArray(patch)) {
    return false;
  }
  return (
    !isJsonObject(patch) || Object.entries(patch).every(([key, value]) => !key.startsWith('$') && isPlainMerge(value))
  );
}
