import type { RemediationCard } from '../../../../src/core/chat/content.ts';
import type {
  PlanWords,
  RemediationPlan,
  RemediationRecord,
  StepResult,
} from '../../../../src/core/remediation/remediation.ts';
import type { RemediationState } from '../../../../src/core/remediation/state.ts';

/** When the cards were put together. */
export const AT = '2026-11-20T10:41:00.000Z';
/** An id as executors derive them. */
export const REMEDIATION_ID = 'm-0123456789abcdef';

const POD_WORDS: PlanWords = {
  title: 'delete pod shop/web-0',
  steps: [
    'Stop unless the pod still has the uid 0f3e2d1c-1111-4222-8333-444455556666 and its controller StatefulSet web exists.',
    'Send the deletion as a dry run.',
    'Delete the pod, on the condition of its uid; its containers get their grace period to end.',
    'Wait until StatefulSet web has a new pod that is Ready.',
  ],
  commands: ['kubectl -n shop delete pod web-0 # only while its uid is 0f3e2d1c-1111-4222-8333-444455556666'],
  touches: 'One pod (CrashLoopBackOff) of StatefulSet web, which has 2 of 3 Ready.',
  risk: 'What its containers have in memory and in emptyDir volumes is lost.',
  undo: 'Nothing to undo: StatefulSet web makes a new pod from the same template.',
};

/** A plan to delete a pod that one approval is enough for. */
export function planWith(changes: Partial<RemediationPlan> = {}): RemediationPlan {
  return {
    id: REMEDIATION_ID,
    cluster: 'prod-eu-1',
    input: {
      action: 'R-POD-DELETE',
      subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: '0f3e2d1c-1111-4222-8333-444455556666' },
      parameters: {},
    },
    tier: 'T1',
    conditional: true,
    target: {
      kind: 'Pod',
      group: '',
      namespace: 'shop',
      name: 'web-0',
      uid: '0f3e2d1c-1111-4222-8333-444455556666',
    },
    fingerprint: 'f',
    words: POD_WORDS,
    rights: [],
    approval: { rule: 'shop-oncall', required: 1, owners: [], reasonRequired: false },
    finding: {
      code: 'token-or-clock-invalid',
      cause: 'container `app` uses a token of a ServiceAccount that was made anew',
      playbooks: '3f2a91bc04de',
      question: 'q-0123456789abcdef',
      run: 1,
    },
    requester: { team: 'T0TEAM001', user: 'U0ALICE01' },
    proposer: { team: 'T0TEAM001', user: 'U0ALICE01' },
    replyTo: { team: 'T0TEAM001', channel: 'C0SHOP001', thread: '1795171200.000100' },
    proposedAt: '2026-11-20T10:40:55.000Z',
    expiresAt: '2026-11-20T11:10:55.000Z',
    ...changes,
  };
}

const LOCK_WORDS: PlanWords = {
  title: 'remove the stale lock of RBD image replicapool/csi-vol-3f2a',
  steps: [
    'Stop if a client watches the image, or if the lock is not the one of client.4217 any more; look twice, 60 s apart.',
    'Stop unless it is proven that node worker-3 is gone.',
    'Remove the lock.',
    'Wait until shop/web-0 runs with the volume.',
  ],
  commands: [`rbd lock rm replicapool/csi-vol-3f2a 'auto 18446462598732840961' client.4217`],
  touches: 'One lock of an RBD image; no Kubernetes object.',
  risk: 'Data is corrupted if worker-3 still writes to the image.',
  undo: 'It cannot be undone.',
  danger: 'If worker-3 is alive and still writes, two machines write to one file system and its data is destroyed.',
};

