import { createHash } from 'node:crypto';
import type { AuditDraft } from '../../src/core/remediation/audit.ts';
import type { RemediationLimits } from '../../src/core/remediation/limits.ts';
import type { RemediationPlan, RemediationTarget, SignedPlan, Vote } from '../../src/core/remediation/remediation.ts';
import { planText } from '../../src/core/remediation/signed-text.ts';

/** Limits that no test reaches. */
export const NO_LIMITS: RemediationLimits = {
  perClusterHour: Number.POSITIVE_INFINITY,
  perNamespaceHour: Number.POSITIVE_INFINITY,
  perTargetMinutes: 0,
  inFlightPerNamespace: Number.POSITIVE_INFINITY,
  inFlightPerCluster: Number.POSITIVE_INFINITY,
};

/** A pod of namespace `shop`. */
export function sampleTarget(name: string, changes: Partial<RemediationTarget> = {}): RemediationTarget {
  return { kind: 'Pod', group: '', namespace: 'shop', name, uid: `uid-${name}`, ...changes };
}

/** A plan to delete the pod `web-<id>`, asked by U1 and proposed by U2, which one approver is enough for. */
export function samplePlan(id: string, changes: Partial<RemediationPlan> = {}): RemediationPlan {
  const target = changes.target ?? sampleTarget(`web-${id}`);
  return {
    id,
    cluster: 'prod',
    input: {
      action: 'R-POD-DELETE',
      subject: { kind: 'Pod', namespace: target.namespace, name: target.name, uid: target.uid },
      parameters: {},
    },
    tier: 'T1',
    conditional: true,
    target,
    fingerprint: `fp-${id}`,
    words: {
      title: `delete pod shop/${target.name}`,
      steps: ['delete the pod'],
      commands: [`kubectl delete pod -n shop ${target.name}`],
      touches: 'one pod',
      risk: 'none',
      undo: 'nothing to undo',
    },
    rights: [{ verb: 'delete', group: '', resource: 'pods', subresource: '', namespace: 'shop', name: target.name }],
    approval: { rule: 'shop', required: 1, owners: [], reasonRequired: false },
    finding: {
      code: 'pod-stuck',
      cause: 'The kubelet is gone',
      playbooks: '0123456789ab',
      question: 'q-1',
      run: 1,
    },
    requester: { team: 'T1', user: 'U1' },
    proposer: { team: 'T1', user: 'U2' },
    replyTo: { team: 'T1', channel: 'C1', thread: '1700000000.000100' },
    proposedAt: '2026-01-31T12:00:00.000Z',
    expiresAt: '2026-01-31T12:30:00.000Z',
    ...changes,
  };
}

/** The plan with its digest and a signature that nobody checks. */
export function sampleSigned(id: string, changes: Partial<RemediationPlan> = {}): SignedPlan {
  const plan = samplePlan(id, changes);
  return { plan, digest: createHash('sha256').update(planText(plan)).digest('hex'), signature: `signed-${id}` };
}

/** The vote of a person. */
export function sampleVote(user: string, changes: Partial<Vote> = {}): Omit<Vote, 'at'> {
  return { team: 'T1', user, reason: '', signature: `signed-${user}`, ...changes };
}

/** An entry as an executor gives it. */
export function sampleDraft(changes: Partial<AuditDraft> = {}): AuditDraft {
  return {
    event: 'result',
    cluster: 'prod',
    remediation: 'm-1',
    actor: 'executor:e1',
    detail: { status: 200, reason: 'ok <!channel> "quoted" ü' },
    security: 2,
    ...changes,
  };
}
