import { type Answer, textAnswer } from './answer.ts';
import { failure } from './status-answer.ts';

/** What goes wrong with a request; with `after` it is carried out first, and only its answer meets the fault. */
export type FaultEffect =
  /** A Status; 429 and 503 usually come with `retryAfterSeconds`. */
  (
    | {
        readonly kind: 'status';
        readonly status: number;
        readonly message?: string;
        readonly retryAfterSeconds?: number;
      }
    /** Any other answer, such as the page of a log-in proxy. */
    | { readonly kind: 'body'; readonly status: number; readonly contentType: string; readonly body: string }
    /** The request is taken and never answered. */
    | { readonly kind: 'hang' }
    /** The connection breaks before the answer, or in the middle of its body. */
    | { readonly kind: 'reset'; readonly midway?: boolean }
    /** The right answer, later. */
    | { readonly kind: 'delay'; readonly ms: number }
    /** The right answer, with its body in pieces and a pause before each. */
    | { readonly kind: 'slow-body'; readonly pieces: number; readonly pauseMs: number }
  ) & { readonly after?: boolean };

/** Which requests a fault meets, and what happens to them. */
export interface Fault {
  /** The path without the query; `*` stands for any characters, also slashes. */
  readonly path: string;
  /** Default: every method. */
  readonly method?: string;
  /** How many requests it meets before it is over; default: all. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

/** The faults of a simulated cluster; of several that fit, the one added first counts. */
export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  /** Adds a fault; returns what removes it. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => {
      entry.left = 0;
    };
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** The effect on a request, which counts as one of the fault's times. */
  take(method: string, path: string): FaultEffect | undefined {
    const found = this.#faults.find(
      ({ fault, left }) =>
        left > 0 && (fault.method === undefined || fault.method === method) && pathFits(fault.path, path),
    );
    if (found !== undefined) {
      found.left -= 1;
    }
    return found?.fault.effect;
  }
}

/** Compares the pieces between stars from left to right. */
function pathFits(pattern: string, path: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (!path.startsWith(first)) {
    return false;
  }
  const last = others.pop();
  if (last === undefined) {
    return path === first;
  }
  let at = first.length;
  for (const piece of others) {
    const found = path.indexOf(piece, at);
    if (found < 0) {
      return false;
    }
    at = found + piece.length;
  }
  return path.length - at >= last.length && path.endsWith(last);
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The answer that a fault gives instead of the right one; undefined when the right one is given or none at all. */
export function faultAnswer(effect: FaultEffect): Answer | undefined {
  if (effect.kind === 'body') {
    return textAnswer(effect.body, effect.status, effect.contentType);
  }
  if (effect.kind !== 'status') {
    return undefined;
  }
  const { status, retryAfterSeconds } = effect;
  const reason = REASONS[status];
  const answer = failure({
    code: status,
    ...(reason === undefined ? {} : { reason }),
    message: effect.message ?? (status === 429 ? 'Too many requests, please try again later.' : 'a scripted fault'),
    ...(retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } }),
  });
  return retryAfterSeconds === undefined ? answer : { ...answer, headers: { 'retry-after': `${retryAfterSeconds}` } };
}
