import type { JsonObject } from '../../core/facts/json.ts';
import { NO_NODE_NO_LOG } from '../../core/reading/read-words.ts';
import { childOf, childrenOf, textAt } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import { routerRefusal } from './accept.ts';
import { type Answer, textAnswer } from './answer.ts';
import { isTrue, type ResourceRequest } from './request-info.ts';
import { badRequest, invalid, objectNotFound } from './status-answer.ts';
import type { World } from './world.ts';

const POD = resourceOf('Pod');
const NUMBERS = ['tailLines', 'limitBytes', 'sinceSeconds'] as const;
/** The smallest number that each parameter may have. */
const LEAST: Readonly<Record<(typeof NUMBERS)[number], number>> = { tailLines: 0, limitBytes: 1, sinceSeconds: 1 };
/** The kubelet's sentence, sent as the log, for a container whose log was removed. */
const GONE = 'unable to retrieve container logs for ';

interface LogParameters {
  readonly container: string;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
}

/** Answers `GET …/pods/NAME/log` as the API server and the kubelet behind it do. `sinceSeconds` is checked, not applied. */
export function logAnswer(
  request: ResourceRequest,
  parameters: URLSearchParams,
  { world, accept }: { readonly world: World; readonly accept: string | undefined },
): Answer {
  const options = routerRefusal(accept, 'log') ?? logParameters(request.name, parameters);
  if ('status' in options) {
    return options;
  }
  const pod = world.objects.get({ type: POD, namespace: request.namespace, name: request.name })?.object;
  if (pod === undefined) {
    return objectNotFound({ group: '', resource: 'pods', name: request.name });
  }
  const container = chosenContainer(pod, request.name, options.container);
  return typeof container === 'string' ? storedLog(request, { ...options, container }, { pod, world }) : container;
}

function logParameters(pod: string, parameters: URLSearchParams): LogParameters | Answer {
  const numbers = NUMBERS.map((name) => ({ name, text: parameters.get(name) ?? '' })).filter(({ text }) => text !== '');
  const unreadable = numbers.find(({ text }) => !/^[+-]?\d+$/.test(text));
  if (unreadable !== undefined) {
    return badRequest(`strconv.ParseInt: parsing ${JSON.stringify(unreadable.text)}: invalid syntax`);
  }
  const causes = numbers
    .filter(({ name, text }) => Number(text) < LEAST[name])
    .map(({ name, text }) => ({
      field: name,
      message: `Invalid value: ${text}: must be greater than ${LEAST[name] === 0 ? 'or equal to ' : ''}0`,
    }));
  if (causes.length > 0) {
    return invalid({ kind: 'PodLogOptions', name: pod }, causes);
  }
  const given = new Map(numbers.map(({ name, text }) => [name, Number(text)]));
  const [tailLines, limitBytes] = [given.get('tailLines'), given.get('limitBytes')];
  return {
    container: parameters.get('container') ?? '',
    previous: isTrue(parameters.get('previous')),
    timestamps: isTrue(parameters.get('timestamps')),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
  };
}

function chosenContainer(pod: JsonObject, name: string, wanted: string): string | Answer {
  const spec = childOf(pod, 'spec');
  const lists = ['initContainers', 'containers', 'ephemeralContainers'];
  const names = lists.flatMap((list) => childrenOf(spec, list)).map((item) => textAt(item, 'name'));
  const [only = '', ...others] = names;
  if (wanted !== '') {
    return names.includes(wanted) ? wanted : badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  return others.length === 0
    ? only
    : badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
}

function storedLog(
  { namespace, name }: ResourceRequest,
  options: LogParameters,
  { pod, world }: { readonly pod: JsonObject; readonly world: World },
): Answer {
  const { container, previous } = options;
  const known = world.logs.get({ namespace, pod: name, container, previous });
  if (known?.kind === 'text') {
    const text = world.timeline.presentText(known.text, known.recordedAt);
    return textAnswer(cut(options.timestamps ? stamped(text, pod, container) : text, options));
  }
  const words = known?.message ?? wordsForNone(pod, { pod: name, container, previous });
  if (words === NO_NODE_NO_LOG) {
    return { status: 204, contentType: '', body: '' };
  }
  return /not found$|waiting to start|is not valid for pod|not available/.test(words)
    ? badRequest(words)
    : textAnswer(`${GONE}${containerId(statusOf(pod, container), previous)}`);
}

function statusOf(pod: JsonObject, container: string): JsonObject | undefined {
  const status = childOf(pod, 'status');
  const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];
  return lists.flatMap((list) => childrenOf(status, list)).find((item) => textAt(item, 'name') === container);
}

/** Why there is no such log, in the words of the kubelet; empty when the container has run. */
function wordsForNone(
  pod: JsonObject,
  run: { readonly pod: string; readonly container: string; readonly previous: boolean },
): string {
  const status = statusOf(pod, run.container);
  const isUnscheduled = status === undefined && textAt(childOf(pod, 'spec'), 'nodeName') === '';
  return isUnscheduled ? NO_NODE_NO_LOG : reasonForNone(status, run);
}

function reasonForNone(
  status: JsonObject | undefined,
  { pod, container, previous }: { readonly pod: string; readonly container: string; readonly previous: boolean },
): string {
  const last = childOf(childOf(status ?? {}, 'lastState'), 'terminated');
  if (previous) {
    return Object.keys(last).length > 0 ? '' : `previous terminated container "${container}" in pod "${pod}" not found`;
  }
  const state = childOf(status ?? {}, 'state');
  if (state['running'] !== undefined || state['terminated'] !== undefined || Object.keys(last).length > 0) {
    return '';
  }
  if (status === undefined) {
    return `container "${container}" in pod "${pod}" is not available`;
  }
  return `container "${container}" in pod "${pod}" is waiting to start: ${waitingWords(childOf(state, 'waiting'))}`;
}

function waitingWords(waiting: JsonObject): string {
  const reason = textAt(waiting, 'reason');
  const known: Readonly<Record<string, string>> = {
    ErrImagePull: "image can't be pulled",
    ImagePullBackOff: 'trying and failing to pull image',
  };
  return known[reason] ?? reason;
}

function containerId(status: JsonObject | undefined, previous: boolean): string {
  const last = textAt(childOf(childOf(status ?? {}, 'lastState'), 'terminated'), 'containerID');
  return previous ? last : textAt(status ?? {}, 'containerID') || last;
}

/** Every line with the time at which its container started: recordings do not say when lines were written. */
function stamped(text: string, pod: JsonObject, container: string): string {
  const state = childOf(statusOf(pod, container) ?? {}, 'state');
  const started = ['running', 'terminated'].map((name) => textAt(childOf(state, name), 'startedAt')).find(Boolean);
  const time = (started ?? textAt(childOf(pod, 'metadata'), 'creationTimestamp')).replace(/Z$/, '.000000000Z');
  return text.replace(/^(?=[^\n]|\n)/gm, `${time} `);
}

/** The last lines first, then the bytes at the beginning of what is left. */
function cut(text: string, { tailLines, limitBytes }: LogParameters): string | Buffer {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const kept = tailLines === undefined ? text : lines.slice(Math.max(0, lines.length - tailLines)).join('');
  return limitBytes === undefined ? kept : Buffer.from(kept).subarray(0, limitBytes);
}
