import type { ActionCode } from '../playbook/vocabulary.ts';
import type { RemediationLimits } from '../remediation/limits.ts';
import type { Tier } from '../remediation/tier.ts';
import type { MuteWindow } from '../triage/mute-window.ts';

/** Lets people approve changes. */
export interface RemediationRule {
  /** Distinct; what the audit names. */
  readonly name: string;
  /** IDs of people and user groups that may approve. */
  readonly approvers: readonly string[];
  /** Codes of actions; `*` stands for every action. */
  readonly actions: readonly (ActionCode | '*')[];
  readonly tiers: readonly Tier[];
  /** All clusters when absent. */
  readonly clusters?: readonly string[];
  /** Names, in which `*` stands for any characters. What is in no namespace (nodes) needs `*` itself. */
  readonly namespaces: readonly string[];
  /** Different approvers for each tier; never fewer than the least that the tier needs: 1, 1, 2. */
  readonly quorum: Readonly<Record<Tier, number>>;
  /** For T3 one approver must be of these people and groups; empty: nobody can approve T3. */
  readonly owners: readonly string[];
}

/** Who a person or group of Slack is to the clusters. */
export interface IdentityMapping {
  /** ID of a person. */
  readonly slack: string;
  /** What RBAC knows the person as. */
  readonly user: string;
  readonly groups: readonly string[];
  /** All clusters when absent. */
  readonly clusters?: readonly string[];
}

/** A time in which nothing is changed. */
export interface FreezeWindow {
  readonly name: string;
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
  /** As mute windows of alerts: days, from, to, timezone; or `from` and `until` as dates. */
  readonly windows: readonly MuteWindow[];
}

/** Everything that the settings say about changes. Without a rule Kubewhy changes nothing. */
export interface RemediationPolicy {
  readonly rules: readonly RemediationRule[];
  readonly identities: readonly IdentityMapping[];
  /** Nothing is changed in these, whatever a rule says; patterns. Kubewhy's own namespace is among them. */
  readonly protectedNamespaces: readonly string[];
  readonly freezes: readonly FreezeWindow[];
  readonly limits: RemediationLimits;
  /** Who may use `stop` and `resume`, and see the audit: people and groups. */
  readonly operators: readonly string[];
  readonly sharedChannels: 'refuse' | 'allow';
  /** Whether anything is changed while kubelets have different minor versions, as during an upgrade. */
  readonly upgrades: 'refuse' | 'allow';
}
