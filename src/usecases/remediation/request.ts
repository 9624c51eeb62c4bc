import type { Effect } from '../../actions/action.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import { redactText } from '../../core/redaction/redact.ts';
import {
  budgetEnd,
  type PlainEnd,
  type Reply,
  type ReplyFacts,
  refusedWords,
  sentenceOf,
} from '../../core/remediation/reply-table.ts';
import type { WriteRequest, WriteResult } from '../../ports/cluster-writer.ts';
import type { RunbookOutput } from '../../ports/runbook-runner.ts';
import type { ExecutorDeps } from './remediation-deps.ts';
import { commandText, outputText } from './run-step.ts';

const LONGEST_MESSAGE = 300;

/** What a dry run said. */
export type Tried =
  /** There is nothing to try of a command: what it reads before was its dry run. */
  | { readonly kind: 'accepted'; readonly says: string }
  | { readonly kind: 'refused'; readonly says: string; readonly end: PlainEnd };

/** Asks the API server what it would answer; changes nothing. */
export async function tryOut(
  effect: Effect,
  remediation: string,
  { writer }: Pick<ExecutorDeps, 'writer'>,
): Promise<Tried> {
  if (effect.kind === 'runbook') {
    return { kind: 'accepted', says: `${commandText(effect.step)} has no dry run; what it depends on was read` };
  }
  const result = await writer.send(effect.request, { dryRun: true, remediation });
  if (result.kind === 'done') {
    return { kind: 'accepted', says: `HTTP ${result.status}: the API server would do it` };
  }
  return { kind: 'refused', says: replyWords(replyOf(result)), end: endOfTry(result, effect) };
}

function endOfTry(result: Exclude<WriteResult, { kind: 'done' }>, effect: Effect): PlainEnd {
  const says = sentenceOf(messageText(result.message));
  if (result.kind === 'unknown') {
    return {
      state: 'blocked',
      reason: `The API server did not answer the dry run, so nothing was changed: ${says} Try again when it answers.`,
    };
  }
  const { evicts, tests } = requestFacts(effect);
  const { status } = result;
  if (status === 404 || status === 409 || (status === 422 && tests)) {
    return {
      state: 'superseded',
      reason: `The object is not as it was, so nothing was changed: ${says} Diagnose it again.`,
    };
  }
  return status === 429 && evicts
    ? budgetEnd(says)
    : { state: 'failed', reason: refusedWords(status, `The API server refuses it, so nothing was changed: ${says}`) };
}

/** Sends the one change, once. What it throws is no answer either. */
export async function sendOnce(
  effect: Effect,
  remediation: string,
  { writer, runbook }: Pick<ExecutorDeps, 'writer' | 'runbook'>,
): Promise<{ readonly reply: Reply; readonly output: string }> {
  try {
    if (effect.kind === 'kubernetes') {
      const reply = replyOf(await writer.send(effect.request, { dryRun: false, remediation }));
      return { reply, output: replyWords(reply) };
    }
    const output = await runbook?.run(effect.step);
    return output === undefined ? noPlace() : { reply: replyOfCommand(output), output: outputText(output) };
  } catch (error) {
    const message = messageText(error instanceof Error ? error.message : 'it failed');
    return { reply: { kind: 'unknown', message }, output: message };
  }
}

function noPlace(): { readonly reply: Reply; readonly output: string } {
  const message = 'no place for runbook steps is configured for this cluster';
  return { reply: { kind: 'refused', status: 400, message }, output: message };
}

function replyOf(result: WriteResult): Reply {
  switch (result.kind) {
    case 'done':
      return { kind: 'done', status: result.status };
    case 'refused':
      return { kind: 'refused', status: result.status, message: messageText(result.message) };
    case 'unknown':
      return { kind: 'unknown', message: messageText(result.message) };
    default:
      return result satisfies never;
  }
}

/** A command that fails may have come as far as its effect: only a look at the object tells, as after a conflict. */
function replyOfCommand(output: RunbookOutput): Reply {
  if (output.kind === 'unknown') {
    return { kind: 'unknown', message: messageText(output.message) };
  }
  return output.exitCode === 0
    ? { kind: 'done', status: 0 }
    : { kind: 'refused', status: 409, message: messageText(output.stderr === '' ? output.stdout : output.stderr) };
}

/** `HTTP 200`, `HTTP 409: the UID in the precondition …`. */
export function replyWords(reply: Reply): string {
  switch (reply.kind) {
    case 'done':
      return reply.status === 0 ? 'done' : `HTTP ${reply.status}`;
    case 'refused':
      return `HTTP ${reply.status}: ${reply.message}`;
    case 'unknown':
      return `no definite answer: ${reply.message}`;
    default:
      return reply satisfies never;
  }
}

function messageText(message: string): string {
  return shorten(oneLine(redactText(message.slice(0, LONGEST_MESSAGE * 4))), LONGEST_MESSAGE);
}

/** What of an effect decides what a reply to it means. */
export function requestFacts(effect: Effect): Pick<ReplyFacts, 'evicts' | 'tests'> {
  if (effect.kind === 'runbook') {
    return { evicts: false, tests: true };
  }
  const { verb, path } = effect.request;
  return { evicts: verb === 'create' && path.at(-1) === 'eviction', tests: verb === 'patch' };
}

/** `DELETE /api/v1/namespaces/shop/pods/web-0`, for the audit. */
export function requestLine(effect: Effect): string {
  return effect.kind === 'runbook'
    ? commandText(effect.step)
    : `${verbWord(effect.request)} /${effect.request.path.join('/')}`;
}

function verbWord({ verb }: WriteRequest): string {
  return { delete: 'DELETE', create: 'POST', patch: 'PATCH', update: 'PUT' }[verb];
}
