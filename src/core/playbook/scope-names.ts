import type { ExpressionShape } from '../expression/cel-shape.ts';
import { nearestNames } from '../facts/nearest.ts';
import type { SubjectKind } from '../subject/kinds.ts';

/** The names that one playbook may use. */
export interface NameScope {
  readonly subjects: readonly SubjectKind[];
  readonly functions: readonly string[];
  /** Bound before the trigger: forEach, match, let. */
  readonly early: readonly string[];
  /** Bound after the trigger: needs and root. */
  readonly late: readonly string[];
}

/** Base facts of every subject. */
const COMMON_FACTS = ['subject', 'object', 'heldBy', 'events', 'conditions', 'state', 'now'] as const;
const POD_FACTS = [
  'pod',
  'containers',
  'scheduling',
  'references',
  'mounts',
  'owner',
  'controller',
  'node',
  'hasOlderRevision',
] as const;
const NODE_FACTS = ['node', 'lease'] as const;
const NAMESPACE_FACTS = ['namespace', 'content', 'pods'] as const;
const WORKLOAD_FACTS = ['workload', 'template', 'pods', 'children', 'refusals', 'hasOlderRevision'] as const;

/** Fields of every object that was read by name. */
const OBJECT_FIELDS = [
  'exists',
  'kind',
  'name',
  'namespace',
  'labels',
  'annotations',
  'created',
  'changed',
  'keys',
  'finalizers',
  'conditions',
  'object',
] as const;

/** Fields of the facts that code derives; a misspelt field would otherwise read as "absent". */
const KNOWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  subject: ['kind', 'namespace', 'name', 'uid'],
  container: [
    'name',
    'kind',
    'index',
    'image',
    'spec',
    'now',
    'last',
    'death',
    'restarts',
    'ready',
    'started',
    'failing',
    'unstable',
    'witnessed',
    'events',
    'texts',
    'backoff',
  ],
  state: [
    'verdict',
    'status',
    'since',
    'scheduled',
    'ready',
    'ageSeconds',
    'overdueSeconds',
    'accepted',
    'neverStarted',
    'desired',
    'paused',
    'notes',
    'pressures',
    'cordoned',
    'troubles',
    'deletingSeconds',
    'slow',
  ],
  lease: ['exists', 'renewed', 'stamped', 'ageSeconds', 'durationSeconds', 'skewSeconds'],
  scheduling: ['message', 'total', 'preFilter', 'reasons', 'classes', 'preemption'],
  node: [...OBJECT_FIELDS, 'ready'],
  namespace: OBJECT_FIELDS,
  content: ['items', 'finalizers', 'groups'],
  owner: OBJECT_FIELDS,
  controller: OBJECT_FIELDS,
};

/** Functions of the CEL standard library and its string extension. */
const STANDARD_FUNCTIONS = [
  'size',
  'contains',
  'startsWith',
  'endsWith',
  'matches',
  'string',
  'int',
  'uint',
  'double',
  'bool',
  'type',
  'dyn',
  'bytes',
  'timestamp',
  'duration',
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfWeek',
  'getHours',
  'getMinutes',
  'getSeconds',
  'charAt',
  'indexOf',
  'lastIndexOf',
  'join',
  'lowerAscii',
  'upperAscii',
  'replace',
  'split',
  'substring',
  'trim',
  'format',
];

/** One reason per name, function or field that does not exist there; `late` allows the needs of the playbook. */
export function unknownNames(shape: ExpressionShape, scope: NameScope, late: boolean): readonly string[] {
  const variables = [...baseFacts(scope.subjects), ...scope.early, ...(late ? scope.late : [])];
  const functions = [...STANDARD_FUNCTIONS, ...scope.functions];
  return [
    ...shape.variables
      .filter((name) => !variables.includes(name))
      .map((name) => unknownFact(name, scope, variables, late)),
    ...shape.functions.filter((name) => !functions.includes(name)).map((name) => unknown('function', name, functions)),
    ...shape.fields.flatMap((field) => unknownField(field, scope)),
  ];
}

/** The facts that exist for all of these subjects before anything further is read. */
export function baseFacts(subjects: readonly SubjectKind[]): readonly string[] {
  const perKind = subjects.map((kind) => {
    if (kind === 'Pod') {
      return POD_FACTS;
    }
    if (kind === 'Node') {
      return NODE_FACTS;
    }
    if (kind === 'Namespace') {
      return NAMESPACE_FACTS;
    }
    return kind === 'PersistentVolumeClaim' || kind === 'Ingress' ? [] : WORKLOAD_FACTS;
  });
  const [first = [], ...rest] = perKind;
  return [...COMMON_FACTS, ...first.filter((name) => rest.every((names: readonly string[]) => names.includes(name)))];
}

function unknownFact(name: string, scope: NameScope, variables: readonly string[], late: boolean): string {
  return !late && scope.late.includes(name)
    ? `"${name}" is read only after the trigger holds`
    : unknown('fact', name, variables);
}

function unknownField(field: string, scope: NameScope): readonly string[] {
  const [variable = '', name = ''] = field.split('.');
  const fields =
    scope.late.includes(variable) || !Object.hasOwn(KNOWN_FIELDS, variable) ? undefined : KNOWN_FIELDS[variable];
  return fields === undefined || fields.includes(name) ? [] : [unknown(`field of ${variable}`, name, fields)];
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const [near] = nearestNames(name, known);
  return `there is no ${what} "${name}"${near === undefined ? '' : `; "${near}" exists`}`;
}
