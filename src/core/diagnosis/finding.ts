import type { Stage } from '../playbook/vocabulary.ts';
import type { ProposedAction } from '../remediation/proposed-action.ts';

export type FindingState = 'confirmed' | 'likely' | 'possible' | 'refuted';

/** The answer to one check of a playbook. */
export interface CheckResult {
  readonly id: string;
  readonly ask: string;
  readonly answer: 'yes' | 'no' | 'cannot-tell';
  /** Whether the answer supports the finding; absent when it cannot be told. */
  readonly supports?: boolean;
  /** What was seen, or why it cannot be told. */
  readonly evidence?: string;
}

/** What a playbook says about a subject. */
export interface Finding {
  /** The name of the playbook; permanent. */
  readonly code: string;
  readonly title: string;
  readonly stage: Stage;
  readonly role: 'cause' | 'fallback' | 'modifier';
  readonly state: FindingState;
  /** The container it is about; absent for findings about the whole object. */
  readonly container?: string;
  /** One sentence without a full stop at the end. */
  readonly cause: string;
  readonly why: readonly string[];
  readonly evidence: readonly string[];
  readonly checks: readonly CheckResult[];
  readonly advice: readonly string[];
  readonly later: readonly string[];
  readonly explains: readonly string[];
  /** The repair that may be approved. */
  readonly remediation?: ProposedAction;
  /** What is to blame and may break other objects as well: `ConfigMap shop/app`, `Node worker-1`, `image web:1`. */
  readonly blames?: string;
  /** Why it is refuted. */
  readonly because?: string;
  /** The finding about another object that this one is a consequence of. */
  readonly root?: RootCause;
}

/** The cause found on another object. */
export interface RootCause {
  readonly subject: string;
  readonly finding: Omit<Finding, 'root'>;
}

/** One line of `--explain`: a playbook and why it did or did not match. */
export interface Consideration {
  readonly code: string;
  readonly container?: string;
  readonly outcome: 'not-triggered' | FindingState;
  readonly reason: string;
}
