/** What was found out about an Alertmanager of the settings. Reasons are printable and end without a full stop. */
export type AlertmanagerFact =
  | { readonly kind: 'answered'; readonly name: string; readonly version: string }
  | { readonly kind: 'refused'; readonly name: string; readonly status: number; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly name: string; readonly reason: string };

/** What the checks want to know about alerts. */
export interface AlertFacts {
  /** Names of the senders in the settings. */
  readonly senders: readonly string[];
  /** Whether one of them may speak about some namespaces only. */
  readonly limited: boolean;
  /** Whose tokens are in the environment: these deliver alerts, in the settings or not. */
  readonly tokensOf: readonly string[];
  /** Whether pods are watched without any alert. */
  readonly watches: boolean;
  /** Whether every alert has a channel. */
  readonly channelForAll: boolean;
  /** Channels in which incidents are shown, and those that a rule lets somebody ask in. */
  readonly channels: readonly string[];
  readonly askedIn: readonly string[];
  readonly acknowledge: readonly string[];
  readonly silence: readonly string[];
  readonly alertmanagers: readonly AlertmanagerFact[];
  /** Names for which the environment has a token and the settings no Alertmanager. */
  readonly strayTokens: readonly string[];
}
