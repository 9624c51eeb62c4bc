import { describe, expect, it } from 'vitest';
import { moreApprovals } from '../../../src/usecases/bot/more-approvals.ts';
import { sampleSigned, sampleVote } from '../../fakes/remediation-samples.ts';

interface Approved {
  readonly by: readonly (readonly [user: string, owner: boolean])[];
  readonly required: number;
  readonly owners?: readonly string[];
}

function after({ by, required, owners = [] }: Approved, user: string): string | undefined {
  const signed = sampleSigned('m-1', { approval: { rule: 'shop', required, owners, reasonRequired: false } });
  const at = '2026-01-31T12:00:00.000Z';
  return moreApprovals({ signed, votes: by.map(([voter, owner]) => ({ ...sampleVote(voter, { owner }), at })) }, user);
}

describe('what is needed after an approval', () => {
  it.each([
    ['nothing after the only one', { by: [], required: 1 }, undefined],
    ['one more', { by: [], required: 2 }, 'One more approval is needed after yours.'],
    ['several', { by: [], required: 4 }, '3 more approvals are needed after yours.'],
    ['nothing after the last one', { by: [['UANN', false]], required: 2 }, undefined],
    [
      'one more after that of an owner',
      { by: [], required: 2, owners: ['UBOB'] },
      'One more approval is needed after yours.',
    ],
    [
      'one more, and an owner',
      { by: [], required: 2, owners: ['UANN'] },
      'One more approval is needed after yours. One of all approvers must be an owner.',
    ],
    ['nothing where an owner approved before', { by: [['UANN', true]], required: 2, owners: ['UANN'] }, undefined],
    ['nothing after the owner', { by: [['UEVE', false]], required: 2, owners: ['UBOB'] }, undefined],
    [
      'an owner after everybody else',
      { by: [['UEVE', false]], required: 2, owners: ['UANN'] },
      'An owner must approve after you.',
    ],
    [
      'an owner unless it is one of a group',
      { by: [['UEVE', false]], required: 2, owners: ['UANN', 'SOWN'] },
      'One of all approvers must be an owner: it runs at once if you are one; if not, an owner must approve after you.',
    ],
  ] as const)('%s', (_what, approved, words) => {
    expect(after(approved, 'UBOB')).toBe(words);
  });
});
