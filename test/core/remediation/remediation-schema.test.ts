import { describe, expect, it } from 'vitest';
import {
  auditDraftSchema,
  auditEntrySchema,
  remediationJobSchema,
  signedPlanSchema,
  storedVoteSchema,
} from '../../../src/core/remediation/remediation-schema.ts';
import { planText } from '../../../src/core/remediation/signed-text.ts';
import { sampleDraft, sampleSigned, sampleVote } from '../../fakes/remediation-samples.ts';

const signed = sampleSigned('m-1', {
  approval: { rule: 'shop', required: 2, owners: ['S1'], confirm: 'web-0', reasonRequired: true },
  replyTo: { team: 'T1', channel: 'C1', thread: '1', responseUrl: 'https://hooks.example/1' },
});

function stored(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('a stored plan', () => {
  it('comes back as it was', () => {
    expect(signedPlanSchema.parse(stored(signed))).toEqual(signed);
  });

  it('keeps what another version or a forger added, so that its digest shows it', () => {
    const { plan } = signed;
    const more = { ...plan, note: 1, target: { ...plan.target, node: 'x' }, rights: [{ ...plan.rights[0], x: 'y' }] };

    const read = signedPlanSchema.parse(stored({ ...signed, plan: more }));

    expect(planText(read.plan)).toBe(planText(more as typeof plan));
    expect(planText(read.plan)).not.toBe(planText(plan));
  });

  it.each([
    ['another action', { ...signed.plan, input: { ...signed.plan.input, action: 'R-FORMAT' } }],
    ['no approver at all', { ...signed.plan, approval: { ...signed.plan.approval, required: 0 } }],
    ['another tier', { ...signed.plan, tier: 'T0' }],
    ['no time', { ...signed.plan, expiresAt: 'never' }],
    ['no uid', { ...signed.plan, target: { ...signed.plan.target, uid: undefined } }],
  ])('is refused with %s', (_what, plan) => {
    expect(signedPlanSchema.safeParse(stored({ ...signed, plan })).success).toBe(false);
  });
});

describe('a stored vote', () => {
  it('comes back as it was', () => {
    const vote = sampleVote('U8', { reason: 'go', owner: true });

    expect(storedVoteSchema.parse(stored(vote))).toEqual(vote);
  });
});

describe('a stored entry of the audit', () => {
  const entry = { ...sampleDraft(), seq: 1, at: '2026-01-31T12:00:00.000Z', prevHash: 'a', hash: 'b' };

  it('keeps what is not known, and a draft does not', () => {
    expect(auditEntrySchema.parse({ ...entry, note: 'x' })).toEqual({ ...entry, note: 'x' });
    expect(auditDraftSchema.parse({ ...sampleDraft(), note: 'x' })).toEqual(sampleDraft());
  });

  it.each([
    { ...entry, seq: 0 },
    { ...entry, event: 'approved by me' },
    { ...entry, detail: { nested: {} } },
    { ...entry, security: 6 },
  ])('is refused when it is none: %o', (value) => {
    expect(auditEntrySchema.safeParse(value).success).toBe(false);
  });
});

describe('a job', () => {
  const execute = {
    kind: 'execute',
    cluster: 'prod',
    remediation: 'm-1',
    once: true,
    expiresAt: '2026-01-31T12:00:00Z',
  };

  it('comes back as it was', () => {
    expect(remediationJobSchema.parse(execute)).toEqual(execute);
  });

  it.each([
    { ...execute, kind: 'delete' },
    { ...execute, once: 'no' },
    { ...execute, remediation: undefined },
    { ...execute, kind: 'propose', question: 'q', run: 0, team: 'T1', user: 'U1', channel: 'C1' },
  ])('is refused when it is none: %o', (value) => {
    expect(remediationJobSchema.safeParse(value).success).toBe(false);
  });
});
