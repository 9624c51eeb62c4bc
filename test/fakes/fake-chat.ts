import type { Delivery } from '../../src/core/chat/delivery.ts';
import { placeOf } from '../../src/core/chat/detour.ts';
import type { Chat, FindResult, SendResult } from '../../src/ports/chat.ts';
import type { PostedMessage } from '../../src/ports/outbox.ts';

/** A message as people see it. */
export interface ShownMessage {
  readonly key: string;
  readonly channel: string;
  readonly ts: string;
  version: number;
}

/** A chat system in memory that keeps what was posted; the next answers can be prescribed. */
export class FakeChat implements Chat {
  readonly messages: ShownMessage[] = [];
  /** Every call in order: `post a 1`, `edit a 2`, `find a`. */
  readonly calls: string[] = [];
  /** Answers of the next sends instead of the true ones; `uncertain` is told after the message was accepted. */
  readonly nextSends: SendResult[] = [];
  /** Answers of the next searches instead of the true ones. */
  readonly nextFinds: FindResult[] = [];

  async send(delivery: Delivery, posted: PostedMessage | undefined): Promise<SendResult> {
    this.calls.push(`${posted === undefined ? 'post' : 'edit'} ${delivery.key} ${delivery.version}`);
    const prescribed = this.nextSends.shift();
    if (prescribed !== undefined && prescribed.kind !== 'uncertain') {
      return prescribed;
    }
    const answer = posted === undefined ? this.#post(delivery) : this.#edit(delivery, posted);
    return prescribed ?? answer;
  }

  async find(delivery: Delivery): Promise<FindResult> {
    this.calls.push(`find ${delivery.key}`);
    const prescribed = this.nextFinds.shift();
    if (prescribed !== undefined) {
      return prescribed;
    }
    const message = this.messages.find(({ key }) => key === delivery.key);
    return message === undefined
      ? { kind: 'absent' }
      : { kind: 'found', posted: { channel: message.channel, ts: message.ts } };
  }

  #post(delivery: Delivery): SendResult {
    const channel = delivery.kind === 'card' ? placeOf(delivery).channel : 'nowhere';
    const message = { key: delivery.key, channel, ts: `1700000000.${this.messages.length}`, version: delivery.version };
    this.messages.push(message);
    return { kind: 'sent', posted: { channel, ts: message.ts } };
  }

  #edit(delivery: Delivery, posted: PostedMessage): SendResult {
    const message = this.messages.find(({ ts, channel }) => ts === posted.ts && channel === posted.channel);
    if (message === undefined) {
      return { kind: 'refused', why: 'message', code: 'message_not_found' };
    }
    message.version = delivery.version;
    return { kind: 'sent', posted };
  }
}
