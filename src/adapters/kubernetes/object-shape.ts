import type { Json, JsonObject } from '../../core/facts/json.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';

/** Whether a value is a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** Whether a value is a JSON array. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value at a path of keys; undefined where there is none. */
export function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const key of path) {
    value = isObject(value) ? value[key] : undefined;
  }
  return value;
}

const JSON_TYPE = 'application/json';
const METADATA = 'g=meta.k8s.io;v=v1';

/** The Accept header for one object. */
export function acceptObject(metadataOnly: boolean | undefined): string {
  return metadataOnly === true ? `${JSON_TYPE};as=PartialObjectMetadata;${METADATA}` : JSON_TYPE;
}

/** The Accept header for a list. */
export function acceptList(metadataOnly: boolean | undefined): string {
  return metadataOnly === true ? `${JSON_TYPE};as=PartialObjectMetadataList;${METADATA}` : JSON_TYPE;
}

/**
 * The object with its own apiVersion and kind, which lists leave out and metadata answers replace; nothing but the
 * metadata when only that was asked for, also from a server that sends more.
 */
export function typedObject(object: JsonObject, type: ResourceType, metadataOnly: boolean | undefined): JsonObject {
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  const head = { apiVersion, kind: type.kind };
  return metadataOnly === true ? { ...head, metadata: object['metadata'] } : { ...head, ...object, ...head };
}
