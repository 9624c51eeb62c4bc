import { CHAT_METHODS, type ChatMethod, chatMethodOf } from '../../core/chat/chat-method.ts';
import type { Delivery, Detour } from '../../core/chat/delivery.ts';
import { deliverySchema, detourSchema, postedMessageSchema } from '../../core/chat/delivery-schema.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Claim, Outbox, OutboxRows, PostedMessage, Settlement } from '../../ports/outbox.ts';
import { BACKLOG, CLAIM, PAUSE, PUT, RENEW, SETTLE, WITHDRAW } from './outbox-scripts.ts';
import type { Argument, RedisConnection, RedisReply } from './redis-connection.ts';
import { listOf, numberOf, textOf } from './redis-reply.ts';
import type { RedisScript } from './redis-script.ts';
import { parseStored } from './stored-value.ts';

/** What the outbox needs, and limits that tests change. */
export interface RedisOutboxOptions {
  readonly redis: RedisConnection;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
  /** A claim whose sender is silent for longer goes to another one. Default 20 s. */
  readonly leaseMs?: number;
  /** Between two posts to one channel. Default 1,050 ms: Slack allows one a second, and requests overtake each other. */
  readonly postGapMs?: number;
  /** Between two edits of one card. Default 1,000 ms. */
  readonly editGapMs?: number;
  /** Requests of a method in any `windowMs`; what is not named keeps its default below Slack's tier. */
  readonly budgets?: Partial<Record<ChatMethod, number>>;
  /** Default 61 s. */
  readonly windowMs?: number;
  /** How long a row is kept once it is sent, so that it can be edited and is not sent again. Default 8 days. */
  readonly keepMs?: number;
  /** How long a row is kept that could not be sent. Default 1 day. */
  readonly deadMs?: number;
}

/** Requests a minute, 0 for no limit; posts are limited by channel. */
const BUDGETS: Readonly<Record<ChatMethod, number>> = {
  'chat.postMessage': 0,
  'chat.update': 50,
  'chat.postEphemeral': 100,
  'files.completeUploadExternal': 20,
  'views.publish': 20,
  response_url: 0,
};
const DAY_MS = 86_400_000;
/** A row that cannot be read is put off and the next one taken, so often. */
const MOST_UNREADABLE = 20;
/** Another version of this program may read it meanwhile. */
const UNREADABLE_MS = 30_000;

/** Outgoing messages in Redis, for those who put them there and for the senders. */
export class RedisOutbox implements Outbox, OutboxRows {
  private readonly options: RedisOutboxOptions;
  private readonly base: string;

  constructor(options: RedisOutboxOptions) {
    this.options = options;
    this.base = `${options.prefix ?? 'kubewhy'}:{outbox}:`;
  }

  async put(delivery: Delivery): Promise<'stored' | 'outdated'> {
    const { key, version, priority } = delivery;
    const post = chatMethodOf(delivery, false);
    const edit = chatMethodOf(delivery, true);
    const way = [priority, laneOf(delivery), post, edit === post ? '' : edit, isOnce(delivery) ? 1 : 0];
    const stored = await this.run(PUT, [key, version, JSON.stringify(delivery), ...way, this.keepMs()]);
    return stored === 1 ? 'stored' : 'outdated';
  }

  async posted(key: string): Promise<PostedMessage | undefined> {
    const text = textOf(await this.options.redis.call('HGET', `${this.base}row:${key}`, 'posted'));
    return this.parsePosted(key, text);
  }

  async isSettled(key: string): Promise<boolean> {
    const state = textOf(await this.options.redis.call('HGET', `${this.base}row:${key}`, 'state'));
    return state !== 'waiting' && state !== 'sending';
  }

  async withdraw(key: string): Promise<boolean> {
    return (await this.run(WITHDRAW, [key, this.options.deadMs ?? DAY_MS])) === 1;
  }

  async claim(
    except: readonly ChatMethod[] = [],
  ): Promise<{ kind: 'claimed'; claim: Claim } | { kind: 'none'; nextInMs: number }> {
    const args = this.claimArgs(CHAT_METHODS.filter((method) => !except.includes(method)));
    for (let unreadable = 0; unreadable < MOST_UNREADABLE; unreadable += 1) {
      const [kind, ...rest] = listOf(await this.run(CLAIM, args));
      if (kind !== 'claimed') {
        return { kind: 'none', nextInMs: Math.ceil(numberOf(rest[0])) };
      }
      const claim = await this.readClaim(rest);
      if (claim !== undefined) {
        return { kind: 'claimed', claim };
      }
    }
    return { kind: 'none', nextInMs: 1 };
  }

