import type { Json, JsonObject } from '../facts/json.ts';

/** Whether a value is a JSON object. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonList(value);
}

function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A field that holds an object; empty for everything else. */
export function childOf(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

/** A field that holds a list of objects; empty for everything else. */
export function childrenOf(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key];
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}

/** A field that holds a text; empty for everything else. */
export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

/** What identifies an object. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Kind, namespace and name; empty where the object says nothing. */
export function nameOf(object: JsonObject): ObjectName {
  const metadata = childOf(object, 'metadata');
  return { kind: textAt(object, 'kind'), namespace: textAt(metadata, 'namespace'), name: textAt(metadata, 'name') };
}

/** What a reader answers to `metadataOnly`. */
export function metadataPart(object: JsonObject): JsonObject {
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, metadata };
}
