/** A request that the simulated cluster got, as it came. */
export interface SimRequest {
  readonly method: string;
  /** The path with the query. */
  readonly url: string;
  readonly accept: string;
  /** `system:anonymous` without a token; empty for a token that nobody has. */
  readonly user: string;
}

const MOST = 10_000;

/** Counts requests and remembers the newest 10,000. */
export class RequestLog {
  #requests: SimRequest[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(request: SimRequest): void {
    this.#count += 1;
    this.#requests.push(request);
    if (this.#requests.length >= MOST * 2) {
      this.#requests = this.#requests.slice(-MOST);
    }
  }

  newest(): readonly SimRequest[] {
    return this.#requests.slice(-MOST);
  }
}
