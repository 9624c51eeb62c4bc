import { isMarker, REDACTED } from './marker.ts';
import { redactArguments } from './redact-arguments.ts';
import { redactText } from './redact-text.ts';
import { isPasswordName, isSecretName, isSensitiveEnvName } from './secret-name.ts';
import { isDiagnosticWord, isPlaceholder, looksSecret } from './secret-value.ts';

type Fields = Readonly<Record<string, unknown>>;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const KEPT_MANAGED_FIELDS: ReadonlySet<string> = new Set(['manager', 'operation', 'subresource', 'time']);

/** Fields whose format the API server enforces; they cannot hold a secret. */
const FIXED_FORMAT: ReadonlySet<string> = new Set([
  'apiVersion',
  'containerID',
  'creationTimestamp',
  'finishedAt',
  'firstTimestamp',
  'kind',
  'lastProbeTime',
  'lastTimestamp',
  'lastTransitionTime',
  'phase',
  'resourceVersion',
  'startedAt',
  'uid',
]);

/**
 * Returns a Kubernetes object without its secrets. Parts in which nothing changed are shared with the
 * original, which is never modified; an object without secrets is returned as it is.
 */
export function redactObject<T>(object: T): T {
  // The walk keeps the shape: strings stay strings, only annotations and managed fields lose entries.
  return redactValue(object, '', '') as T;
}

function redactValue(value: unknown, key: string, kind: string): unknown {
  if (typeof value === 'string') {
    return FIXED_FORMAT.has(key) ? value : redactField(key, value);
  }
  if (Array.isArray(value)) {
    return redactList(value, key, kind);
  }
  return isFields(value) ? redactFields(value, key, kind) : value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !Array.isArray(value);
}

function redactField(key: string, value: string): string {
  if (
    isSecretName(key) &&
    !isPlaceholder(value) &&
    (looksSecret(value) || (isPasswordName(key) && !isDiagnosticWord(value)))
  ) {
    return REDACTED;
  }
  return redactText(value);
}

function redactList(list: readonly unknown[], key: string, kind: string): readonly unknown[] {
  if (key === 'managedFields') {
    return mapShared(list, dropManagedDetail);
  }
  return mapShared(list, (item) => redactValue(item, '', key === 'items' ? kind : ''));
}

/** Like map, but returns the same array when every item stayed the same. */
function mapShared(list: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const result = list.map(change);
  return result.some((item, index) => item !== list[index]) ? result : list;
}

/** Of the fields that a manager owns only the finalizers stay: who set one tells who should take it away. */
function dropManagedDetail(entry: unknown): unknown {
  if (!isFields(entry)) {
    return entry;
  }
  const kept = filterEntries(entry, (name) => KEPT_MANAGED_FIELDS.has(name) || name === 'fieldsV1');
  return mapEntries(kept, (name, value) => (name === 'fieldsV1' ? onlyFinalizers(value) : value), 'fieldsV1');
}

function onlyFinalizers(owned: unknown): unknown {
  const metadata = isFields(owned) ? owned['f:metadata'] : undefined;
  const finalizers = isFields(metadata) ? metadata['f:finalizers'] : undefined;
  if (!isFields(owned) || !isFields(metadata) || !isFields(finalizers)) {
    return undefined;
  }
  const inner = filterEntries(metadata, (name) => name === 'f:finalizers');
  const outer = filterEntries(owned, (name) => name === 'f:metadata');
  return mapEntries(outer, () => inner);
}

function filterEntries(fields: Fields, keep: (name: string) => boolean): Fields {
  const entries = Object.entries(fields);
  const kept = entries.filter(([name]) => keep(name));
  return kept.length === entries.length ? fields : Object.fromEntries(kept);
}

function redactFields(fields: Fields, key: string, kind: string): Fields {
  const source = key === 'annotations' ? filterEntries(fields, (name) => name !== LAST_APPLIED) : fields;
  const ownKind = kindOf(source, kind);
  const itemKind = ownKind.endsWith('List') ? ownKind.slice(0, -'List'.length) : '';
  return mapEntries(source, (name, value) => {
    const hide = hiderFor(ownKind, name);
    return hide !== undefined && isFields(value)
      ? mapEntries(value, (_, content) => hide(content))
      : redactMember(source, name, value, itemKind);
  });
}

function redactMember(parent: Fields, name: string, value: unknown, kind: string): unknown {
  if (name === 'value' && typeof value === 'string' && value !== '' && isSensitivePair(parent)) {
    return REDACTED;
  }
  if ((name === 'command' || name === 'args') && Array.isArray(value)) {
    return redactArguments(value, Array.isArray(parent.command) ? parent.command : []);
  }
  return redactValue(value, name, kind);
}

/** An environment variable, or anything else of the form name and value, such as a probe's HTTP header. */
function isSensitivePair({ name }: Fields): boolean {
  return typeof name === 'string' && isSensitiveEnvName(name);
}

/** With `optional` the field of that name goes away when it becomes undefined. */
function mapEntries(fields: Fields, change: (name: string, value: unknown) => unknown, optional?: string): Fields {
  let changed = false;
  const entries = Object.entries(fields).flatMap(([name, value]) => {
    const next = change(name, value);
    changed ||= next !== value;
    return name === optional && next === undefined ? [] : [[name, next] as const];
  });
  return changed ? Object.fromEntries(entries) : fields;
}

/** Items of a list carry no kind of their own, and a Secret or ConfigMap taken out of a list has only its fields. */
function kindOf(fields: Fields, inherited: string): string {
  if (typeof fields.kind === 'string' && fields.kind !== '') {
    return fields.kind;
  }
  if (inherited !== '') {
    return inherited;
  }
  return isFields(fields.metadata) && !('spec' in fields) ? kindByData(fields) : '';
}

function kindByData(fields: Fields): string {
  if ('stringData' in fields || ('data' in fields && typeof fields.type === 'string')) {
    return 'Secret';
  }
  return 'data' in fields || 'binaryData' in fields ? 'ConfigMap' : '';
}

function hiderFor(kind: string, field: string): ((content: unknown) => unknown) | undefined {
  if (kind === 'Secret' && (field === 'data' || field === 'stringData')) {
    return () => REDACTED;
  }
  if (kind === 'ConfigMap' && field === 'data') {
    return (content) => lengthMarker(content, utf8Length);
  }
  return kind === 'ConfigMap' && field === 'binaryData' ? (content) => lengthMarker(content, base64Length) : undefined;
}

function lengthMarker(content: unknown, measure: (text: string) => number): unknown {
  if (typeof content !== 'string') {
    return redactValue(content, '', '');
  }
  return isMarker(content) ? content : `[redacted ${measure(content)} bytes]`;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function base64Length(text: string): number {
  return Math.floor((text.replace(/=+$/, '').length * 3) / 4);
}
