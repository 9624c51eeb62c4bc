import { CHAT_METHODS, type ChatMethod, chatMethodOf } from '../core/chat/chat-method.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Claim, OutboxRows, Settlement } from '../ports/outbox.ts';
import { type Attempt, afterSearch, isWornOut, mustLookFirst, type Verdict, verdictOn } from './deliver-rules.ts';
import { Signal } from './deliver-signal.ts';

/** The ports of the sender. */
export interface DeliverDeps {
  readonly rows: OutboxRows;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Times that tests shorten. */
export interface DeliverOptions {
  /** Sends at the same time. Default 8. */
  readonly concurrency?: number;
  /** Of these at most so many by one method, so that one that hangs does not hold up the others. Default 4. */
  readonly perMethod?: number;
  /** How long it is idle at most before it looks again by itself. Default 1 s. */
  readonly pollMs?: number;
  /** How often a lease is prolonged while its send is under way. Default 5 s. */
  readonly renewMs?: number;
  /** How long `stop` waits for what is under way. Default 8 s. */
  readonly drainMs?: number;
}

/** Sends what the outbox holds until it is stopped. */
export interface Deliverer {
  start(): void;
  /** Takes nothing further and waits for the sends that are under way; what is left comes back to another sender. */
  stop(): Promise<void>;
  /** The code with which the chat system refused the configuration, until something is sent again. */
  refusal(): string | undefined;
}

const DEFAULTS: Required<DeliverOptions> = {
  concurrency: 8,
  perMethod: 4,
  pollMs: 1000,
  renewMs: 5000,
  drainMs: 8000,
};
/** A claim that is older than this when it is sent was held up; another sender may have it. */
const STALE_MS = 2000;
const SETTLE_AGAIN_MS = 500;
/** For so long the store is asked to take a settlement; then the row comes back as uncertain. */
const MOST_SETTLE_ATTEMPTS = 120;

/** A sender over an outbox; several may run over one, also in other processes. */
export function createDeliverer(deps: DeliverDeps, options: DeliverOptions = {}): Deliverer {
  return new OutboxDeliverer(deps, { ...DEFAULTS, ...options });
}

class OutboxDeliverer implements Deliverer {
  private readonly deps: DeliverDeps;
  private readonly options: Required<DeliverOptions>;
  private readonly underWay = new Map<Promise<void>, ChatMethod>();
  private readonly news = new Signal();
  private stopping = false;
  private refused: string | undefined;
  private storeDown = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(deps: DeliverDeps, options: Required<DeliverOptions>) {
    this.deps = deps;
    this.options = options;
  }

  start(): void {
    const stopListening = this.deps.rows.onPut(() => this.news.raise());
    this.loop = this.run().finally(stopListening);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.news.raise();
    const drained = this.loop.then(() => Promise.all(this.underWay.keys()));
    const late = new Signal();
    await Promise.race([drained, late.wait(this.options.drainMs)]);
    late.raise();
    if (this.underWay.size > 0) {
      this.deps.logger.warn('sends were still under way at the end', { count: this.underWay.size });
    }
  }

  refusal(): string | undefined {
    return this.refused;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      if (this.underWay.size >= this.options.concurrency) {
        await this.news.wait(this.options.pollMs);
        continue;
      }
      const askedAt = this.now();
      const claim = await this.claim();
      if (typeof claim === 'number') {
        await this.news.wait(claim);
      } else {
        this.track(this.deliver(claim, askedAt), chatMethodOf(claim.delivery, claim.posted !== undefined));
      }
    }
  }

  /** A claim, or for how long there is nothing to do. */
  private async claim(): Promise<Claim | number> {
    try {
      const result = await this.deps.rows.claim(this.busyMethods());
      this.storeDown = false;
      return result.kind === 'claimed' ? result.claim : Math.min(result.nextInMs, this.options.pollMs);
    } catch (error) {
      if (!this.storeDown) {
        this.deps.logger.warn('outbox cannot be read', { error });
      }
      this.storeDown = true;
      return this.options.pollMs;
    }
  }

  private busyMethods(): readonly ChatMethod[] {
    const methods = [...this.underWay.values()];
    return CHAT_METHODS.filter((method) => methods.filter((each) => each === method).length >= this.options.perMethod);
  }

