import type { AuditDraft } from '../core/remediation/audit.ts';
import type { RemediationLimits } from '../core/remediation/limits.ts';
import type { Ending, RemediationRecord, SignedPlan, StepResult, Vote } from '../core/remediation/remediation.ts';
import type { EndState, RemediationState } from '../core/remediation/state.ts';

/** What became of a proposal. */
export type ProposeResult =
  | { readonly kind: 'proposed' }
  /** One about the same change is open. */
  | { readonly kind: 'exists'; readonly id: string }
  /** A limit, the breaker or the kill switch forbids it now; `reason` is a sentence for people. */
  | { readonly kind: 'blocked'; readonly reason: string };

/** What became of a decision. */
export type DecideResult =
  /** Not enough approvals yet. */
  | { readonly kind: 'counted'; readonly votes: number; readonly required: number }
  /** It went on: approved, denied or cancelled. */
  | { readonly kind: 'decided'; readonly state: RemediationState }
  /** That person has voted already. */
  | { readonly kind: 'voted' }
  /** That person asked the question or proposed the change, and never counts; whatever the workspace. */
  | { readonly kind: 'own' }
  /** It was decided or ended before. */
  | { readonly kind: 'already'; readonly state: RemediationState }
  /** The plan is not the one that was agreed to. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' };

/** What became of an attempt to take a remediation for execution. */
export type ClaimResult =
  /** `recover`: an executor had it before and fell silent; `from` says how far it was. */
  | {
      readonly kind: 'claimed';
      readonly fence: number;
      readonly how: 'first' | 'recover';
      readonly from: 'approved' | 'executing' | 'verifying';
      readonly record: RemediationRecord;
    }
  /** Another executor has it, or as many others as may be are in flight; it comes again. */
  | { readonly kind: 'busy' }
  /** There is nothing to execute: it ended, be it by this very call, or is not approved. */
  | { readonly kind: 'already'; readonly state: RemediationState }
  | { readonly kind: 'unknown' };

/** Who claims, and under what limits. */
export interface ClaimRequest {
  readonly worker: string;
  readonly leaseMs: number;
  readonly limits: RemediationLimits;
}

/** How an execution goes on. */
export interface Advance {
  readonly from: 'executing' | 'verifying';
  readonly to: 'verifying' | EndState;
  readonly ending?: Ending;
  readonly audit: AuditDraft;
}

/** What needs somebody to look after it. */
export interface RemediationWork {
  /** Proposals whose message may be posted by now. */
  readonly unposted: readonly string[];
  /** Approved ones whose job may be missing, and executing or verifying ones whose lease is over. */
  readonly runnable: readonly string[];
  /** Those whose newest revision was not told. */
  readonly untold: readonly string[];
}

/** Whether changes are switched off. */
export interface SwitchState {
  /** `*` or the name of a cluster. */
  readonly scope: string;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly reason: string;
}

/** An action that is switched off because it did not help. */
export interface BreakerState {
  readonly cluster: string;
  /** Empty: every action, until a person resets it. */
  readonly action: string;
  /** RFC 3339; absent: until a person resets it. */
  readonly until?: string;
}

/**
 * Remediations and their state machine. Each call is one step that happens as a whole or not at all, by the clock of the store,
 * together with its entry in the audit. Throws STORE_UNAVAILABLE.
 */
export interface RemediationStore {
  /** The time by which everything here is judged. */
  now(): Promise<Date>;
  propose(signed: SignedPlan, limits: RemediationLimits): Promise<ProposeResult>;
  /** Its message is posted: from now on it may be decided. False when it was not `proposed`. */
  opened(id: string, message: { readonly channel: string; readonly ts: string }): Promise<boolean>;
  read(id: string): Promise<RemediationRecord | undefined>;
  /** `digest` is that of the plan that the person was shown. `at` is set by the store. */
  approve(id: string, digest: string, vote: Omit<Vote, 'at'>): Promise<DecideResult>;
  /** One denial is enough. */
  deny(
    id: string,
    by: { readonly team: string; readonly user: string; readonly reason: string },
  ): Promise<DecideResult>;
  /** Before anything was sent. */
  cancel(
    id: string,
    by: { readonly team: string; readonly user: string; readonly reason: string },
  ): Promise<DecideResult>;
  /** Ends what has not begun to execute, because it may not happen any more. */
  stopBefore(id: string, to: 'blocked' | 'superseded', reason: string): Promise<boolean>;
  claim(id: string, request: ClaimRequest): Promise<ClaimResult>;
  /** Prolongs the lease; false when it was lost. */
  renew(id: string, fence: number, leaseMs: number): Promise<boolean>;
  /**
   * Notes what is about to be sent. False: the lease was lost or is over, it was stopped, the time to act is over, it had
   * ended before, or it is not conditional and something may have been sent before. Nothing may be sent then.
   */
  intend(id: string, fence: number, intent: string, audit: AuditDraft): Promise<boolean>;
  /** Adds a step; false when the lease was lost. */
  step(id: string, fence: number, step: StepResult): Promise<boolean>;
  /** False when the lease was lost. The breaker counts `verify_failed` and `unknown_outcome`. Throws BUG for a way that no change goes. */
  advance(id: string, fence: number, advance: Advance): Promise<boolean>;
  /** What is to be done in a cluster; at most 200 of each kind. */
  work(cluster: string): Promise<RemediationWork>;
  /** Ends those whose time is over; their ids. */
  expire(): Promise<readonly string[]>;
  /**
   * Ends as `unknown_outcome` what an executor of a cluster that is not among these left behind, once its lease is over
   * for `silentMs`: nobody else ever will. Their ids.
   */
  abandon(query: { readonly clusters: readonly string[]; readonly silentMs: number }): Promise<readonly string[]>;
  /** The record was shown as of that revision; a newer one stays untold. */
  told(id: string, revision: number): Promise<void>;
  /** The newest first; open ones, or those that ended; at most `limit`. */
  list(query: {
    readonly open: boolean;
    readonly cluster?: string;
    readonly limit: number;
  }): Promise<readonly RemediationRecord[]>;
  /** Switches changes off for a cluster, or for all with `*`; what waits is blocked. */
  stop(state: Omit<SwitchState, 'at'>): Promise<void>;
  /** False when it was not stopped. Also closes the breakers of the scope. */
  resume(scope: string, by: string): Promise<boolean>;
  stopped(): Promise<readonly SwitchState[]>;
  breakers(): Promise<readonly BreakerState[]>;
  /** Calls back when something changed that an executor or a gateway may want to look at; returns how to stop listening. */
  onChange(listener: (id: string) => void): () => void;
}