/** A plan to remove a lock that two people must approve, one of them an owner. */
export function lockPlan(changes: Partial<RemediationPlan> = {}): RemediationPlan {
  return planWith({
    input: {
      action: 'R-RBD-LOCK-RM',
      subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u' },
      parameters: {},
    },
    tier: 'T3',
    target: {
      kind: 'rbd image',
      group: '',
      namespace: '',
      name: 'replicapool/csi-vol-3f2a',
      uid: '18446462598732840961',
    },
    words: LOCK_WORDS,
    approval: {
      rule: 'storage',
      required: 2,
      owners: ['S0STORAGE'],
      confirm: 'replicapool/csi-vol-3f2a',
      reasonRequired: true,
    },
    finding: {
      code: 'rbd-image-locked',
      cause: 'its volume is still locked by node worker-3, which is gone',
      playbooks: '3f2a91bc04de',
      question: 'q-0123456789abcdef',
      run: 1,
    },
    proposer: { team: 'T0TEAM001', user: 'U0CAROL01' },
    ...changes,
  });
}

const STEP_TIMES = ['10:43:02', '10:43:03', '10:44:03', '10:44:04'];

function step(index: number, what: string, output: string, changes: Partial<StepResult> = {}): StepResult {
  return { what, ok: true, output, at: `2026-11-20T${STEP_TIMES[index] ?? '10:45:00'}.000Z`, tookMs: 214, ...changes };
}

const POD_STEPS = [
  step(0, 'dry run', 'HTTP 200: the API server would do it'),
  step(1, 'DELETE /api/v1/namespaces/shop/pods/web-0', 'HTTP 200'),
];
const LOCK_STEPS = [
  step(0, 'rbd status replicapool/csi-vol-3f2a --format json', '{"watchers":[]}'),
  step(
    1,
    'rbd lock ls replicapool/csi-vol-3f2a --format json',
    '[{"id":"auto 18446462598732840961","locker":"client.4217","address":"10.0.3.17:0/123"}]',
  ),
  step(2, 'rbd status replicapool/csi-vol-3f2a --format json', '{"watchers":[]}', { tookMs: 61_000 }),
  step(3, `rbd lock rm replicapool/csi-vol-3f2a 'auto 18446462598732840961' client.4217`, ''),
];

const WAYS: Readonly<Partial<Record<RemediationState, readonly RemediationState[]>>> = {
  proposed: [],
  awaiting_approval: ['proposed'],
  approved: ['proposed', 'awaiting_approval'],
  denied: ['proposed', 'awaiting_approval'],
  expired: ['proposed', 'awaiting_approval'],
  executing: ['proposed', 'awaiting_approval', 'approved'],
  cancelled: ['proposed', 'awaiting_approval', 'approved'],
  succeeded: ['proposed', 'awaiting_approval', 'approved', 'executing', 'verifying'],
  verify_failed: ['proposed', 'awaiting_approval', 'approved', 'executing', 'verifying'],
};
const BEFORE_END: readonly RemediationState[] = ['proposed', 'awaiting_approval', 'approved', 'executing'];

/** The card of a change in a state, with the way that led there; the states follow each other every 24 seconds. */
export function cardWith(
  state: RemediationState,
  changes: Partial<RemediationRecord> & { readonly plan?: RemediationPlan } = {},
): RemediationCard {
  const { plan = planWith(), ...rest } = changes;
  const way = [...(WAYS[state] ?? BEFORE_END), state];
  const from = Date.parse(plan.proposedAt);
  const record: RemediationRecord = {
    signed: { plan, digest: 'd', signature: 's' },
    state,
    revision: way.length,
    votes: [],
    history: way.map((one, index) => ({ state: one, at: new Date(from + index * 24_000).toISOString() })),
    fence: 0,
    steps: [],
    ...rest,
  };
  return { record, approvers: ['S0ONCALL1'], at: AT };
}

const BOB = { team: 'T0TEAM001', user: 'U0BOB0001', at: '2026-11-20T10:42:30.000Z', signature: 's' };
const votes = [{ ...BOB, reason: '' }];
const twoVotes = [
  { ...BOB, reason: 'worker-3 was powered off by me', owner: true },
  { ...BOB, user: 'U0DAVE001', reason: 'checked on the console', owner: false },
];
const lock = lockPlan();

