import type { ActionCode } from '../core/playbook/vocabulary.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { AccessRight, PlanWords, RemediationTarget } from '../core/remediation/remediation.ts';
import type { Tier } from '../core/remediation/tier.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import type { WriteRequest } from '../ports/cluster-writer.ts';
import type { ContentLister } from '../ports/content-lister.ts';
import type { RunbookOutput, RunbookStep } from '../ports/runbook-runner.ts';

/** What an action looks at before it decides. Nothing here changes anything. */
export interface ActionContext {
  readonly reader: ClusterReader;
  readonly content: ContentLister;
  /** Runs a step that only reads; absent where no place for runbook steps is configured. */
  readonly runbook?: (step: RunbookStep) => Promise<RunbookOutput>;
  /** `act`: proofs that need time are made as well, such as looking twice. */
  readonly purpose: 'propose' | 'act';
  /** Waits; tests do not. */
  readonly pause: (ms: number) => Promise<void>;
  /** The cluster's clock if it is known. */
  readonly now: () => Date;
}

/** Why an action is not possible now. */
export interface Refusal {
  readonly kind: 'refused';
  /** `changed`: the object is gone, is another one, or healed; `unsafe`: it could do harm; `unproven`: what must be known could not be read. */
  readonly why: 'changed' | 'unsafe' | 'unproven' | 'invalid';
  /** A sentence or two for people: what speaks against it, then what to do instead. */
  readonly reason: string;
}

/** The one thing that is sent. */
export type Effect =
  | { readonly kind: 'kubernetes'; readonly request: WriteRequest }
  | { readonly kind: 'runbook'; readonly step: RunbookStep };

/** What an action decided to do. */
export interface Possible {
  readonly kind: 'possible';
  readonly target: RemediationTarget;
  readonly tier: Tier;
  readonly effect: Effect;
  /** What the decision rests on, without what changes all the time; the same when nothing that matters changed. */
  readonly fingerprint: string;
  readonly words: PlanWords;
  readonly rights: readonly AccessRight[];
  /** What the verification needs to know of the time before, by name: old uid, owner, siblings. */
  readonly before: Readonly<Record<string, string>>;
}

export type Inspection = Possible | Refusal;

/** What one look at the outcome showed. */
export type Verification =
  /** It helped. `says` is what was seen: `web-0 is Ready again`; `object` is what a fresh diagnosis looks at when it is not the subject. */
  | { readonly kind: 'helped'; readonly says: string; readonly object?: Required<SubjectQuery> }
  | { readonly kind: 'waiting'; readonly says: string }
  /** It certainly did not help. */
  | { readonly kind: 'failed'; readonly says: string };

/** Whether the change has reached the object, after a reply that never came. */
export type EffectSeen = 'made' | 'not-made' | 'changed' | 'cannot-tell';

/** What is known of an act when its outcome is looked at. */
export interface Acted {
  readonly input: ProposedAction;
  readonly target: RemediationTarget;
  readonly before: Readonly<Record<string, string>>;
}

/** A kind of change. One file each under `src/actions`; it reads, decides and says what to send, and never sends. */
export interface Action {
  readonly code: ActionCode;
  /** The API server (or the tool) itself refuses the change when the object is another one. */
  readonly conditional: boolean;
  /** `false`: it only keeps the trouble from spreading, such as cordoning, so that the finding may stand afterwards. */
  readonly heals?: false;
  /** Reads, checks the parameters, decides; again before the act. Never rejects for an expected answer. */
  inspect(input: ProposedAction, context: ActionContext): Promise<Inspection>;
  /** Whether the change was made; for replies that never came and for refusals of what was sent before. */
  seen(acted: Acted, context: ActionContext): Promise<EffectSeen>;
  /** One look at whether it helped. */
  verify(acted: Acted, context: ActionContext): Promise<Verification>;
}
