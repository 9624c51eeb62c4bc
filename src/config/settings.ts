import type { AlertSettings } from './alert-settings.ts';
import type { RemediationSettings } from './remediation-settings.ts';

/** A cluster that may be asked about. */
export interface ClusterSettings {
  readonly name: string;
  /** A path; the usual places when absent. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly default?: boolean;
  readonly description?: string;
  /** With which account changes are made; the one that reads when absent. */
  readonly executor?: { readonly kubeconfig?: string; readonly context?: string };
}

/** How Kubewhy speaks to Slack, and with whom. */
export interface SlackSettings {
  readonly mode: 'socket' | 'http';
  readonly port: number;
  readonly host: string;
  /** With its slash. */
  readonly command: string;
  readonly connections: number;
  readonly guests: 'refuse' | 'allow';
  readonly sharedChannels: 'refuse' | 'allow';
  readonly botsMayAsk: boolean;
}

/** What a question of a channel means when it does not say. */
export interface ChannelSettings {
  readonly id: string;
  readonly cluster?: string;
  readonly namespace?: string;
}

/** Allows people of channels to ask about namespaces. */
export interface ReadingRuleSettings {
  /** Channel IDs, or `direct`. */
  readonly channels: readonly string[];
  /** Everyone when absent. */
  readonly users?: readonly string[];
  /** All clusters when absent. */
  readonly clusters?: readonly string[];
  /** Names, in which `*` stands for any characters. */
  readonly namespaces: readonly string[];
}

export interface LimitSettings {
  readonly questionsPerUserPerMinute: number;
  readonly questionTimeoutSeconds: number;
  readonly questionExpirySeconds: number;
  readonly diagnoserConcurrency: number;
}

/** Everything that `kubewhy.yaml` says, frozen. */
export interface Settings {
  /** At least one. */
  readonly clusters: readonly ClusterSettings[];
  readonly slack: SlackSettings;
  readonly channels: readonly ChannelSettings[];
  readonly reading: readonly ReadingRuleSettings[];
  readonly alerts: AlertSettings;
  readonly remediation: RemediationSettings;
  readonly limits: LimitSettings;
  /** Folders of further playbooks. */
  readonly playbooks: readonly string[];
  readonly retention: { readonly days: number };
  readonly redis: { readonly prefix: string };
}

/** A place in the settings. */
export type SettingsPath = readonly (string | number)[];

/** One thing that is wrong; it names no value, which may be a secret in the wrong place. */
export interface SettingsProblem {
  readonly path: SettingsPath;
  readonly reason: string;
  /** A word that is not known, with those that are. */
  readonly unknown?: { readonly word: string; readonly known: readonly string[] };
}

export type SettingsResult =
  | { readonly kind: 'valid'; readonly settings: Settings }
  | { readonly kind: 'invalid'; readonly problems: readonly SettingsProblem[] };

/** The cluster that is asked when neither the question nor its channel names one; undefined: it must be named. */
export function defaultCluster({ clusters }: Pick<Settings, 'clusters'>): string | undefined {
  const [first, ...others] = clusters;
  return others.length === 0 ? first?.name : clusters.find((cluster) => cluster.default === true)?.name;
}