/** A card in every state, of a change without and one with danger. */
export const remediationCards: Readonly<Record<string, RemediationCard>> = {
  proposed: cardWith('proposed'),
  awaiting: cardWith('awaiting_approval'),
  'awaiting-danger': { ...cardWith('awaiting_approval', { plan: lock }), approvers: ['S0STORAGE', 'U0BOB0001'] },
  'awaiting-second': cardWith('awaiting_approval', { plan: lock, votes: twoVotes.slice(0, 1) }),
  'awaiting-owner': cardWith('awaiting_approval', {
    plan: lock,
    votes: twoVotes.map((vote) => ({ ...vote, owner: false })),
  }),
  approved: cardWith('approved', { votes }),
  'approved-by-two': cardWith('approved', { plan: lock, votes: twoVotes }),
  executing: cardWith('executing', { votes, steps: POD_STEPS.slice(0, 1) }),
  'executing-runbook': cardWith('executing', {
    plan: lock,
    votes: twoVotes,
    steps: LOCK_STEPS.slice(0, 3),
    intent: 'i',
  }),
  verifying: cardWith('verifying', { votes, steps: POD_STEPS, intent: 'i' }),
  succeeded: cardWith('succeeded', {
    votes,
    steps: POD_STEPS,
    intent: 'i',
    ending: { reason: 'web-0 is Ready again' },
  }),
  'succeeded-runbook': cardWith('succeeded', {
    plan: lock,
    votes: twoVotes,
    steps: LOCK_STEPS,
    intent: 'i',
    ending: { reason: 'the lock is gone and web-0 runs with the volume' },
  }),
  'succeeded-cordon': cardWith('succeeded', {
    plan: planWith({
      input: { ...planWith().input, action: 'R-CORDON' },
      words: { ...POD_WORDS, title: 'keep new pods away from node worker-3', undo: 'kubectl uncordon worker-3' },
    }),
    votes,
    ending: { reason: 'node worker-3 takes no new pods' },
  }),
  'verify-failed': cardWith('verify_failed', {
    votes,
    steps: POD_STEPS,
    intent: 'i',
    ending: { reason: 'the new pod web-0 is not Ready: CrashLoopBackOff' },
  }),
  failed: cardWith('failed', {
    votes,
    steps: [
      step(0, 'dry run', 'HTTP 403: pods "web-0" is forbidden: User "kubewhy-executor" cannot delete', { ok: false }),
    ],
    ending: {
      reason:
        'The API server refuses it, so nothing was changed: pods "web-0" is forbidden: User "kubewhy-executor" cannot delete',
    },
  }),
  superseded: cardWith('superseded', {
    votes,
    ending: { reason: 'It healed by itself: the object is healthy now. Nothing was changed.' },
  }),
  blocked: cardWith('blocked', {
    votes,
    ending: { reason: 'Changes are switched off here', by: 'U0EVE0001' },
  }),
  denied: cardWith('denied', { ending: { reason: 'we look at it together first', by: 'U0BOB0001' } }),
  'denied-without-reason': cardWith('denied', { ending: { reason: '', by: 'U0BOB0001' } }),
  expired: cardWith('expired', { ending: { reason: 'Its time was over before it was begun.' } }),
  'expired-approved': cardWith('expired', {
    votes,
    history: cardWith('cancelled').record.history,
  }),
  cancelled: cardWith('cancelled', { votes, ending: { reason: '', by: 'U0ALICE01' } }),
  'unknown-outcome': cardWith('unknown_outcome', {
    plan: planWith({ conditional: false }),
    votes,
    steps: POD_STEPS.slice(0, 1),
    intent: 'i',
    ending: { reason: 'There was no answer, so the change may have been made; it is not sent twice.' },
  }),
};
