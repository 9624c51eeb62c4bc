import type { JsonObject } from '../facts/json.ts';
import { isUntabledKind } from '../subject/any-resource.ts';
import { findResourceType, type ResourceType, resourceOf } from '../subject/kinds.ts';
import { childOf, childrenOf, nameOf, type ObjectName, textAt } from './object-parts.ts';
import type { CaseLog, CaseRecording, CaseRunbook } from './recording.ts';
import type { CaseDocument } from './recording-schema.ts';

/** What is missing in hand-written objects is filled in as of this long before the clock. */
const AGE_SECONDS = 3600;

interface Defaults {
  readonly namespace: string;
  /** When objects were created that do not say it. */
  readonly created: string;
  readonly clock: string;
}

/**
 * Reads a hand-written case. What the API server always sets is filled in when it is absent: apiVersion, namespace,
 * uid, creationTimestamp, the uids of owners, and for events the name, the times, the count and the type `Warning`.
 */
export function fromCaseDocument(
  document: CaseDocument,
  files: ReadonlyMap<string, string>,
): { readonly recording: CaseRecording; readonly problems: readonly string[] } {
  const created = new Date(Date.parse(document.clock) - AGE_SECONDS * 1000).toISOString().replace('.000Z', 'Z');
  const defaults = { namespace: document.namespace ?? 'default', clock: document.clock, created };
  // The document was parsed from YAML and holds JSON values only.
  const plain = document.objects as readonly JsonObject[];
  const events = (document.events ?? []) as readonly JsonObject[];
  const objects = completeObjects(plain, events, defaults);
  const logs = (document.logs ?? []).map((log, index) => caseLog(log, { index, files, objects, defaults }));
  const recording: CaseRecording = {
    subject: document.metadata?.subject ?? '',
    clock: document.clock,
    ...(document.metadata?.kubernetesVersion === undefined
      ? {}
      : { kubernetesVersion: document.metadata.kubernetesVersion }),
    closedWorld: true,
    objects,
    logs: logs.filter((log) => typeof log !== 'string'),
    ...(document.runbook === undefined ? {} : { runbook: document.runbook.map(runbookOf) }),
    // Optional fields of the schema may be undefined, which means the same as absent here.
    unreadable: (document.unreadable ?? []) as CaseRecording['unreadable'],
  };
  const problems = [...logs.filter((log) => typeof log === 'string'), ...duplicates(objects)];
  return { recording, problems };
}

/** Fills in what the API server always sets; `events` may leave out more than other objects. */
export function completeObjects(
  objects: readonly JsonObject[],
  events: readonly JsonObject[],
  defaults: Defaults,
): readonly JsonObject[] {
  const named = objects.map((object) => withIdentity(object, defaults));
  const uids = new Map(named.map((object) => [keyOf(nameOf(object)), textAt(childOf(object, 'metadata'), 'uid')]));
  const uidOf = (name: ObjectName): string => uids.get(keyOf(name)) ?? invented(name);
  return [
    ...named.map((object) => withOwnerUids(object, uidOf)),
    ...events.map((event, index) => completeEvent(event, { index, uidOf, defaults })),
  ];
}

