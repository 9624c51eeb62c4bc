import type { Json, JsonObject } from '../../core/facts/json.ts';
import { isJsonObject, textAt } from '../../core/recording/object-parts.ts';
import { sameJson } from './writing.ts';

/** Applies a JSON patch (RFC 6902, without `move` and `copy`); undefined when an operation fails, a `test` included. */
export function applyJsonPatch(document: Json, operations: readonly JsonObject[]): Json | undefined {
  let value: Json | undefined = document;
  for (const operation of operations) {
    value = value === undefined ? undefined : applyOne(value, operation);
  }
  return value;
}

const OPERATIONS: ReadonlySet<string> = new Set(['add', 'remove', 'replace', 'test']);

function applyOne(document: Json, operation: JsonObject): Json | undefined {
  const [op, path] = [textAt(operation, 'op'), textAt(operation, 'path')];
  const { value } = operation;
  if (!OPERATIONS.has(op) || !path.startsWith('/') || (op !== 'remove' && value === undefined)) {
    return undefined;
  }
  const keys = path.slice(1).split('/').map(unescaped);
  return change(document, keys, { op, value });
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

interface Change {
  readonly op: string;
  readonly value: Json | undefined;
}

/** The document with the change at the place; undefined when it does not apply there. */
function change(document: Json, [key = '', ...deeper]: readonly string[], wanted: Change): Json | undefined {
  if (deeper.length > 0) {
    const child = childAt(document, key);
    const changed = child === undefined ? undefined : change(child, deeper, wanted);
    return changed === undefined ? undefined : withChild(document, key, changed);
  }
  return atPlace(document, key, wanted);
}

function atPlace(document: Json, key: string, wanted: Change): Json | undefined {
  const present = childAt(document, key);
  switch (wanted.op) {
    case 'test':
      return sameJson(present, wanted.value) ? document : undefined;
    case 'remove':
      return present === undefined ? undefined : withoutChild(document, key);
    case 'replace':
      return present === undefined || wanted.value === undefined ? undefined : withChild(document, key, wanted.value);
    default:
      return wanted.value === undefined ? undefined : inserted(document, key, wanted.value);
  }
}

function childAt(document: Json, key: string): Json | undefined {
  if (isJsonObject(document)) {
    return Object.hasOwn(document, key) ? document[key] : undefined;
  }
  const index = Array.isArray(document) ? indexIn(document, key) : undefined;
  return index === undefined || !Array.isArray(document) ? undefined : (document as readonly Json[])[index];
}

function indexIn(list: readonly Json[], key: string): number | undefined {
  const index = /^(?:0|[1-9]\d{0,5})$/.test(key) ? Number(key) : Number.NaN;
  return index < list.length ? index : undefined;
}

function withChild(document: Json, key: string, value: Json): Json {
  return Array.isArray(document)
    ? (document as readonly Json[]).with(Number(key), value)
    : { ...(document as JsonObject), [key]: value };
}

function withoutChild(document: Json, key: string): Json {
  if (Array.isArray(document)) {
    return (document as readonly Json[]).toSpliced(Number(key), 1);
  }
  const { [key]: _gone, ...rest } = document as JsonObject;
  return rest;
}

/** `-` is the place behind the last one. */
function inserted(document: Json, key: string, value: Json): Json | undefined {
  if (isJsonObject(document)) {
    return { ...document, [key]: value };
  }
  if (!Array.isArray(document)) {
    return undefined;
  }
  const list: readonly Json[] = document;
  const index = key === '-' || key === String(list.length) ? list.length : indexIn(list, key);
  return index === undefined ? undefined : list.toSpliced(index, 0, value);
}
