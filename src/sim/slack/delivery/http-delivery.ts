import { createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { parseJson, readBody } from '../http/read-body.ts';
import type { DeliveryAnswer, DeliveryOptions, Envelope, RetryMark } from './delivery-types.ts';

const FIVE_MINUTES = 300;

/** A request to the app, signed. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Encodes and signs an envelope as Slack does for `POST /slack/events`. */
export function signRequest(
  target: { readonly requestUrl: string; readonly signingSecret: string },
  envelope: Envelope,
  options: DeliveryOptions,
  retry?: RetryMark,
): SignedRequest {
  const { body, type } = encode(envelope);
  const timestamp = Math.floor(Date.now() / 1000) + offsetOf(options);
  const secret = options.signature === 'bad' ? `${target.signingSecret}-wrong` : target.signingSecret;
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const signed = { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': `v0=${digest}` };
  return {
    url: `${target.requestUrl.replace(/\/$/, '')}/slack/events`,
    headers: {
      'content-type': options.charset === true ? `${type}; charset=utf-8` : type,
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...(options.signature === 'missing' ? {} : signed),
      ...(retry === undefined
        ? {}
        : { 'x-slack-retry-num': String(retry.number), 'x-slack-retry-reason': retry.reason }),
    },
    body,
  };
}

function encode({ type, payload }: Envelope): { readonly body: string; readonly type: string } {
  if (type === 'events_api') {
    return { body: JSON.stringify(payload), type: 'application/json' };
  }
  const fields = type === 'interactive' ? { payload: JSON.stringify(payload) } : textsOf(payload);
  return { body: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' };
}

function textsOf(payload: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
}

function offsetOf({ signature, timestampOffset }: DeliveryOptions): number {
  if (timestampOffset !== undefined) {
    return timestampOffset;
  }
  if (signature === 'old') {
    return -FIVE_MINUTES - 60;
  }
  return signature === 'future' ? FIVE_MINUTES + 60 : 0;
}

/** Sends the request and waits for the answer, at most `timeout` milliseconds. */
export function sendRequest({ url, headers, body }: SignedRequest, timeout: number): Promise<DeliveryAnswer> {
  const started = performance.now();
  return new Promise((resolve) => {
    const finish = (outcome: DeliveryAnswer['outcome'], found: Partial<DeliveryAnswer> = {}) => {
      clearTimeout(timer);
      const milliseconds = performance.now() - started;
      resolve({ outcome, status: 0, headers: {}, body: '', json: undefined, milliseconds, ...found });
    };
    const outgoing = request(url, { method: 'POST', headers, agent: false }, (response) => {
      readAnswer(response).then(
        (found) => finish('answered', found),
        () => finish('unreachable'),
      );
    });
    const timer = setTimeout(() => {
      finish('timeout');
      outgoing.destroy();
    }, timeout);
    outgoing.on('error', () => finish('unreachable'));
    outgoing.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Partial<DeliveryAnswer>> {
  const body = (await readBody(response)).toString();
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 0, headers, body, json: parseJson(body) };
}