function withIdentity(object: JsonObject, defaults: Defaults): JsonObject {
  const kind = textAt(object, 'kind');
  const type = isUntabledKind(kind) ? untabledType(kind) : resourceOf(kind);
  const metadata = childOf(object, 'metadata');
  const namespace = type.namespaced ? { namespace: metadata['namespace'] ?? defaults.namespace } : {};
  const name = nameOf({ ...object, metadata: { ...metadata, ...namespace } });
  return {
    apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`,
    ...object,
    metadata: { uid: invented(name), creationTimestamp: defaults.created, ...metadata, ...namespace },
  };
}

/** An object of a kind that only its resource names: `widgets.example.com`. */
function untabledType(kind: string): Pick<ResourceType, 'group' | 'version' | 'namespaced'> {
  return { group: kind.slice(kind.indexOf('.') + 1), version: 'v1', namespaced: true };
}

function withOwnerUids(object: JsonObject, uidOf: (name: ObjectName) => string): JsonObject {
  const metadata = childOf(object, 'metadata');
  const owners = childrenOf(metadata, 'ownerReferences');
  if (owners.length === 0) {
    return object;
  }
  const namespace = textAt(metadata, 'namespace');
  const complete = owners.map((owner) => {
    const [kind, name] = [textAt(owner, 'kind'), textAt(owner, 'name')];
    return { uid: uidOf({ kind, namespace, name }), ...owner };
  });
  return { ...object, metadata: { ...metadata, ownerReferences: complete } };
}

function completeEvent(
  event: JsonObject,
  context: { readonly index: number; readonly uidOf: (name: ObjectName) => string; readonly defaults: Defaults },
): JsonObject {
  const { index, uidOf, defaults } = context;
  const about = childOf(event, 'involvedObject');
  const metadata = childOf(event, 'metadata');
  const [kind, name] = [textAt(about, 'kind'), textAt(about, 'name')];
  const given = [textAt(about, 'namespace'), textAt(metadata, 'namespace'), defaults.namespace].find(
    (text) => text !== '',
  );
  const namespace = findResourceType(kind)?.namespaced === false ? '' : (given ?? '');
  const place = namespace === '' ? {} : { namespace };
  const last = event['lastTimestamp'] ?? event['eventTime'] ?? defaults.clock;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    count: 1,
    firstTimestamp: event['firstTimestamp'] ?? last,
    lastTimestamp: last,
    ...event,
    metadata: {
      // Events about cluster-scoped objects live in `default`.
      name: `${name}.${index.toString(16).padStart(16, '0')}`,
      namespace: namespace === '' ? 'default' : namespace,
      creationTimestamp: last,
      ...metadata,
    },
    involvedObject: { ...place, uid: uidOf({ kind, namespace, name }), ...about },
  };
}

interface LogContext {
  readonly index: number;
  readonly files: ReadonlyMap<string, string>;
  readonly objects: readonly JsonObject[];
  readonly defaults: Defaults;
}

function caseLog(log: NonNullable<CaseDocument['logs']>[number], context: LogContext): CaseLog | string {
  const namespace = log.namespace ?? context.defaults.namespace;
  const container = log.container ?? onlyContainer(context.objects, { kind: 'Pod', namespace, name: log.pod });
  if (container === undefined) {
    return `logs[${context.index}].container: is needed unless the pod has exactly one container`;
  }
  const text = log.text ?? context.files.get(log.file ?? '');
  if (text === undefined) {
    return `logs[${context.index}]: needs \`text\` or a \`file\` that exists`;
  }
  return { namespace, pod: log.pod, container, previous: log.previous ?? false, text };
}

function runbookOf({ read, pool, image, output }: NonNullable<CaseDocument['runbook']>[number]): CaseRunbook {
  return { read, ...(pool === undefined ? {} : { pool }), ...(image === undefined ? {} : { image }), text: output };
}

function onlyContainer(objects: readonly JsonObject[], pod: ObjectName): string | undefined {
  const found = objects.find((object) => keyOf(nameOf(object)) === keyOf(pod));
  const [only, ...more] = found === undefined ? [] : childrenOf(childOf(found, 'spec'), 'containers');
  return only === undefined || more.length > 0 ? undefined : textAt(only, 'name');
}

function duplicates(objects: readonly JsonObject[]): readonly string[] {
  const keys = objects.map((object) => keyOf(nameOf(object)));
  const repeated = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  return [...repeated].map((key) => `objects: ${key} is there more than once`);
}

function keyOf({ kind, namespace, name }: ObjectName): string {
  return [kind, namespace, name].filter((part) => part !== '').join('/');
}

function invented(name: ObjectName): string {
  return `uid-of-${keyOf(name)}`;
}
