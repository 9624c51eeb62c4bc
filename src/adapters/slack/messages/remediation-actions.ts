import type { Button } from '@slack/types';
import type { RemediationRecord } from '../../../core/remediation/remediation.ts';
import type { EndState } from '../../../core/remediation/state.ts';
import { button } from './blocks.ts';

/**
 * The names of the buttons of changes, which the listeners know. The value of `review` is the id of the question, that of
 * all others the id of the remediation.
 */
export const REMEDIATION_ACTIONS = {
  review: 'remediation.review',
  approve: 'proposal.approve',
  deny: 'proposal.deny',
  dryrun: 'proposal.dryrun',
  details: 'proposal.details',
  cancel: 'proposal.cancel',
  again: 'proposal.again',
} as const;

/** What the accessibility label of the button "Deny" begins with; what is denied follows. */
export const DENY_SPOKEN = 'Deny: ';

/** How the ends are taken up again; a denied one is not, and one that did not help is diagnosed by itself. */
const AGAIN: Readonly<Partial<Record<EndState, string>>> = {
  expired: 'Propose again',
  blocked: 'Propose again',
  cancelled: 'Propose again',
  failed: 'Propose again',
  superseded: 'Diagnose again',
  unknown_outcome: 'Diagnose again',
};

/** What people may do with a change as it stands; nothing while its message is being posted. */
export function remediationButtons({ state, signed: { plan } }: RemediationRecord): readonly Button[] {
  const { id, words } = plan;
  const make = (action: keyof typeof REMEDIATION_ACTIONS, label: string, spoken: string): Button =>
    button({ action: REMEDIATION_ACTIONS[action], label, spoken: `${spoken}${words.title}`, value: id });
  const details = make('details', 'Details', 'Details: ');
  switch (state) {
    case 'proposed':
      return [];
    case 'awaiting_approval':
      return [
        { ...make('approve', 'Approve…', 'Approve: '), style: words.danger === undefined ? 'primary' : 'danger' },
        make('deny', 'Deny', DENY_SPOKEN),
        make('dryrun', 'Dry run', 'Dry run: '),
        details,
      ];
    case 'approved':
      return [make('cancel', 'Cancel', 'Cancel: '), details];
    case 'executing':
    case 'verifying':
      return [details];
    default: {
      const again = AGAIN[state];
      return again === undefined ? [details] : [make('again', again, `${again}: `), details];
    }
  }
}
