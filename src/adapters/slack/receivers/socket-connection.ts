import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackFailure } from '../slack-failure.ts';
import { openSocketSession, type SocketSession, type SocketSessionOptions } from './socket-session.ts';

/** How a lost connection is made again. */
export interface SocketConnectionOptions extends SocketSessionOptions {
  /** Milliseconds before the second try; doubles up to 30 s. 1,000 when absent. */
  readonly retryMs?: number;
}

const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
const REJECTED_RETRY_MS = 60_000;
const SILENT_MS = 30_000;
// A connection that ends sooner than this counts as a failure, so that two of them do not spin.
const SHORT_LIVED_MS = 1000;

/** One Socket Mode connection that is made again whenever it ends; nothing happens before `start`. */
export class SocketConnection {
  private readonly options: SocketConnectionOptions;
  private readonly closing = new AbortController();
  private session: SocketSession | undefined;
  private lastFailure: SlackFailure | undefined;
  private failures = 0;
  private loop: Promise<void> = Promise.resolve();

  constructor(options: SocketConnectionOptions) {
    this.options = options;
  }

  /** The outcome of the first try; it goes on trying after a failure. */
  async start(): Promise<SlackFailure | undefined> {
    await this.connect();
    this.loop = this.stayConnected();
    return this.lastFailure;
  }

  /** Whether Slack was heard within the last half minute. */
  healthy(): boolean {
    return this.session !== undefined && this.session.silentMs() < SILENT_MS;
  }

  /** Why it is not connected. */
  failure(): SlackFailure | undefined {
    return this.lastFailure;
  }

  /** Ends it for good and waits for that. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.session?.close();
    await this.loop;
  }

  private async connect(): Promise<void> {
    const opened = await openSocketSession(this.options);
    this.lastFailure = 'failure' in opened ? opened.failure : undefined;
    this.session = 'failure' in opened ? undefined : opened;
    if (this.closing.signal.aborted) {
      await this.session?.close();
    }
  }

  private async stayConnected(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const since = performance.now();
      await this.session?.ended;
      const lived = this.session !== undefined && performance.now() - since > SHORT_LIVED_MS;
      this.session = undefined;
      this.failures = lived ? 0 : this.failures + 1;
      await sleep(lived ? 0 : this.retryDelay(), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) {
        const after = this.lastFailure?.code ?? 'the end of a connection';
        this.options.connection.logger.info('Socket Mode connects again', { after });
        await this.connect();
      }
    }
  }

  private retryDelay(): number {
    if (this.lastFailure?.class === 'config') {
      return REJECTED_RETRY_MS;
    }
    const doubled = (this.options.retryMs ?? RETRY_MS) * 2 ** Math.min(this.failures - 1, 10);
    // Spread, so that several connections do not come back in step.
    const spread = Math.min(doubled, LONGEST_RETRY_MS) * (0.75 + Math.random() / 2);
    return Math.max(spread, this.lastFailure?.retryAfterMs ?? 0);
  }
}
