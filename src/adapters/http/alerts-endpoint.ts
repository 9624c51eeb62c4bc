import type { IncomingMessage, ServerResponse } from 'node:http';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { LONGEST_PAYLOAD } from '../../core/triage/read-alerts.ts';
import type { AlertTaker } from '../../ports/alert-taker.ts';
import type { Logger } from '../../ports/logger.ts';
import type { CounterLabels, Metrics } from '../../ports/metrics.ts';
import { type AlertToken, type SenderOf, senderByToken } from './alert-tokens.ts';
import { type Answer, send, sendUnread, TEXT } from './answer.ts';
import { type BodyLimits, type RequestBody, readRequestBody } from './request-body.ts';
import { type TurnLimits, Turns } from './turns.ts';

/** What the endpoint for alerts works with. */
export interface AlertsEndpointOptions {
  /** Without one nothing is taken: the endpoint is never open. */
  readonly tokens: readonly AlertToken[];
  readonly taker: AlertTaker;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Those below unless a test needs others. */
  readonly limits?: Partial<AlertsLimits>;
}

/** How much is taken of one payload, and how many payloads at once. */
export interface AlertsLimits extends BodyLimits, TurnLimits {
  /** Bytes above which a payload is large. */
  readonly largeBytes: number;
  /** Large payloads that are understood at once: what they become takes several times their memory. */
  readonly largeAtOnce: number;
}

/** Answers one request; never rejects. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const LIMITS: AlertsLimits = {
  keptBytes: LONGEST_PAYLOAD,
  readBytes: 512 * 1024 * 1024,
  readMs: 30_000,
  atOnce: 16,
  waiting: 256,
  waitMs: 30_000,
  largeBytes: 512 * 1024,
  largeAtOnce: 2,
};
const RETRY = { 'retry-after': '10' } as const;
const WARN_EVERY_MS = 60_000;

type Outcome = CounterLabels['alert_payloads_total']['outcome'];

/** Somebody who may deliver alerts. */
interface Known {
  readonly sender: string;
}

interface Verdict {
  readonly outcome: Outcome;
  readonly answer: Answer;
  /** The body was not read to its end. */
  readonly unread: boolean;
}

/**
 * `POST /alerts`: 200 once everything is stored, 503 when it may be sent again, 4xx for what can never be accepted.
 * Alertmanager sends nothing again that was answered with 4xx, so that a large or an early payload is never refused.
 */
export function alertsEndpoint(options: AlertsEndpointOptions): RequestHandler {
  const endpoint = new AlertsEndpoint(options);
  return (request, response) => endpoint.handle(request, response);
}

class AlertsEndpoint {
  readonly #options: AlertsEndpointOptions;
  readonly #limits: AlertsLimits;
  readonly #senderOf: SenderOf;
  readonly #turns: Turns;
  readonly #largeTurns: Turns;
  readonly #strangers: () => void;

  constructor(options: AlertsEndpointOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#senderOf = senderByToken(options.tokens);
    this.#turns = new Turns(this.#limits);
    this.#largeTurns = new Turns({ ...this.#limits, atOnce: this.#limits.largeAtOnce });
    this.#strangers = onceAMinute((requests) =>
      options.logger.warn('alerts came with no token or a wrong one', { requests }),
    );
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics } = this.#options;
    const startedAt = performance.now();
    const known = this.#beforeBody(request);
    const verdict = 'sender' in known ? await this.#inTurn(request, response, known) : known;
    if (verdict === undefined) {
      metrics.count('alert_payloads_total', { outcome: 'aborted' });
      response.destroy();
      return;
    }
    metrics.count('alert_payloads_total', { outcome: verdict.outcome });
    if (verdict.outcome !== 'unauthorized') {
      metrics.observe('alert_payload_seconds', (performance.now() - startedAt) / 1000, {});
    }
    (verdict.unread ? sendUnread : send)(response, verdict.answer);
  }

  /** What can be said without a look at the body, or who sends it. */
  #beforeBody({ method, headers }: IncomingMessage): Verdict | Known {
    if (method !== 'POST') {
      return { outcome: 'refused', answer: text(405, 'only POST', { allow: 'POST' }), unread: true };
    }
    if (this.#options.tokens.length === 0) {
      const says = 'no alerts are taken: set KUBEWHY_ALERT_TOKENS to name=token and restart Kubewhy';
      return { outcome: 'unavailable', answer: text(503, says), unread: true };
    }
    const sender = this.#senderOf(headers.authorization);
    if (sender === undefined) {
      this.#strangers();
      const says = 'send one of the tokens of KUBEWHY_ALERT_TOKENS, as a bearer token or as a password';
      return { outcome: 'unauthorized', answer: text(401, says, { 'www-authenticate': 'Bearer' }), unread: true };
    }
    const encoding = headers['content-encoding'] ?? 'identity';
    return encoding.toLowerCase() === 'identity'
      ? { sender }
      : { outcome: 'refused', answer: text(415, 'send it as it is, without a content-encoding'), unread: true };
  }

  /** Undefined when the sender has gone away. */
  #inTurn(request: IncomingMessage, response: ServerResponse, known: Known): Promise<Verdict | undefined> {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    return during(this.#turns, leaving.signal, async () => {
      if (request.headers.expect !== undefined) {
        response.writeContinue();
      }
      const body = await readRequestBody(request, this.#limits);
      if (body.kind === 'gone') {
        return undefined;
      }
      return body.bytes.length > this.#limits.largeBytes
        ? during(this.#largeTurns, leaving.signal, () => this.#take(body, known))
        : this.#take(body, known);
    });
  }

  async #take(body: Extract<RequestBody, { kind: 'body' }>, { sender }: Known): Promise<Verdict> {
    const { taker, logger } = this.#options;
    const unread = body.unread !== undefined;
    try {
      const taken = await taker.take({ sender, text: textOf(body.bytes), cut: body.cut });
      if (taken.kind === 'taken') {
        const { kind: _, ...counts } = taken;
        return { outcome: 'accepted', answer: json(counts), unread };
      }
      return body.unread === 'too slow'
        ? { outcome: 'unavailable', answer: text(503, 'the body did not come in time', RETRY), unread }
        : { outcome: 'refused', answer: text(400, `the payload is not accepted: ${taken.reason}`), unread };
    } catch (error) {
      if (!isKubewhyError(error, 'STORE_UNAVAILABLE')) {
        logger.error('a payload of alerts could not be taken', { sender, error });
      }
      return { outcome: 'unavailable', answer: text(503, 'the alerts could not be stored', RETRY), unread };
    }
  }
}

const BUSY: Verdict = { outcome: 'busy', answer: text(503, 'too many payloads at once', RETRY), unread: true };

/** Does something when it is its turn. */
async function during(
  turns: Turns,
  signal: AbortSignal,
  task: () => Promise<Verdict | undefined>,
): Promise<Verdict | undefined> {
  const turn = await turns.take(signal);
  if (turn !== 'turn') {
    return turn === 'busy' ? BUSY : undefined;
  }
  try {
    return await task();
  } finally {
    turns.end();
  }
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

function text(status: number, says: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, type: TEXT, body: `${says}\n`, headers };
}

function json(value: object): Answer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

/** Tells at once, and then once a minute how many there were since. */
function onceAMinute(tell: (count: number) => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  return () => {
    count += 1;
    const now = performance.now();
    if (now - last >= WARN_EVERY_MS) {
      tell(count);
      last = now;
      count = 0;
    }
  };
}
