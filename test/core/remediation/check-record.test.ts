import { describe, expect, it } from 'vitest';
import { approvalForgery, planForgery, revival } from '../../../src/core/remediation/check-record.ts';
import type { RemediationPlan, Vote } from '../../../src/core/remediation/remediation.ts';
import { planText, signedPlanText, voteText } from '../../../src/core/remediation/signed-text.ts';
import { samplePlan } from '../../fakes/remediation-samples.ts';

/** Signatures that anybody could make, if only they knew how. */
const tools = {
  digest: (text: string) => `digest of ${text}`,
  verify: (text: string, signature: string) => signature === `signed ${text}`,
};

function signedOf(plan: RemediationPlan) {
  const digest = tools.digest(planText(plan));
  return { plan, digest, signature: `signed ${signedPlanText(digest)}` };
}

function voteOf(user: string, plan: RemediationPlan, changes: Partial<Vote> = {}): Vote {
  const text = { team: 'T1', user, reason: 'because' };
  const signature = `signed ${voteText(plan.id, signedOf(plan).digest, text)}`;
  return { ...text, at: '2026-01-31T12:01:00Z', signature, ...changes };
}

const plan = samplePlan('m-1');
const signed = signedOf(plan);
const EXPECTED = { id: 'm-1', cluster: 'prod' };

describe('a plan', () => {
  it('that an executor signed is no forgery', () => {
    expect(planForgery({ signed }, EXPECTED, tools)).toBeUndefined();
  });

  it.each([
    ['of another remediation', { signed }, { ...EXPECTED, id: 'm-2' }],
    ['of another cluster', { signed }, { ...EXPECTED, cluster: 'stage' }],
    [
      'with another target',
      { signed: { ...signed, plan: { ...plan, target: { ...plan.target, uid: 'x' } } } },
      EXPECTED,
    ],
    ['with another digest', { signed: { ...signed, digest: 'other' } }, EXPECTED],
    ['without a signature', { signed: { ...signed, signature: '' } }, EXPECTED],
    [
      'that was changed with its digest',
      { signed: { ...signedOf({ ...plan, tier: 'T2' }), signature: signed.signature } },
      EXPECTED,
    ],
  ])('%s is one', (_what, record, expected) => {
    expect(planForgery(record, expected, tools)).toBeTypeOf('string');
  });
});

describe('an approval', () => {
  it('by enough people through a gateway is no forgery', () => {
    expect(approvalForgery({ signed, votes: [voteOf('UBOB', plan)] }, tools)).toBeUndefined();
  });

  const dangerous = samplePlan('m-1', { tier: 'T3' });
  const twice = signedOf(dangerous);

  it.each([
    ['without votes', { signed, votes: [] }],
    ['that nobody signed', { signed, votes: [voteOf('UBOB', plan, { signature: '' })] }],
    ['signed for somebody else', { signed, votes: [voteOf('UBOB', plan, { user: 'UEVE' })] }],
    ['signed for another reason', { signed, votes: [voteOf('UBOB', plan, { reason: 'other' })] }],
    ['signed for another plan', { signed, votes: [voteOf('UBOB', dangerous)] }],
    [
      'of another workspace',
      {
        signed: signedOf({ ...plan, replyTo: { ...plan.replyTo, team: 'T2' } }),
        votes: [voteOf('UBOB', { ...plan, replyTo: { ...plan.replyTo, team: 'T2' } })],
      },
    ],
    ['by the requester', { signed, votes: [voteOf('U1', plan)] }],
    ['by the proposer', { signed, votes: [voteOf('U2', plan)] }],
    ['of T3 by one person', { signed: twice, votes: [voteOf('UBOB', dangerous)] }],
    ['of T3 by one person twice', { signed: twice, votes: [voteOf('UBOB', dangerous), voteOf('UBOB', dangerous)] }],
  ])('%s is one', (_what, record) => {
    expect(approvalForgery(record, tools)).toBeTypeOf('string');
  });
});

describe('a history', () => {
  const at = '2026-01-31T12:01:00.000Z';

  it('without an end is no revival', () => {
    const history = (['proposed', 'awaiting_approval', 'approved', 'executing'] as const).map((state) => ({
      state,
      at,
    }));

    expect(revival({ history })).toBeUndefined();
  });

  it.each(['cancelled', 'blocked', 'expired', 'denied', 'succeeded'] as const)(
    'that goes on after %s is one',
    (end) => {
      const history = (['proposed', end, 'executing'] as const).map((state) => ({ state, at }));

      expect(revival({ history })).toBe(`it had ended before as ${end} (${at})`);
    },
  );
});
