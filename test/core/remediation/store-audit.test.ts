import { expect, it } from 'vitest';
import { proposedAudit, switchAudit } from '../../../src/core/remediation/store-audit.ts';
import { sampleSigned } from '../../fakes/remediation-samples.ts';

it('the entry of a proposal says who, what, on which object and by which rule', () => {
  const signed = sampleSigned('m-1');

  expect(proposedAudit(signed)).toEqual({
    event: 'proposed',
    cluster: 'prod',
    remediation: 'm-1',
    to: 'proposed',
    actor: 'slack:T1/U2',
    target: 'Pod shop/web-m-1 (uid-web-m-1)',
    action: 'R-POD-DELETE',
    detail: {
      digest: signed.digest,
      tier: 'T1',
      rule: 'shop',
      required: 1,
      requester: 'slack:T1/U1',
      finding: 'pod-stuck',
      playbooks: '0123456789ab',
      question: 'q-1',
      run: 1,
      expiresAt: '2026-01-31T12:30:00.000Z',
    },
    security: 2,
  });
});

it('the entry of a switch names its scope and who used it', () => {
  expect(switchAudit('stopped', { scope: '*', by: 'U9', detail: { reason: 'x' } })).toEqual({
    event: 'stopped',
    cluster: '*',
    remediation: '',
    actor: 'U9',
    detail: { reason: 'x' },
    security: 4,
  });
});
