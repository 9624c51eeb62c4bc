/** How many may do something at once, and how long and how many others wait for that. */
export interface TurnLimits {
  readonly atOnce: number;
  readonly waiting: number;
  readonly waitMs: number;
}

/** `turn`: it is one's turn, and `end` must be called after it; `busy`: too many wait, or it took too long. */
export type Turn = 'turn' | 'busy' | 'gone';

type Settle = (turn: Turn) => void;

/** Lets a number of callers work at once; the others wait in the order in which they came. */
export class Turns {
  readonly #limits: TurnLimits;
  /** In order of arrival. */
  readonly #waiting = new Set<Settle>();
  #running = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Resolves when it is the caller's turn, or will not be; `gone` when the signal says that nobody waits any more. */
  take(signal: AbortSignal): Promise<Turn> {
    const { atOnce, waiting, waitMs } = this.#limits;
    if (this.#running < atOnce) {
      this.#running += 1;
      return Promise.resolve('turn');
    }
    return this.#waiting.size >= waiting ? Promise.resolve('busy') : this.#wait(waitMs, signal);
  }

  /** The turn goes on to whoever waits for longest. */
  end(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
    } else {
      next('turn');
    }
  }

  #wait(waitMs: number, signal: AbortSignal): Promise<Turn> {
    const { promise, resolve } = Promise.withResolvers<Turn>();
    const settle: Settle = (turn) => {
      this.#waiting.delete(settle);
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
      resolve(turn);
    };
    const gone = (): void => settle('gone');
    const timer = setTimeout(() => settle('busy'), waitMs);
    signal.addEventListener('abort', gone);
    this.#waiting.add(settle);
    return promise;
  }
}
