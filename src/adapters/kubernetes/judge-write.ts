import { printable, shorten } from '../../core/facts/text.ts';
import type { WriteResult } from '../../ports/cluster-writer.ts';
import { contentOf, parseObject, type Status, statusOf } from './judge-answer.ts';
import { failureWords } from './network-words.ts';
import type { Answer, Failed } from './send.ts';

/** Failures from before anything of the request can have left this machine. */
const NOT_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
/** A proxy in between may have passed on the request and given up on its answer. */
const GAVE_UP: ReadonlySet<number> = new Set([408, 499]);

const LONGEST = 500;

/** A refusal by Kubewhy itself: nothing was sent, so that there is no HTTP status. */
export function notSent(message: string): Extract<WriteResult, { kind: 'refused' }> {
  return { kind: 'refused', status: 0, reason: 'NotSent', message: words(message) };
}

/** Says what became of a request that was sent once. Only what is certain counts as refused; all doubt is `unknown`. */
export function judgeWrite(result: Answer | Failed, address: string, timeoutMs: number): WriteResult {
  if (result.kind === 'failed') {
    const { words } = failureWords(result, address, timeoutMs);
    return NOT_SENT.has(result.code) ? notSent(words) : { kind: 'unknown', message: words };
  }
  return judgeStatus(result, `the API server at ${address}`);
}

function judgeStatus(answer: Answer, server: string): WriteResult {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const object = parseObject(answer.body);
    return object === undefined
      ? { kind: 'unknown', message: foreign(answer, server) }
      : { kind: 'done', status, object };
  }
  const said = statusOf(answer.body);
  if (status >= 400 && status < 500 && !GAVE_UP.has(status)) {
    return said === undefined
      ? { kind: 'refused', status, reason: '', message: foreign(answer, server) }
      : { kind: 'refused', status, reason: words(said.reason), message: words(refusalText(said, status)) };
  }
  const message = said === undefined ? foreign(answer, server) : `${server} answered ${status}: ${words(said.message)}`;
  return { kind: 'unknown', message };
}

/** The message of an eviction that is refused does not say which budget it is, nor what that counts. */
function refusalText({ message, cause }: Status, status: number): string {
  return status === 429 && cause !== '' ? `${message} ${cause}` : message;
}

function words(text: string): string {
  return shorten(printable(text), LONGEST);
}

function foreign(answer: Answer, server: string): string {
  return `${server} answered ${answer.status} with ${contentOf(answer)} instead of a Kubernetes answer`;
}
