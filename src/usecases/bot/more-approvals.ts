import { ownersSatisfied } from '../../core/policy/remediation-people.ts';
import type { RemediationRecord } from '../../core/remediation/remediation.ts';

/**
 * What is needed after an approval of that person, a sentence or two; nothing when the change runs at once. For it nobody
 * is looked up in the groups of owners: where that decides, it says both.
 */
export function moreApprovals(
  { votes, signed: { plan } }: Pick<RemediationRecord, 'votes' | 'signed'>,
  user: string,
): string | undefined {
  const { required, owners } = plan.approval;
  const hasOwner = votes.some(({ owner }) => owner === true);
  const owner = hasOwner ? 'satisfied' : ownersSatisfied(owners, [user]).kind;
  const missing = required - votes.length - 1;
  if (missing > 0) {
    const count = missing === 1 ? 'One more approval is' : `${missing} more approvals are`;
    return `${count} needed after yours.${owner === 'satisfied' ? '' : ' One of all approvers must be an owner.'}`;
  }
  switch (owner) {
    case 'satisfied':
      return undefined;
    case 'look-up':
      return 'One of all approvers must be an owner: it runs at once if you are one; if not, an owner must approve after you.';
    default:
      return 'An owner must approve after you.';
  }
}
