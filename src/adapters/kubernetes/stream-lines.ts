import type { IncomingMessage } from 'node:http';
import { BoundedLines } from './bounded-lines.ts';
import { type Answer, collect, type Failed, networkFailure, type WireRequest } from './send.ts';

/** A request whose answer goes on. */
export interface StreamRequest extends Omit<WireRequest, 'body' | 'timeoutMs' | 'maxBytes'> {
  /** For the beginning of the answer. */
  readonly answerMs: number;
  /** The stream counts as broken when nothing comes for so long. */
  readonly idleMs: number;
  /** A longer line breaks the stream. */
  readonly longestLine: number;
  /** Gets each line; `false` ends the stream. */
  readonly line: (text: string) => boolean;
  /** The answer began. */
  readonly opened: () => void;
}

/** How a stream ended. */
export type StreamEnd =
  /** The server ended it in order, or the receiver of the lines did. */
  | { readonly kind: 'ended' }
  /** The answer was not 200. */
  | Answer
  | Failed;

/** An answer that is no stream is an error and short. */
const MOST_BYTES = 1024 * 1024;

/** Reads an answer line by line until it ends. Never rejects. */
export function streamLines(request: StreamRequest): Promise<StreamEnd> {
  return new Promise((resolve) => {
    const { agent, request: open } = request.wire;
    const outgoing = open(request.url, {
      agent,
      method: 'GET',
      headers: { ...request.headers, 'accept-encoding': 'identity' },
      signal: request.signal,
    });
    const timer = new Deadline(() => finish({ kind: 'failed', reason: 'timeout', code: 'TIMEOUT' }));
    const finish = (end: StreamEnd): void => {
      timer.clear();
      resolve(end);
      outgoing.destroy();
    };
    timer.set(request.answerMs);
    outgoing.on('error', (error) => finish(networkFailure(error)));
    outgoing.on('response', (response) => {
      if (response.statusCode === 200) {
        request.opened();
        timer.set(request.idleMs);
        readLines(response, { request, timer, finish });
      } else {
        collect(response, MOST_BYTES, finish);
      }
    });
    outgoing.end();
  });
}

interface Reading {
  readonly request: StreamRequest;
  readonly timer: Deadline;
  readonly finish: (end: StreamEnd) => void;
}

function readLines(response: IncomingMessage, { request, timer, finish }: Reading): void {
  const lines = new BoundedLines(request.longestLine);
  let goesOn = true;
  response.on('data', (chunk: Buffer) => {
    timer.set(request.idleMs);
    const complete = lines.push(chunk);
    if (complete === 'too-long') {
      goesOn = false;
      finish({ kind: 'failed', reason: 'too-big', code: 'TOO_BIG' });
      return;
    }
    for (const line of complete) {
      goesOn = goesOn && request.line(line);
    }
    if (!goesOn) {
      finish({ kind: 'ended' });
    }
  });
  response.on('error', (error) => finish(networkFailure(error)));
  response.on('close', () =>
    finish(response.complete ? { kind: 'ended' } : { kind: 'failed', reason: 'network', code: 'ECONNRESET' }),
  );
}

/** A time limit that begins anew. */
class Deadline {
  readonly #passed: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(passed: () => void) {
    this.#passed = passed;
  }

  set(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#passed, ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
