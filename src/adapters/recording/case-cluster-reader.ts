import type { JsonObject } from '../../core/facts/json.ts';
import {
  couldNotRead,
  getWords,
  listReadWords,
  logWords,
  NO_NODE_NO_LOG,
  permissionMissing,
  type ReadWords,
  runbookWords,
} from '../../core/reading/read-words.ts';
import { compileFieldSelector } from '../../core/recording/field-selector.ts';
import { compileLabelSelector } from '../../core/recording/label-selector.ts';
import { childOf, childrenOf, metadataPart, nameOf, textAt } from '../../core/recording/object-parts.ts';
import type { CaseRecording, CaseRunbook } from '../../core/recording/recording.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import type {
  ClusterReader,
  GetQuery,
  GetResult,
  ListQuery,
  ListResult,
  LogQuery,
  LogResult,
  RunbookQuery,
  RunbookResult,
  Unreadable,
} from '../../ports/cluster-reader.ts';

const DEFAULT_LIMIT = 500;

/** Answers as an API server would that holds exactly the objects of a case. */
export function caseClusterReader(recording: CaseRecording): ClusterReader {
  const { runbook } = recording;
  let count = 0;
  const counted = async <T>(answer: () => T): Promise<T> => {
    count += 1;
    return answer();
  };
  return {
    get: (query) => counted(() => getObject(recording, query)),
    list: (query) => counted(() => listObjects(recording, query)),
    logs: (query) => counted(() => readLog(recording, query)),
    ...(runbook === undefined ? {} : { runbook: async (query) => runStep(recording, runbook, query) }),
    serverTime: () => (count === 0 ? undefined : new Date(recording.clock)),
    requestCount: () => count,
  };
}

function getObject(recording: CaseRecording, query: GetQuery): GetResult {
  const { resource, namespace, name } = query;
  const failure = failureOf(recording, { resource: resource.resource, namespace, name }, getWords(query));
  if (failure !== undefined) {
    return failure;
  }
  const found = ofType(recording, resource, namespace).find((object) => nameOf(object).name === name);
  if (found === undefined) {
    return { kind: 'missing', message: `${qualified(resource)} "${name}" not found` };
  }
  return { kind: 'found', object: query.metadataOnly === true ? metadataPart(found) : found };
}

function listObjects(recording: CaseRecording, query: ListQuery): ListResult {
  const { resource, namespace, labelSelector = '', fieldSelector = '', limit = DEFAULT_LIMIT } = query;
  const words = listReadWords(query);
  const failure = failureOf(recording, { resource: resource.resource, namespace }, words);
  if (failure !== undefined) {
    return failure;
  }
  const labels = compileLabelSelector(labelSelector);
  const fields = compileFieldSelector(fieldSelector, resource.kind);
  if (!labels.ok) {
    return refusedSelector(words, labels.message);
  }
  if (!fields.ok) {
    return refusedSelector(words, fields.message);
  }
  const fitting = ofType(recording, resource, namespace)
    .filter((object) => labels.matches(object) && fields.matches(object))
    .toSorted(inServerOrder);
  const objects = fitting.slice(0, limit);
  return {
    kind: 'found',
    objects: query.metadataOnly === true ? objects.map(metadataPart) : objects,
    truncated: fitting.length > limit,
  };
}

function refusedSelector(words: ReadWords, message: string): Unreadable {
  return {
    kind: 'unreadable',
    why: 'invalid',
    message: couldNotRead(words, `the API server answered 400: ${message}`),
  };
}

function readLog(recording: CaseRecording, query: LogQuery): LogResult {
  const { namespace, pod, container, previous = false } = query;
  const failure = failureOf(recording, { resource: 'pods/log', namespace, name: pod }, logWords(query));
  if (failure !== undefined) {
    return failure;
  }
  const known = recording.logs.find(
    (log) => log.namespace === namespace && log.pod === pod && log.container === container && log.previous === previous,
  );
  return known === undefined
    ? { kind: 'missing', message: noLog(recording, query) }
    : { kind: 'found', text: known.text };
}

function runStep(recording: CaseRecording, known: readonly CaseRunbook[], query: RunbookQuery): RunbookResult {
  const { read, pool, image } = query;
  const failure = failureOf(recording, { resource: read, namespace: undefined }, runbookWords(query));
  if (failure !== undefined) {
    return failure;
  }
  const step = known.find((one) => one.read === read && one.pool === pool && one.image === image);
  return step === undefined
    ? { kind: 'missing', message: `rbd: error opening image ${image ?? ''}: (2) No such file or directory` }
    : { kind: 'found', text: step.text };
}

function noLog(recording: CaseRecording, { namespace, pod, container, previous }: LogQuery): string {
  const found = recording.objects.find((object) => {
    const name = nameOf(object);
    return name.kind === 'Pod' && name.namespace === namespace && name.name === pod;
  });
  if (found === undefined) {
    return `pods "${pod}" not found`;
  }
  const spec = childOf(found, 'spec');
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => childrenOf(spec, list));
  if (!containers.some((item) => textAt(item, 'name') === container)) {
    return `container ${container} is not valid for pod ${pod}`;
  }
  const isScheduled =
    textAt(spec, 'nodeName') !== '' || childrenOf(childOf(found, 'status'), 'containerStatuses').length > 0;
  if (!isScheduled) {
    return NO_NODE_NO_LOG;
  }
  return previous === true
    ? `previous terminated container "${container}" in pod "${pod}" not found`
    : `container "${container}" in pod "${pod}" is waiting to start`;
}

interface Asked {
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name?: string;
}

function failureOf(recording: CaseRecording, asked: Asked, words: ReadWords): Unreadable | undefined {
  const rule = recording.unreadable.find(
    (entry) =>
      entry.resource.split('.', 1)[0] === asked.resource &&
      (entry.namespace === undefined || entry.namespace === asked.namespace) &&
      (entry.name === undefined || entry.name === asked.name),
  );
  if (rule === undefined) {
    return undefined;
  }
  const standard =
    rule.why === 'forbidden' ? permissionMissing(words) : couldNotRead(words, WORDS[rule.why] ?? rule.why);
  return { kind: 'unreadable', why: rule.why, message: rule.message ?? standard };
}

const WORDS: Readonly<Record<string, string>> = {
  timeout: 'the API server did not answer within 5 s',
  unavailable: 'the API server refuses connections: nothing listens there',
  unauthorized: 'the API server does not accept the credentials',
  invalid: 'the API server answered with something that is not JSON',
};

function ofType(
  recording: CaseRecording,
  resource: ResourceType,
  namespace: string | undefined,
): readonly JsonObject[] {
  return recording.objects.filter((object) => {
    const name = nameOf(object);
    return (
      name.kind === resource.kind && (!resource.namespaced || namespace === undefined || name.namespace === namespace)
    );
  });
}

function qualified({ resource, group }: ResourceType): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** The order of the API server's storage: by namespace, then by name. */
function inServerOrder(a: JsonObject, b: JsonObject): number {
  const [left, right] = [a, b].map((object) => `${nameOf(object).namespace}/${nameOf(object).name}`);
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}
