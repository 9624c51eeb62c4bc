import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../faults.ts';
import { recordCall } from '../record-call.ts';
import type { SimState } from '../state.ts';
import { ApiRefusal } from '../web-api/refusal.ts';

/** What is answered to a request of the app. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Set when the request was refused. */
  readonly error?: string;
}

/** A request of the app: its name among the calls, and how it is carried out unless a fault gets in the way. */
export interface Exchange {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** `forced` is the refusal that a fault asks for. */
  readonly carryOut: (forced?: ApiRefusal) => Answer;
}

/** Answers a request with the fault that is due, and notes the call. */
export async function answerExchange(state: SimState, exchange: Exchange, response: ServerResponse): Promise<void> {
  const fault = state.faults.take(exchange);
  if (fault !== undefined && isRefusedBefore(fault)) {
    await playBefore(state, exchange, fault, response);
    return;
  }
  await (fault?.kind === 'slow' ? delay(fault.milliseconds) : undefined);
  const answer = exchange.carryOut(forcedRefusal(fault));
  note(state, exchange, isLost(fault) ? { ...answer, status: 0 } : answer, fault);
  await (isLost(fault) ? playAfter(state, fault, response) : undefined);
  if (!response.destroyed) {
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }
}

type LostAnswer = Extract<Fault, { kind: 'drop-after-accept' | 'hang' }>;

function isLost(fault: Fault | undefined): fault is LostAnswer {
  return fault?.kind === 'drop-after-accept' || fault?.kind === 'hang';
}

async function playAfter(state: SimState, fault: LostAnswer, response: ServerResponse): Promise<void> {
  if (fault.kind === 'hang') {
    await state.faults.hang();
  } else {
    reset(response);
  }
}

function isRefusedBefore(fault: Fault): boolean {
  const { kind } = fault;
  return kind === 'reset-before-accept' || kind === 'http-error' || (kind === 'hang' && fault.accepted !== true);
}

async function playBefore(state: SimState, exchange: Exchange, fault: Fault, response: ServerResponse): Promise<void> {
  const status = fault.kind === 'http-error' ? (fault.status ?? 500) : 0;
  note(state, exchange, { status, error: fault.kind }, fault);
  if (fault.kind === 'http-error') {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!DOCTYPE html><title>Server Error</title><h1>${status}</h1>`);
    return;
  }
  await (fault.kind === 'hang' ? state.faults.hang() : undefined);
  reset(response);
}

function forcedRefusal(fault: Fault | undefined): ApiRefusal | undefined {
  switch (fault?.kind) {
    case 'rate-limited':
      return new ApiRefusal('ratelimited', { retryAfter: fault.retryAfter });
    case 'error':
      return new ApiRefusal(fault.error);
    case 'invalid-blocks':
      return new ApiRefusal('invalid_blocks', { details: fault.types.map((type) => `unsupported type: ${type}`) });
    default:
      return undefined;
  }
}

function note(
  state: SimState,
  { method, args }: Exchange,
  { status, error }: Pick<Answer, 'status' | 'error'>,
  fault: Fault | undefined,
): void {
  const failed = error === undefined ? { ok: true } : { ok: false, error };
  recordCall(state, { method, args, status, ...failed, ...(fault === undefined ? {} : { fault: fault.kind }) });
}

/** Cuts the connection with a TCP reset. */
function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
  response.destroy();
}

/** An answer with a JSON body. */
export function jsonAnswer(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** An answer with a plain text body. */
export function textAnswer(body: string, status = 200): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** The answer to a refused request; a mistake of the app is noted among the problems. */
export function refusalAnswer(state: SimState, label: string, refusal: ApiRefusal, status: number): Answer {
  const { code, extra, isMistake, retryAfter } = refusal;
  if (isMistake) {
    state.problems.push(`${label}: ${refusal.message}`);
  }
  const body = { ok: false, error: code, ...extra };
  const answer =
    retryAfter === undefined ? jsonAnswer(body, status) : jsonAnswer(body, 429, { 'retry-after': String(retryAfter) });
  return { ...answer, error: code };
}
