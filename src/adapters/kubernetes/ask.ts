import { setTimeout as pause } from 'node:timers/promises';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import { addressOf, failureWords } from './network-words.ts';
import { type Answer, type Failed, send } from './send.ts';
import type { Access, Session } from './session.ts';

/** How long a question may take; the functions are replaced in tests. */
export interface Timing {
  readonly deadlineMs: number;
  readonly requestTimeoutMs: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Who asks, for the audit log of the cluster; default `kubewhy`. */
  readonly userAgent?: string;
}

/** The path with its query, and what is accepted. */
export interface Request {
  readonly path: string;
  readonly accept: string;
  readonly maxBytes: number;
  /** JSON that is posted, where sending it again does no harm: reviews store nothing, Events have names of their own. */
  readonly body?: string;
}

/** No answer of the API server; `words` end a sentence that begins with what was read. */
export interface NoAnswer {
  readonly kind: 'none';
  readonly why: Unreadable['why'];
  readonly words: string;
}

/** Sends the requests of one question. */
export interface Asker {
  ask(request: Request): Promise<Answer | NoAnswer>;
  serverTime(): Date | undefined;
  requestCount(): number;
}

/** Of every retry the budget of the question pays, so a few are enough. */
const MOST_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 4000;

/** Waits without keeping the caller from stopping. */
export async function sleepMs(ms: number): Promise<void> {
  await pause(ms);
}

/** Begins a question: from its first request on, the deadline counts. */
export function beginQuestion(session: Session, timing: Timing): Asker {
  return new Question(session, timing);
}

class Question implements Asker {
  readonly #session: Session;
  readonly #timing: Timing;
  readonly #server: string;
  #count = 0;
  #date: Date | undefined;
  #end: number | undefined;

  constructor(session: Session, timing: Timing) {
    this.#session = session;
    this.#timing = timing;
    this.#server = session.connection.cluster.server;
  }

  serverTime(): Date | undefined {
    return this.#date;
  }

  requestCount(): number {
    return this.#count;
  }

  async ask(request: Request): Promise<Answer | NoAnswer> {
    const access = await this.#session.access();
    this.#end ??= performance.now() + this.#timing.deadlineMs;
    const result = await this.#attempt(request, access);
    if (!isRejected(result, access)) {
      return result;
    }
    this.#session.reject(access);
    return this.#attempt(request, await this.#session.access());
  }

  async #attempt(request: Request, access: Access): Promise<Answer | NoAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const left = this.#left();
      if (left <= 0) {
        const words = `the ${this.#timing.deadlineMs / 1000} s for the whole question were used up`;
        return { kind: 'none', why: 'timeout', words };
      }
      const timeoutMs = Math.min(this.#timing.requestTimeoutMs, left);
      const result = await this.#exchange(request, access, timeoutMs);
      const wait = attempt < MOST_ATTEMPTS ? waitBeforeRetry(result, attempt, this.#timing.random) : undefined;
      if (wait === undefined || wait >= this.#left()) {
        const { kind } = result;
        return kind === 'answer'
          ? result
          : { kind: 'none', ...failureWords(result, addressOf(this.#server), timeoutMs) };
      }
      await this.#timing.sleep(wait);
    }
  }

  #left(): number {
    return (this.#end ?? 0) - performance.now();
  }

  async #exchange(request: Request, access: Access, timeoutMs: number): Promise<Answer | Failed> {
    this.#count += 1;
    const result = await send({
      url: urlOf(this.#server, request.path),
      wire: access.wire,
      headers: {
        ...access.credentials.headers,
        accept: request.accept,
        'user-agent': this.#timing.userAgent ?? 'kubewhy',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      timeoutMs,
      maxBytes: request.maxBytes,
      signal: this.#session.signal,
    });
    this.#session.heard(result);
    this.#date ??= result.kind === 'answer' ? dateOf(result) : undefined;
    return result;
  }
}

function isRejected(result: Answer | NoAnswer, access: Access): boolean {
  return result.kind === 'answer' && result.status === 401 && access.credentials.renewable;
}

/** Milliseconds until the request is sent again; undefined when it is not. */
function waitBeforeRetry(result: Answer | Failed, attempt: number, random: () => number): number | undefined {
  if (!isTransient(result)) {
    return undefined;
  }
  const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + random() / 2);
  return Math.max(backoff, result.kind === 'answer' ? retryAfterMs(result) : 0);
}

function isTransient(result: Answer | Failed): boolean {
  if (result.kind === 'answer') {
    return result.status === 429 || (result.status >= 500 && result.status !== 501);
  }
  return result.reason === 'network' && (result.code === 'ECONNRESET' || result.code === 'EPIPE');
}

function retryAfterMs(answer: Answer): number {
  const header = answer.headers['retry-after'] ?? '';
  if (/^\d{1,6}$/.test(header)) {
    return Number(header) * 1000;
  }
  const until = Date.parse(header);
  const from = dateOf(answer)?.getTime() ?? Date.now();
  return Number.isNaN(until) ? 0 : Math.max(0, until - from);
}

function dateOf(answer: Answer): Date | undefined {
  const time = Date.parse(answer.headers.date ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** The server's URL may have a path of its own, as behind Rancher. */
export function urlOf(server: string, path: string): URL {
  return new URL(`${server.replace(/\/+$/, '')}${path}`);
}
