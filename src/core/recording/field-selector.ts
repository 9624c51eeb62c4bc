import type { Json, JsonObject } from '../facts/json.ts';
import { childOf, isJsonObject, textAt } from './object-parts.ts';

/** The fields that the API server lets one select by, besides name and namespace. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
  ReplicaSet: ['status.replicas'],
  Job: ['status.successful'],
};

const GENERAL = ['metadata.name', 'metadata.namespace'];
/** Fields that are `false` when they are absent. */
const SWITCHES: ReadonlySet<string> = new Set(['spec.hostNetwork', 'spec.unschedulable']);

/** A compiled field selector, or the API server's words for why there is none. */
export type FieldMatcher =
  | { readonly ok: true; readonly matches: (object: JsonObject) => boolean }
  | { readonly ok: false; readonly message: string };

interface Requirement {
  readonly field: string;
  readonly negated: boolean;
  readonly value: string;
}

/** Compiles a field selector for objects of a kind. */
export function fieldMatcher(selector: string, kind: string): FieldMatcher {
  const requirements: Requirement[] = [];
  for (const term of selector.split(',').filter((part) => part.trim() !== '')) {
    const [, field, operator, value] = /^\s*([^\s!=]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(term) ?? [];
    if (field === undefined || value === undefined) {
      return { ok: false, message: `invalid field selector: ${term}` };
    }
    if (!GENERAL.includes(field) && SELECTABLE[kind]?.includes(field) !== true) {
      return { ok: false, message: `field label not supported: ${field}` };
    }
    requirements.push({ field, negated: operator === '!=', value });
  }
  return {
    ok: true,
    matches: (object) =>
      requirements.every(({ field, negated, value }) => (fieldValue(object, field) === value) !== negated),
  };
}

function fieldValue(object: JsonObject, field: string): string {
  if (field === 'source') {
    const component = textAt(childOf(object, 'source'), 'component');
    return component === '' ? textAt(object, 'reportingComponent') : component;
  }
  const path = field === 'status.successful' ? 'status.succeeded' : field;
  let value: Json | undefined = object;
  for (const key of path.split('.')) {
    value = isJsonObject(value) ? value[key] : undefined;
  }
  const absent = SWITCHES.has(field) ? 'false' : '';
  return value === undefined || value === null || typeof value === 'object' ? absent : String(value);
}
