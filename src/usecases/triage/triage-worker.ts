import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { TriageLease } from '../../ports/triage-store.ts';
import { Signal } from '../deliver-signal.ts';
import { type PassEnd, runPass } from './run-pass.ts';
import type { TellMemory } from './tell-all.ts';
import type { TriageDeps } from './triage-deps.ts';

/** Times that tests shorten, and when to stand aside. */
export interface TriageOptions {
  /** How long it is idle at most before it looks again by itself. Default 1 s. */
  readonly pollMs?: number;
  /** How often everything that is open is looked at though nothing came. Default 30 s. */
  readonly thoroughMs?: number;
  /** Whether to do anything now: a stand-in acts only while those who should do it are silent. Default always. */
  readonly mayAct?: () => Promise<boolean>;
}

/** The triage of one cluster. */
export interface Triage {
  /** Waits for a pass that is running, and lets somebody else go on. */
  stop(): Promise<void>;
}

const RENEW_MS = 3000;
/** What waits to be posted is posted soon. */
const UNTOLD_MS = 300;
const FAILED_MS = 2000;
const SAY_EVERY_MS = 60_000;
const DEFAULTS = { pollMs: 1000, thoroughMs: 30_000, mayAct: async () => true };

/** Does the triage of a cluster, now and whenever something comes, as long as nobody else does it. */
export function startTriage(cluster: string, deps: TriageDeps, options: TriageOptions = {}): Triage {
  const worker = new TriageWorker(cluster, deps, { ...DEFAULTS, ...options });
  return worker.start();
}

class TriageWorker {
  private readonly news = new Signal();
  private readonly end = new Signal();
  private readonly memory: TellMemory = new Map();
  private readonly cluster: string;
  private readonly deps: TriageDeps;
  private readonly options: Required<TriageOptions>;
  private stopping = false;
  private thoroughAt = 0;
  /** What the last round failed of; empty: it did not. */
  private failure = '';
  /** When each failure was said last, in milliseconds. */
  private readonly said = new Map<string, number>();

  constructor(cluster: string, deps: TriageDeps, options: Required<TriageOptions>) {
    this.cluster = cluster;
    this.deps = deps;
    this.options = options;
  }

  start(): Triage {
    const stopListening = this.deps.store.onWork(this.cluster, () => this.news.raise());
    const loop = this.run().finally(stopListening);
    return {
      stop: async () => {
        this.stopping = true;
        this.news.raise();
        this.end.raise();
        await loop;
      },
    };
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const waitMs = await this.round().catch((error: unknown) => this.report(error));
      if (!this.stopping) {
        // What fails is not tried more often because more comes.
        await (this.failure === '' ? this.news : this.end).wait(waitMs);
      }
    }
  }

  /** One pass under the lease; answers for how long there is nothing to do. */
  private async round(): Promise<number> {
    const { store } = this.deps;
    const lease = (await this.options.mayAct()) ? await store.take(this.cluster, this.deps.holder) : undefined;
    if (lease === undefined) {
      this.failure = '';
      return this.options.pollMs;
    }
    const renewing = setInterval(() => void store.renew(lease).catch(() => undefined), RENEW_MS);
    try {
      const end = await this.pass(lease);
      this.failure = '';
      return this.waitAfter(end);
    } finally {
      clearInterval(renewing);
      await store.release(lease).catch(() => undefined);
    }
  }

  private async pass(lease: TriageLease): Promise<PassEnd> {
    const now = performance.now();
    const thorough = this.thoroughAt === 0 || now - this.thoroughAt >= this.options.thoroughMs;
    const end = await runPass({ lease, thorough, memory: this.memory }, this.deps);
    this.thoroughAt = thorough ? now : this.thoroughAt;
    if (end === 'waiting') {
      this.thoroughAt = 0;
    }
    return end;
  }

  private waitAfter(end: PassEnd): number {
    if (end === 'more') {
      return 0;
    }
    return end === 'untold' || end === 'waiting' ? UNTOLD_MS : this.options.pollMs;
  }

  private report(error: unknown): number {
    const { logger } = this.deps;
    const failure = isKubewhyError(error) ? error.code : String(error);
    if (this.isNews(failure)) {
      // The connection itself reports its outages.
      const level = failure === 'STORE_UNAVAILABLE' ? 'debug' : 'error';
      logger[level]('alerts could not be looked at', { cluster: this.cluster, error });
    }
    this.failure = failure;
    return FAILED_MS;
  }

  /** What happens again and again is not said each time. */
  private isNews(failure: string): boolean {
    const now = this.deps.clock.now().getTime();
    for (const [before, at] of this.said) {
      if (now - at >= SAY_EVERY_MS) {
        this.said.delete(before);
      }
    }
    const isNews = !this.said.has(failure);
    this.said.set(failure, this.said.get(failure) ?? now);
    return isNews;
  }
}
