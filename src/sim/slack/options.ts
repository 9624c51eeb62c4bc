import type { PageAnswer, PageCommand, PageShortcut, PageStage } from './page-api.ts';
import type { WorldAdditions } from './world/world.ts';

/** How strictly calls are counted. Slack's figures are multiplied by `scale`. */
export interface RateLimitOptions {
  readonly scale?: number;
  /** Messages to one channel that may come at once before one a second counts. */
  readonly channelBurst?: number;
}

/** What makes things happen on behalf of the visitor. */
export interface StageHost {
  /** What there is at the moment. */
  shown(): PageStage;
  /** Begins an offer; it goes on after the answer. */
  play(offer: string): PageAnswer;
  /** Tells of every change until the returned function is called. */
  listen(changed: () => void): () => void;
}

/** What the page shows and offers besides the workspace. */
export interface PageOptions {
  /** Static files, served under `/` and `/page/`. */
  readonly folder?: string;
  readonly banner?: string;
  /** `/k8s` when left out. */
  readonly commands?: readonly PageCommand[];
  readonly shortcuts?: readonly PageShortcut[];
  readonly suggestions?: readonly string[];
  /** Whole lines that may replace what was typed. */
  readonly complete?: (text: string) => Promise<readonly string[]>;
  readonly stage?: StageHost;
  /** How the page's own commands and clicks reach the app. */
  readonly transport?: 'http' | 'socket';
}

/** How a stand-in differs from the default one. */
export interface SlackSimOptions {
  /** On loopback; a free port when left out. */
  readonly port?: number;
  /** Where the app listens, without `/slack/events`; may be set later with `setRequestUrl`. */
  readonly requestUrl?: string;
  /** The way deliveries take unless they say otherwise; `http` when left out. */
  readonly transport?: 'http' | 'socket';
  readonly signingSecret?: string;
  readonly botToken?: string;
  readonly appToken?: string;
  /** Granted to the bot token. */
  readonly scopes?: readonly string[];
  readonly world?: WorldAdditions;
  /** Counted with Slack's figures unless `off`. */
  readonly rateLimits?: 'off' | RateLimitOptions;
  /** Epoch milliseconds; rules, records and ids use it. Signatures and waiting use real time. */
  readonly clock?: () => number;
  /** How long the app may take to acknowledge, in milliseconds of real time; 3000 as in Slack. */
  readonly ackTimeout?: number;
  /** Delays in milliseconds before an event is sent again when it was not acknowledged; none when left out. */
  readonly eventRetries?: readonly number[];
  /** Mentions and links that the bot may send: ids or `here`, `channel`, `everyone`; starts of addresses. */
  readonly allowed?: { readonly mentions?: readonly string[]; readonly links?: readonly string[] };
  readonly page?: PageOptions;
}

/** Granted unless a test says otherwise: what Kubewhy's manifest asks for, with the two history scopes. */
export const DEFAULT_SCOPES: readonly string[] = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'im:write',
  'reactions:write',
  'usergroups:read',
  'users:read',
];
