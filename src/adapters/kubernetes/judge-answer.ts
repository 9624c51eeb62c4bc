import type { Json, JsonObject } from '../../core/facts/json.ts';
import { printable, shorten } from '../../core/facts/text.ts';
import type { ReadWords } from '../../core/reading/read-words.ts';
import { childOf, childrenOf, textAt } from '../../core/recording/object-parts.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import { isObject } from './object-shape.ts';
import type { Answer } from './send.ts';
import { forbidden, unreadable } from './unreadable.ts';

/** The part of a Kubernetes `Status` that is used; hostile text. */
export interface Status {
  readonly message: string;
  readonly reason: string;
  /** The first cause of its details, such as which disruption budget forbids an eviction; empty where there is none. */
  readonly cause: string;
}

/** An answer that is neither success nor unreadable: the caller knows what it means for its verb. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly reason: string;
  /** What the API server says, safe to print. */
  readonly message: string;
}

/** Whose answer it is, for messages. */
export interface Server {
  readonly address: string;
  /** What is known about the credentials, such as when they expired; empty or ends a sentence. */
  readonly credentials: string;
}

/** Sorts an answer: success, a refusal with a Kubernetes Status (400, 404, 410) or without content (204), or unreadable. */
export function judgeAnswer(
  answer: Answer,
  read: ReadWords,
  server: Server,
): { readonly kind: 'ok' } | Refused | Unreadable {
  const name = `the API server at ${server.address}`;
  if (answer.status === 200) {
    return { kind: 'ok' };
  }
  if (answer.status === 204) {
    return { kind: 'refused', status: 204, reason: '', message: 'no content' };
  }
  if (answer.status === 401) {
    return unreadable('unauthorized', read, `${name} does not accept the credentials${server.credentials}`);
  }
  const status = statusOf(answer.body);
  if (status === undefined) {
    return notKubernetes(answer, read, name);
  }
  if (answer.status === 403) {
    return /\bsystem:anonymous\b/.test(status.message)
      ? unreadable(
          'unauthorized',
          read,
          `${name} treats the request as anonymous, the kubeconfig gives no valid credentials`,
        )
      : forbidden(read);
  }
  if (answer.status === 429 || answer.status >= 500) {
    const why = answer.status === 504 ? 'timeout' : 'unavailable';
    return unreadable(why, read, `${name} answered ${answer.status}${said(status.message)}`);
  }
  return {
    kind: 'refused',
    status: answer.status,
    reason: status.reason,
    message: shorten(printable(status.message), 500),
  };
}

function notKubernetes(answer: Answer, read: ReadWords, name: string): Unreadable {
  if (answer.status === 429 || answer.status >= 500) {
    return unreadable('unavailable', read, `${name} answered ${answer.status}, with no word why`);
  }
  const redirect = answer.status >= 300 && answer.status < 400;
  const like = redirect ? 'a redirect, as log-in pages do' : contentOf(answer);
  return unreadable('invalid', read, `${name} answered ${answer.status} with ${like} instead of a Kubernetes answer`);
}

/** What an answer holds that is no Kubernetes answer, for sentences. */
export function contentOf(answer: Answer): string {
  const type = (answer.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
  const looksHtml =
    type === 'text/html' || /^\s*<(?:!doctype|html)/i.test(answer.body.subarray(0, 100).toString('latin1'));
  if (looksHtml) {
    return 'a web page';
  }
  return answer.body.length === 0 ? 'nothing' : 'something';
}

function said(message: string): string {
  return message === '' ? '' : `: ${shorten(message, 300)}`;
}

/** The JSON object of a successful answer, or why there is none. */
export function jsonOf(
  answer: Answer,
  read: ReadWords,
  server: Server,
): { readonly kind: 'json'; readonly object: JsonObject } | Unreadable {
  const object = parseObject(answer.body);
  if (object !== undefined) {
    return { kind: 'json', object };
  }
  const content = contentOf(answer) === 'a web page' ? 'a web page' : 'something that is not JSON';
  return unreadable('invalid', read, `the API server at ${server.address} answered with ${content}`);
}

/** The JSON object of a body; undefined for anything else. */
export function parseObject(body: Buffer): JsonObject | undefined {
  try {
    // JSON.parse gives JSON.
    const parsed = JSON.parse(body.toString('utf8')) as Json;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The Kubernetes `Status` of a body; undefined for anything else. */
export function statusOf(body: Buffer): Status | undefined {
  const parsed = parseObject(body);
  if (parsed?.['kind'] !== 'Status') {
    return undefined;
  }
  const [cause = {}] = childrenOf(childOf(parsed, 'details'), 'causes');
  return { message: textAt(parsed, 'message'), reason: textAt(parsed, 'reason'), cause: textAt(cause, 'message') };
}
