import type { Asker, ReplyAddress } from '../question/question.ts';
import type { ProposedAction } from './proposed-action.ts';
import type { RemediationState } from './state.ts';
import type { Tier } from './tier.ts';

/** The one object that is changed. */
export interface RemediationTarget {
  /** `Pod`, `Namespace`, `rbd image`. */
  readonly kind: string;
  /** API group; empty for the core group and for what is no Kubernetes object. */
  readonly group: string;
  /** Empty for what is in no namespace. */
  readonly namespace: string;
  /** For what is no Kubernetes object the name by which its tool knows it: `rbd/image`. */
  readonly name: string;
  /** `metadata.uid`; for what is no Kubernetes object whatever tells it from a later one of the same name. */
  readonly uid: string;
}

/** A right as a SubjectAccessReview asks for it. */
export interface AccessRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Empty: none. */
  readonly subresource: string;
  /** Empty for cluster-scoped resources. */
  readonly namespace: string;
  readonly name: string;
}

/** What people read before they decide. Plain text; names in it may be hostile. */
export interface PlanWords {
  /** What is done, as the rest of `Approval needed: `: `delete pod shop/web-0`; at most 150 characters. */
  readonly title: string;
  /** What will run, one step a line, the check that stops it first. */
  readonly steps: readonly string[];
  /** The same by hand: the kubectl line, or the commands of a runbook. */
  readonly commands: readonly string[];
  readonly touches: string;
  readonly risk: string;
  readonly undo: string;
  /** The consequence that cannot be undone; its presence asks for a typed confirmation. */
  readonly danger?: string;
}

/** Who may decide, fixed when it is proposed; whether somebody still may is checked anew at each click and at the act. */
export interface ApprovalRule {
  /** The name of the rule in the settings. */
  readonly rule: string;
  /** Different approvers that are needed; the requester and the proposer never count. */
  readonly required: number;
  /** At least one approver must be of these people and groups; empty: anyone of the rule. */
  readonly owners: readonly string[];
  /** What must be typed to confirm; the object's name. */
  readonly confirm?: string;
  readonly reasonRequired: boolean;
}

/** A change that is proposed. It never changes: another evidence makes another plan. */
export interface RemediationPlan {
  /** `m-` and 16 characters; the same for the same cluster, action, object and evidence while one of it is open. */
  readonly id: string;
  readonly cluster: string;
  readonly input: ProposedAction;
  readonly tier: Tier;
  /** The API server itself refuses the change when the object is another one, so that sending it twice is harmless. */
  readonly conditional: boolean;
  readonly target: RemediationTarget;
  /** What was decided and on what state; another one at the act means that it is superseded. */
  readonly fingerprint: string;
  readonly words: PlanWords;
  /** What each approver must be allowed to do by the cluster itself. */
  readonly rights: readonly AccessRight[];
  readonly approval: ApprovalRule;
  /** The finding that it repairs. */
  readonly finding: {
    readonly code: string;
    /** One sentence without a full stop. */
    readonly cause: string;
    /** First 12 characters of the digest over all playbooks. */
    readonly playbooks: string;
    readonly question: string;
    readonly run: number;
  };
  /** Who asked the question; Kubewhy's own account for alerts. */
  readonly requester: Asker;
  /** Who pressed the button that proposed it. */
  readonly proposer: Asker;
  /** The thread that it is shown in. */
  readonly replyTo: ReplyAddress & { readonly thread: string };
  /** RFC 3339, by the clock of the store. */
  readonly proposedAt: string;
  /** RFC 3339, by the clock of the store; from then on nobody can approve it. */
  readonly expiresAt: string;
}

/** A plan with the proof that an executor made it. */
export interface SignedPlan {
  readonly plan: RemediationPlan;
  /** Digest over the canonical JSON of the plan; what voters agree to. */
  readonly digest: string;
  /** Over `digest`. */
  readonly signature: string;
}

/** One approval. */
export interface Vote {
  readonly user: string;
  readonly team: string;
  /** RFC 3339, by the clock of the store. */
  readonly at: string;
  /** Why; may be empty. Hostile text. */
  readonly reason: string;
  /** By the gateway that heard the click, over `voteText`. */
  readonly signature: string;
  /** Whether the gateway found the voter among the plan's owners. `false` alone does not make the quorum of a plan that has owners. */
  readonly owner?: boolean;
}

/** What one step of the execution did. */
export interface StepResult {
  /** For people: `dry run`, `rbd lock ls rbd/image`. */
  readonly what: string;
  readonly ok: boolean;
  /** Redacted, at most 2,000 characters; may be empty. */
  readonly output: string;
  /** RFC 3339, by the clock of the executor. */
  readonly at: string;
  readonly tookMs: number;
}

/** How it ended, or what stopped it. */
export interface Ending {
  /** One sentence or two; may quote hostile text. */
  readonly reason: string;
  /** The person behind it. */
  readonly by?: string;
}

/** A remediation with everything that happened to it. */
export interface RemediationRecord {
  readonly signed: SignedPlan;
  readonly state: RemediationState;
  /** Grows with every change; the version of what is shown. */
  readonly revision: number;
  readonly votes: readonly Vote[];
  /** When each state began, in order; RFC 3339, by the clock of the store. */
  readonly history: readonly { readonly state: RemediationState; readonly at: string }[];
  /** Until when an approval may lead to the change; RFC 3339. */
  readonly actBefore?: string;
  /** Grows with each executor that takes it; an older one writes nothing. 0: none did. */
  readonly fence: number;
  /** What was about to be sent, as `intentText` writes it; present: it may have been. */
  readonly intent?: string;
  readonly steps: readonly StepResult[];
  readonly ending?: Ending;
  /** Where it is shown. */
  readonly message?: { readonly channel: string; readonly ts: string };
}
