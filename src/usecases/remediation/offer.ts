import type { Finding } from '../../core/diagnosis/finding.ts';
import type { Question } from '../../core/question/question.ts';
import type { ProposedAction } from '../../core/remediation/proposed-action.ts';
import type { RemediationJob } from '../../ports/remediation-queue.ts';
import type { NoticePlace } from './tell.ts';

/** A wish to change what an answer offers. */
export type ProposeJob = Extract<RemediationJob, { kind: 'propose' }>;

/** What a proposal is made of. */
export interface Offer {
  readonly job: ProposeJob;
  readonly question: Question;
  readonly place: NoticePlace;
  readonly finding: Finding;
  readonly offered: ProposedAction;
  /** First 12 characters of the digest over all playbooks. */
  readonly playbooks: string;
}