  private track(sending: Promise<void>, method: ChatMethod): void {
    const settled = sending
      .catch((error: unknown) => this.deps.logger.error('delivery failed', { error }))
      .finally(() => {
        this.underWay.delete(settled);
        // What was settled may be due again before anything else.
        this.news.raise();
      });
    this.underWay.set(settled, method);
  }

  private async deliver(claim: Claim, askedAt: number): Promise<void> {
    const renewing = setInterval(() => void this.holds(claim), this.options.renewMs);
    try {
      const held = this.now() - askedAt <= STALE_MS || (await this.holds(claim));
      const tried = held ? await this.attempt(claim) : undefined;
      if (tried !== undefined) {
        await this.conclude(tried.claim, verdictOn(tried.claim, tried.attempt), tried.attempt);
      }
    } finally {
      clearInterval(renewing);
    }
  }

  /** Undefined when another sender may have the row meanwhile. */
  private async attempt(claim: Claim): Promise<Tried | undefined> {
    if (isWornOut(claim)) {
      return { claim, attempt: { kind: 'given-up', reason: 'it failed too often' } };
    }
    try {
      return mustLookFirst(claim) ? await this.lookAndSend(claim) : await this.send(claim);
    } catch (error) {
      this.deps.logger.error('sending failed in an unexpected way', { key: claim.delivery.key, error });
      return { claim, attempt: { kind: 'uncertain', code: 'unexpected' } };
    }
  }

  private async lookAndSend(claim: Claim): Promise<Tried | undefined> {
    const found = await this.deps.chat.find(claim.delivery);
    const next = afterSearch(claim, found);
    if (next.kind === 'end') {
      return { claim, attempt: next.attempt };
    }
    // The search may have taken as long as the lease.
    if (!(await this.holds(claim))) {
      return undefined;
    }
    return this.send(next.kind === 'edit' ? { ...claim, posted: next.posted } : claim);
  }

  private async send(claim: Claim): Promise<Tried> {
    const attempt = await this.deps.chat.send(claim.delivery, claim.posted);
    const { posted } = claim;
    return { claim, attempt: attempt.kind === 'sent' && posted !== undefined ? { posted, ...attempt } : attempt };
  }

  /** Prolongs the lease; a store that does not answer counts as a no, and the row comes back by itself. */
  private async holds(claim: Claim): Promise<boolean> {
    try {
      return await this.deps.rows.renew(claim);
    } catch {
      return false;
    }
  }

  private async conclude(claim: Claim, verdict: Verdict, attempt: Attempt): Promise<void> {
    const { rows, logger, metrics } = this.deps;
    const { settlement } = verdict;
    for (const { method, forMs } of verdict.pauses) {
      await rows.pauseMethod(method, forMs).catch(() => undefined);
    }
    this.refused = refusalAfter(attempt, this.refused);
    metrics.count('deliveries_total', { kind: claim.delivery.kind, outcome: settlement.kind });
    if (settlement.kind === 'sent') {
      this.observeAnswer(claim);
    } else {
      const fields = { key: claim.delivery.key, reason: settlement.reason, failures: claim.failures };
      logger.warn(`delivery ${settlement.kind}`, fields);
    }
    await this.settle(claim, settlement);
  }

  /** A settlement that the store cannot take now is kept, since it alone knows that the message was sent. */
  private async settle(claim: Claim, settlement: Settlement): Promise<void> {
    for (let attempt = 1; attempt <= MOST_SETTLE_ATTEMPTS; attempt += 1) {
      try {
        await this.deps.rows.settle(claim, settlement);
        return;
      } catch (error) {
        if (attempt === MOST_SETTLE_ATTEMPTS) {
          throw error;
        }
        await new Signal().wait(SETTLE_AGAIN_MS);
      }
    }
  }

  private observeAnswer({ delivery: { content } }: Claim): void {
    if (content.kind === 'answer' && content.run === 1) {
      const seconds = (this.now() - Date.parse(content.question.askedAt)) / 1000;
      this.deps.metrics.observe('answer_seconds', Math.max(0, seconds), {});
    }
  }

  private now(): number {
    return this.deps.clock.now().getTime();
  }
}

/** An attempt, and the claim with the message that was found for it. */
interface Tried {
  readonly claim: Claim;
  readonly attempt: Attempt;
}

function refusalAfter(attempt: Attempt, before: string | undefined): string | undefined {
  if (attempt.kind === 'sent') {
    return undefined;
  }
  return attempt.kind === 'refused' && attempt.why === 'config' ? attempt.code : before;
}
