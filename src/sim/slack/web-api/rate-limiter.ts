import type { RateLimitOptions } from '../options.ts';

const MINUTE_MS = 60_000;
const DEFAULT_CHANNEL_BURST = 5;

/** Calls a minute that are always allowed; `special` stands for methods with several hundred. */
export type Tier = 1 | 2 | 3 | 4 | 'special';

const BUDGETS: Readonly<Record<Tier, number>> = { 1: 1, 2: 20, 3: 50, 4: 100, special: 600 };

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Counts calls per method and messages per channel. */
export class RateLimiter {
  private readonly scale: number;
  private readonly burst: number;
  private readonly on: boolean;
  private readonly calls = new Map<string, number[]>();
  private readonly channels = new Map<string, Bucket>();

  constructor(options: 'off' | RateLimitOptions = {}) {
    this.on = options !== 'off';
    const { scale = 1, channelBurst = DEFAULT_CHANNEL_BURST } = options === 'off' ? {} : options;
    this.scale = scale;
    this.burst = channelBurst;
  }

  /** Seconds to wait when the method was called too often in the last minute. `now` is epoch milliseconds. */
  methodWait(method: string, tier: Tier, now: number): number | undefined {
    const recent = (this.calls.get(method) ?? []).filter((at) => at > now - MINUTE_MS);
    this.calls.set(method, recent);
    if (this.on && recent.length >= Math.max(1, BUDGETS[tier] * this.scale)) {
      return seconds((recent[0] ?? now) + MINUTE_MS - now);
    }
    recent.push(now);
    return undefined;
  }

  /** Seconds to wait when the channel got more than one message a second, after a burst. */
  channelWait(channel: string, now: number): number | undefined {
    const bucket = this.channels.get(channel) ?? { tokens: this.burst, filledAt: now };
    const refilled = ((now - bucket.filledAt) / 1000) * this.scale;
    const tokens = Math.min(this.burst, bucket.tokens + refilled);
    const refused = this.on && tokens < 1;
    this.channels.set(channel, { tokens: refused ? tokens : tokens - 1, filledAt: now });
    return refused ? seconds(((1 - tokens) / this.scale) * 1000) : undefined;
  }
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
