import { getWords, logWords, NO_NODE_NO_LOG, type ReadWords } from '../../core/reading/read-words.ts';
import type {
  ClusterReader,
  GetQuery,
  GetResult,
  LogQuery,
  LogResult,
  Unreadable,
} from '../../ports/cluster-reader.ts';
import type { Asker } from './ask.ts';
import { jsonOf, type Refused, type Server } from './judge-answer.ts';
import { listObjects } from './list-objects.ts';
import { logText } from './log-text.ts';
import { acceptObject, isObject, typedObject } from './object-shape.ts';
import { type Read, reading } from './read.ts';
import { LOG_BYTES, LOG_LINES, logPath, objectPath } from './request-path.ts';
import { unreadable } from './unreadable.ts';

/** Nothing that Kubernetes stores in one object comes near this. */
const OBJECT_BYTES = 16 * 1024 * 1024;
/** What is read when a server ignores `limitBytes`. */
const HOSTILE_LOG_BYTES = 2 * 1024 * 1024;
/** Lines asked for when 200 lines were longer than the server may send. */
const FEW_LOG_LINES = 20;

/** Reads a cluster through the requests of one question. */
export function kubernetesClusterReader(asker: Asker, server: () => Server): ClusterReader {
  const read = reading(asker, server);
  return {
    get: (query) => getObject(query, read, server),
    list: (query) => listObjects(query, read, server),
    logs: (query) => readLog(query, read),
    serverTime: () => asker.serverTime(),
    requestCount: () => asker.requestCount(),
  };
}

async function getObject(query: GetQuery, read: Read, server: () => Server): Promise<GetResult> {
  const words = getWords(query);
  const path = objectPath(query);
  if (path === undefined) {
    return { kind: 'missing', message: `${query.resource.kind} "${query.name}" cannot exist: the name is not valid` };
  }
  const answer = await read({ path, accept: acceptObject(query.metadataOnly), maxBytes: OBJECT_BYTES }, words);
  if (answer.kind === 'unreadable') {
    return answer;
  }
  if (answer.kind === 'refused') {
    return answer.status === 404 ? { kind: 'missing', message: answer.message } : refusedWords(answer, words);
  }
  const json = jsonOf(answer, words, server());
  if (json.kind === 'unreadable') {
    return json;
  }
  return isObject(json.object['metadata'])
    ? { kind: 'found', object: typedObject(json.object, query.resource, query.metadataOnly) }
    : unreadable('invalid', words, `the API server at ${server().address} answered with something that is no object`);
}

async function readLog(query: LogQuery, read: Read): Promise<LogResult> {
  const result = await requestLog(query, read, LOG_LINES);
  // The server cuts the newest lines when the limit is reached; those are the ones that matter.
  const cut = result.kind === 'found' && result.bytes >= LOG_BYTES;
  const final = cut ? await requestLog(query, read, FEW_LOG_LINES) : result;
  return final.kind === 'found' ? { kind: 'found', text: final.text } : final;
}

async function requestLog(
  query: LogQuery,
  read: Read,
  lines: number,
): Promise<
  { readonly kind: 'found'; readonly text: string; readonly bytes: number } | Exclude<LogResult, { kind: 'found' }>
> {
  const words = logWords(query);
  const path = logPath(query, lines);
  if (path === undefined) {
    return { kind: 'missing', message: `Pod "${query.pod}" cannot exist: the name is not valid` };
  }
  const answer = await read({ path, accept: '*/*', maxBytes: HOSTILE_LOG_BYTES }, words);
  if (answer.kind === 'unreadable') {
    return answer;
  }
  if (answer.kind === 'refused') {
    const message = noLogWords(answer);
    return message === undefined ? refusedWords(answer, words) : { kind: 'missing', message };
  }
  const text = logText(answer.body);
  return text === undefined
    ? { kind: 'missing', message: 'the node no longer keeps this log' }
    : { kind: 'found', text, bytes: answer.body.length };
}

/** 404 for the pod; 400 for a container that has not run (again) or does not exist; 204 before the pod has a node. */
function noLogWords({ status, message }: Refused): string | undefined {
  if (status === 204) {
    return NO_NODE_NO_LOG;
  }
  const isMissing =
    status === 404 ||
    (status === 400 && /\bnot found$|waiting to start|is not valid for pod|not available/.test(message));
  return isMissing ? message : undefined;
}

function refusedWords(answer: Refused, words: ReadWords): Unreadable {
  return unreadable('invalid', words, `the API server answered ${answer.status}: ${answer.message}`);
}
