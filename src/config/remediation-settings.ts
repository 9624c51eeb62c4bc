import type { MuteWindowSettings } from './alert-settings.ts';

/** How much a change can harm. */
export const TIER_NAMES = ['T1', 'T2', 'T3'] as const;

export type TierName = (typeof TIER_NAMES)[number];

/** Codes of actions that a rule may name. */
export const ACTION_CODES = [
  'R-POD-DELETE',
  'R-POD-FORCE-DELETE',
  'R-EVICT',
  'R-ROLLOUT-RESTART',
  'R-ROLLBACK',
  'R-SCALE',
  'R-CORDON',
  'R-UNCORDON',
  'R-OOS-TAINT',
  'R-NS-FINALIZE',
  'R-OBJ-FINALIZER-REMOVE',
  'R-VA-DELETE',
  'R-RBD-LOCK-RM',
  'R-NETWORK-FENCE',
  'R-JOB-RECREATE',
] as const;

export type ActionName = (typeof ACTION_CODES)[number];

/** Nothing is changed in these, whatever a rule says. */
export const ALWAYS_PROTECTED = ['kube-system', 'kube-public', 'kube-node-lease'] as const;

/** Namespaces of storage and networks, which are protected unless the settings list others. */
export const USUALLY_PROTECTED = [
  ...ALWAYS_PROTECTED,
  'rook-ceph',
  'ceph*',
  '*-csi*',
  'cilium*',
  'calico*',
  'tigera*',
  'kube-flannel',
  'longhorn-system',
] as const;

/** Lets people approve changes. */
export interface RemediationRuleSettings {
  readonly name: string;
  /** IDs of people and groups. */
  readonly approvers: readonly string[];
  readonly actions: readonly (ActionName | '*')[];
  readonly tiers: readonly TierName[];
  /** All clusters when absent. */
  readonly clusters?: readonly string[];
  /** Names, in which `*` stands for any characters. */
  readonly namespaces: readonly string[];
  readonly quorum: Readonly<Record<TierName, number>>;
  readonly owners: readonly string[];
}

/** Who a person of Slack is to the clusters. */
export interface IdentitySettings {
  readonly slack: string;
  readonly user: string;
  readonly groups: readonly string[];
  /** All clusters when absent. */
  readonly clusters?: readonly string[];
}

/** A time in which nothing is changed. */
export interface FreezeSettings {
  readonly name: string;
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly windows: readonly MuteWindowSettings[];
}

/** Where `rbd` and `ceph` are run for a cluster. */
export type RunbookSettings =
  /** In a pod of a Deployment, by exec. */
  | {
      readonly cluster: string;
      readonly place: 'toolbox';
      readonly namespace: string;
      readonly deployment: string;
      readonly container?: string;
    }
  /** In a Job made from the template of a suspended CronJob. */
  | {
      readonly cluster: string;
      readonly place: 'job';
      readonly namespace: string;
      readonly cronJob: string;
    }
  /** Where the executor itself runs. */
  | {
      readonly cluster: string;
      readonly place: 'local';
      readonly config?: string;
      readonly keyring?: string;
      /** The name of the Ceph identity without `client.`. */
      readonly identity: string;
    };

/** Which changes people may approve. Without a rule nothing is changed. */
export interface RemediationSettings {
  readonly rules: readonly RemediationRuleSettings[];
  readonly identities: readonly IdentitySettings[];
  /** Patterns; what is always protected is among them or not. */
  readonly protectedNamespaces: readonly string[];
  readonly freezes: readonly FreezeSettings[];
  readonly limits: {
    readonly perClusterHour: number;
    readonly perNamespaceHour: number;
    readonly perTargetMinutes: number;
    readonly perTargetDay: number;
    readonly inFlightPerNamespace: number;
    readonly inFlightPerCluster: number;
  };
  readonly times: {
    readonly proposalMinutes: number;
    readonly approvalMinutes: number;
    readonly leaseSeconds: number;
    readonly verifyMinutes: number;
  };
  /** IDs of people and groups who may stop and resume changes and see the audit. */
  readonly operators: readonly string[];
  readonly sharedChannels: 'refuse' | 'allow';
  readonly upgrades: 'refuse' | 'allow';
  readonly runbooks: readonly RunbookSettings[];
  /** The ID of a channel that is told once a day how the audit ends. */
  readonly auditChannel?: string;
  /** A file that must say `run`, or nothing is changed. */
  readonly stopFile?: string;
}
