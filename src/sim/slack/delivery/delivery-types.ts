/** The ways of an app to receive deliveries. */
export type Transport = 'http' | 'socket';

/** How a request over HTTP is signed. `replayed` sends the same signed request a second time. */
export type Signature = 'good' | 'bad' | 'missing' | 'old' | 'future' | 'replayed';

/** What every driver takes besides what the user does. */
export interface DeliveryOptions {
  readonly transport?: Transport;
  readonly signature?: Signature;
  /** Adds `; charset=utf-8` to the content type, as some proxies do. HTTP only. */
  readonly charset?: boolean;
  /** How often the same envelope is delivered. */
  readonly times?: number;
  /** Whether the deliveries of `times` start at once, instead of each after the answer to the one before. */
  readonly concurrently?: boolean;
  /** Workspace id in the payload, for a delivery from somewhere else. */
  readonly team?: string;
  /** Seconds that the signature's timestamp differs from now; 0 when left out. */
  readonly timestampOffset?: number;
}

/** One answer of the app. */
export type DeliveryOutcome =
  /** It answered; over Socket Mode an acknowledgement counts as status 200. */
  | 'answered'
  /** It did not answer within 3 s. */
  | 'timeout'
  /** Nothing listens, or the connection broke. */
  | 'unreachable';

/** What the app answered to one delivery. */
export interface DeliveryAnswer {
  readonly outcome: DeliveryOutcome;
  /** 0 without an answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body, when it is JSON. */
  readonly json: unknown;
  /** Milliseconds of real time. */
  readonly milliseconds: number;
}

/** The first answer, with all of them when the envelope was delivered more than once. */
export interface Delivery extends DeliveryAnswer {
  readonly answers: readonly DeliveryAnswer[];
  /** What was delivered. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What is delivered: the type decides the form of the request and of the envelope. */
export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Marks a delivery as one that was tried before. */
export interface RetryMark {
  readonly number: number;
  readonly reason: string;
}