  async renew(claim: Claim): Promise<boolean> {
    return (await this.run(RENEW, [claim.delivery.key, claim.fence, this.options.leaseMs ?? 20_000])) === 1;
  }

  async settle(claim: Claim, settlement: Settlement): Promise<void> {
    await this.settleRow(claim.delivery.key, claim.fence, settlement);
  }

  async pauseMethod(method: ChatMethod, forMs: number): Promise<void> {
    await this.run(PAUSE, [method, Math.max(1, Math.ceil(forMs))]);
  }

  onPut(listener: () => void): () => void {
    return this.options.redis.listen(`${this.base}put`, listener);
  }

  async backlog(): Promise<{ waiting: number; oldestMs: number }> {
    const [waiting, oldestMs] = listOf(await this.run(BACKLOG, []));
    return { waiting: numberOf(waiting), oldestMs: Math.max(0, numberOf(oldestMs)) };
  }

  private claimArgs(methods: readonly ChatMethod[]): readonly Argument[] {
    const { leaseMs = 20_000, postGapMs = 1050, windowMs = 61_000, budgets = {} } = this.options;
    const limits = methods.flatMap((method) => [
      method,
      budgets[method] ?? BUDGETS[method],
      method === 'chat.postMessage' ? 1 : 0,
    ]);
    return [leaseMs, postGapMs, windowMs, methods.length, ...limits];
  }

  /** Fields in the order key, body, posted, failures, uncertain, fence, detour. */
  private async readClaim(fields: readonly RedisReply[]): Promise<Claim | undefined> {
    const key = textOf(fields[0]) ?? '';
    const fence = numberOf(fields[5]);
    const { logger } = this.options;
    const delivery = parseStored(textOf(fields[1]), deliverySchema, { logger, what: 'delivery', id: key });
    if (delivery === undefined || delivery.key !== key) {
      await this.settleRow(key, fence, { kind: 'postpone', afterMs: UNREADABLE_MS, reason: 'unreadable' });
      return undefined;
    }
    const posted = this.parsePosted(key, textOf(fields[2]));
    const detour = this.parseDetour(key, textOf(fields[6] ?? null));
    return {
      delivery: delivery.kind === 'card' && detour !== undefined ? { ...delivery, detour } : delivery,
      ...(posted === undefined ? {} : { posted }),
      failures: numberOf(fields[3]),
      uncertain: numberOf(fields[4]) === 1,
      fence,
    };
  }

  private async settleRow(key: string, fence: number, settlement: Settlement): Promise<void> {
    const { kind } = settlement;
    const afterMs = kind === 'retry' || kind === 'postpone' ? Math.max(0, Math.ceil(settlement.afterMs)) : 0;
    const uncertain = kind === 'retry' && settlement.uncertain ? 1 : 0;
    const reason = kind === 'sent' ? '' : settlement.reason;
    const { editGapMs = 1000, deadMs = DAY_MS } = this.options;
    const times = [editGapMs, this.keepMs(), deadMs];
    const { posted, detour } = placesOf(settlement);
    await this.run(SETTLE, [key, fence, kind, posted, afterMs, uncertain, reason, ...times, detour]);
  }

  private parsePosted(key: string, text: string | null): PostedMessage | undefined {
    return parseStored(text, postedMessageSchema, { logger: this.options.logger, what: 'posted message', id: key });
  }

  private parseDetour(key: string, text: string | null): Detour | undefined {
    return parseStored(text, detourSchema, { logger: this.options.logger, what: 'detour', id: key });
  }

  private keepMs(): number {
    return this.options.keepMs ?? 8 * DAY_MS;
  }

  private async run(script: RedisScript, args: readonly Argument[]): Promise<RedisReply> {
    return this.options.redis.run(script, [this.base], args);
  }
}

/** As JSON; empty: none. */
function placesOf(settlement: Settlement): { readonly posted: string; readonly detour: string } {
  const posted = settlement.kind === 'sent' ? settlement.posted : undefined;
  return {
    posted: posted === undefined ? '' : JSON.stringify(posted),
    detour: settlement.kind === 'detour' ? JSON.stringify(settlement.detour) : '',
  };
}

/** What Slack counts requests by, as far as rows of one kind can hold each other up. */
function laneOf(delivery: Delivery): string {
  switch (delivery.kind) {
    case 'card':
    case 'ephemeral':
    case 'file':
      return delivery.channel;
    case 'home':
      return delivery.user;
    case 'response':
      return '';
  }
}

/** These cannot be edited: a newer version of one that was sent would be a second message. */
function isOnce(delivery: Delivery): boolean {
  return delivery.kind === 'ephemeral' || delivery.kind === 'response' || delivery.kind === 'file';
}
