import type { Drivers } from './delivery/drivers.ts';
import type { FaultControls } from './fault-controls.ts';
import type { CallRecord, EphemeralRecord, FileRecord, MessageRecord, ViewRecord } from './store/records.ts';
import type { CHANNELS, USERS } from './world/default-world.ts';
import type { World } from './world/world.ts';
import type { SlackApp, SlackTeam } from './world/world-types.ts';

/** A running stand-in for Slack. */
export interface SlackSim {
  /** Of the server and its page, without a slash at the end. */
  readonly url: string;
  /** For `slackApiUrl`; ends in `/api/`. */
  readonly apiUrl: string;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly team: SlackTeam;
  readonly app: SlackApp;
  /** The default accounts as they were at the start. */
  readonly users: typeof USERS;
  /** The default channels as they were at the start. */
  readonly channels: typeof CHANNELS;
  /** The workspace as it is; `putUser` and `putChannel` change it. */
  readonly world: World;
  /** Does what users do. */
  readonly drivers: Drivers;
  /** Makes things go wrong. */
  readonly faults: FaultControls;
  /** Where the app listens, without `/slack/events`. */
  setRequestUrl(url: string): void;
  /** Replaces the scopes of the bot token. */
  setScopes(scopes: readonly string[]): void;
  /** From now on all tokens are refused with this error, or accepted again. */
  setTokenRefusal(error: string | undefined): void;
  /** Adds mentions (ids, `here`, `channel`, `everyone`) and starts of links that the bot may send. */
  allow(more: { readonly mentions?: readonly string[]; readonly links?: readonly string[] }): void;
  /** A channel's messages and replies of everybody, oldest first, without deleted ones. */
  messages(channel: string): readonly MessageRecord[];
  /** All messages of the bot in all channels, deleted ones included. */
  sent(): readonly MessageRecord[];
  replies(channel: string, parentTs: string): readonly MessageRecord[];
  /** In the order in which they came, deleted ones included. */
  ephemerals(): readonly EphemeralRecord[];
  files(): readonly FileRecord[];
  /** All modals, closed ones included. */
  views(): readonly ViewRecord[];
  /** The Home tab of each user who has one. */
  homes(): readonly ViewRecord[];
  /** Every request of the app, or those of one method (`response_url` and `upload` count as methods). */
  calls(method?: string): readonly CallRecord[];
  /** Open Socket Mode connections. */
  socketConnections(): number;
  /**
   * Resolves with what `probe` returns as soon as that is neither `undefined` nor `false`: now or after any change.
   * Rejects after `milliseconds` (5000 when left out).
   */
  waitFor<T>(probe: (sim: SlackSim) => T | undefined | false, milliseconds?: number): Promise<T>;
  /** Everything the app sent that Slack refuses, or that is larger than Kubewhy allows itself. */
  problems(): readonly string[];
  close(): Promise<void>;
}
