import type { Json, JsonObject } from '../facts/json.ts';
import { parseFieldSelector } from './field-parser.ts';
import { childOf, isJsonObject, textAt } from './object-parts.ts';
import type { Selection } from './selection.ts';

/** The fields that the API server lets one select by, besides name and namespace. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.host',
    'spec.hostNetwork',
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.nominatedNodeName',
    'status.phase',
    'status.podIP',
    'status.podIPs',
  ],
  Event: [
    'involvedObject.apiVersion',
    'involvedObject.fieldPath',
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.resourceVersion',
    'involvedObject.uid',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Job: ['status.successful'],
  CertificateSigningRequest: ['spec.signerName'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
};

/** Kinds that cannot even be selected by the namespace that they do not have, unlike others without one. */
const WITHOUT_NAMESPACE: ReadonlySet<string> = new Set(['CertificateSigningRequest', 'Namespace', 'Node']);
/** Fields that stand elsewhere in the object. */
const PLACES: Readonly<Record<string, string>> = {
  'spec.host': 'spec.nodeName',
  'status.successful': 'status.succeeded',
};
/** What absent fields count as, if not as the empty text. */
const ABSENT: Readonly<Record<string, string>> = {
  'spec.hostNetwork': 'false',
  'spec.unschedulable': 'false',
  'status.successful': '0',
};
/** Kinds whose refusals name the field only; the others list the two general fields. */
const PLAIN_WORDS: ReadonlySet<string> = new Set([
  'CertificateSigningRequest',
  'Event',
  'Namespace',
  'Node',
  'Pod',
  'Secret',
  'Service',
]);

/** Compiles a field selector for objects of a kind, with the fields and the messages of the API server. */
export function compileFieldSelector(selector: string, kind: string): Selection {
  const parsed = parseFieldSelector(selector);
  if (!parsed.ok) {
    return parsed;
  }
  const { terms } = parsed;
  const refused = terms.find(({ field }) => !isSelectable(field, kind));
  if (refused !== undefined) {
    return { ok: false, message: refusedWords(refused.field, kind) };
  }
  return {
    ok: true,
    matches: (object) => terms.every(({ field, negated, value }) => (fieldValue(object, field) === value) !== negated),
  };
}

function isSelectable(field: string, kind: string): boolean {
  if (field === 'metadata.namespace') {
    return !WITHOUT_NAMESPACE.has(kind);
  }
  return field === 'metadata.name' || SELECTABLE[kind]?.includes(field) === true;
}

function refusedWords(field: string, kind: string): string {
  if (PLAIN_WORDS.has(kind)) {
    return `field label not supported: ${field}`;
  }
  return kind === 'Job'
    ? `field label ${JSON.stringify(field)} not supported for Job`
    : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function fieldValue(object: JsonObject, field: string): string {
  if (field === 'source') {
    const component = textAt(childOf(object, 'source'), 'component');
    return component === '' ? textAt(object, 'reportingComponent') : component;
  }
  let value: Json | undefined = object;
  for (const key of (PLACES[field] ?? field).split('.')) {
    value = isJsonObject(value) ? value[key] : undefined;
  }
  // Lists, such as the addresses of a pod, can be named but are never there.
  return value === undefined || value === null || typeof value === 'object' ? (ABSENT[field] ?? '') : String(value);
}
