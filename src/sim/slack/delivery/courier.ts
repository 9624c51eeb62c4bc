import { setTimeout as delay } from 'node:timers/promises';
import type { SocketHub } from '../socket/socket-hub.ts';
import type { SimState } from '../state.ts';
import type { Delivery, DeliveryAnswer, DeliveryOptions, Envelope, RetryMark } from './delivery-types.ts';
import { sendRequest, signRequest } from './http-delivery.ts';

const DEFAULT_ACK_MS = 3000;

/** Brings envelopes to the app, over HTTP or Socket Mode, as often as was asked for. */
export class Courier {
  private readonly state: SimState;
  private readonly sockets: SocketHub;

  constructor(state: SimState, sockets: SocketHub) {
    this.state = state;
    this.sockets = sockets;
  }

  async deliver(envelope: Envelope, options: DeliveryOptions = {}): Promise<Delivery> {
    const transport = options.transport ?? this.state.options.transport ?? 'http';
    const send = transport === 'http' ? this.overHttp(envelope, options) : this.overSocket(envelope);
    const times = options.signature === 'replayed' ? 2 : (options.times ?? this.state.deliveryTimes);
    const answers = options.concurrently === true ? await atOnce(send, times) : await inTurn(send, times);
    if (envelope.type === 'events_api') {
      await this.retry(send, answers);
    }
    const [first] = answers;
    if (first === undefined) {
      throw new Error('slack-sim: times must be at least 1');
    }
    return { ...first, answers, payload: envelope.payload };
  }

  private overHttp(envelope: Envelope, options: DeliveryOptions): Send {
    const target = { requestUrl: this.state.requestUrl, signingSecret: this.state.tokens.signingSecret };
    if (target.requestUrl === '') {
      throw new Error('slack-sim: there is no request URL; call setRequestUrl first, or deliver over the socket');
    }
    const timeout = this.state.options.ackTimeout ?? DEFAULT_ACK_MS;
    const first = signRequest(target, envelope, options);
    return (retry) => {
      const isEvent = envelope.type === 'events_api' && retry !== undefined;
      return sendRequest(isEvent ? signRequest(target, envelope, options, retry) : first, timeout);
    };
  }

  private overSocket(envelope: Envelope): Send {
    const id = `00000000-0000-4000-8000-${this.state.ids.next('').padStart(12, '0').toLowerCase()}`;
    return async (retry) => {
      let answer = await this.sockets.deliver(id, envelope, retry);
      // What a broken connection did not acknowledge comes again on another one.
      for (let attempt = 1; answer.outcome === 'unreachable' && this.sockets.connectionCount > 0; attempt += 1) {
        answer = await this.sockets.deliver(id, envelope, { number: attempt, reason: 'socket_closed' });
      }
      return answer;
    };
  }

  /** Slack tries an event again when it was not acknowledged, unless the app forbids it. */
  private async retry(send: Send, answers: DeliveryAnswer[]): Promise<void> {
    for (const [index, milliseconds] of (this.state.options.eventRetries ?? []).entries()) {
      const last = answers.at(-1);
      if (last === undefined || isAccepted(last) || last.headers['x-slack-no-retry'] === '1') {
        return;
      }
      await delay(milliseconds);
      answers.push(await send({ number: index + 1, reason: reasonOf(last) }));
    }
  }
}

type Send = (retry?: RetryMark) => Promise<DeliveryAnswer>;

async function inTurn(send: Send, times: number): Promise<DeliveryAnswer[]> {
  const answers: DeliveryAnswer[] = [];
  for (let index = 0; index < times; index += 1) {
    answers.push(await send(markOf(index)));
  }
  return answers;
}

function atOnce(send: Send, times: number): Promise<DeliveryAnswer[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => send(markOf(index))));
}

function markOf(index: number): RetryMark | undefined {
  return index === 0 ? undefined : { number: index, reason: 'timeout' };
}

function isAccepted({ status }: DeliveryAnswer): boolean {
  return status >= 200 && status < 300;
}

function reasonOf({ outcome }: DeliveryAnswer): string {
  return { answered: 'http_error', timeout: 'http_timeout', unreachable: 'connection_failed' }[outcome];
}
