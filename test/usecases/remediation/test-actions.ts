import type { Action, ActionContext, Inspection } from '../../../src/actions/action.ts';
import { asKube, type KubeNode, type KubePod } from '../../../src/core/facts/kube-types.ts';
import type { ActionCode } from '../../../src/core/playbook/vocabulary.ts';
import type { ProposedAction } from '../../../src/core/remediation/proposed-action.ts';
import { resourceOf } from '../../../src/core/subject/kinds.ts';
import { samplePlan } from '../../fakes/remediation-samples.ts';

const { words } = samplePlan('m-1');

type Standing =
  | { readonly kind: 'here'; readonly uid: string; readonly ready: boolean }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable' };

async function standing({ subject }: ProposedAction, { reader }: ActionContext): Promise<Standing> {
  const { namespace, name } = subject;
  const read = await reader.get({ resource: resourceOf('Pod'), namespace, name });
  if (read.kind !== 'found') {
    return { kind: read.kind === 'missing' ? 'gone' : 'unreadable' };
  }
  const pod = asKube<KubePod>(read.object);
  const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return { kind: 'here', uid: pod.metadata?.uid ?? '', ready };
}

async function inspectPod(input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const pod = await standing(input, context);
  if (pod.kind === 'unreadable') {
    return { kind: 'refused', why: 'unproven', reason: 'The pod cannot be read.' };
  }
  const { namespace, name, uid } = input.subject;
  if (pod.kind === 'gone' || pod.uid !== uid) {
    return { kind: 'refused', why: 'changed', reason: 'The pod is another one.' };
  }
  return {
    kind: 'possible',
    target: { kind: 'Pod', group: '', namespace, name, uid },
    tier: 'T1',
    effect: {
      kind: 'kubernetes',
      request: {
        verb: 'delete',
        path: ['api', 'v1', 'namespaces', namespace, 'pods', name],
        contentType: 'application/json',
        body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } },
      },
    },
    fingerprint: `stuck ${uid}`,
    words: { ...words, title: `delete pod ${namespace}/${name}` },
    rights: [{ verb: 'delete', group: '', resource: 'pods', subresource: '', namespace, name }],
    before: { uid },
  };
}

const podDelete: Action = {
  code: 'R-POD-DELETE',
  conditional: true,
  inspect: inspectPod,
  seen: async ({ input, target }, context) => {
    const pod = await standing(input, context);
    if (pod.kind === 'unreadable') {
      return 'cannot-tell';
    }
    return pod.kind === 'here' && pod.uid === target.uid ? 'not-made' : 'made';
  },
  verify: async ({ input, before }, context) => {
    const pod = await standing(input, context);
    if (pod.kind === 'here' && pod.uid !== before['uid'] && pod.ready) {
      return { kind: 'helped', says: 'web-0 is Ready again' };
    }
    return { kind: 'waiting', says: 'web-0 is not Ready' };
  },
};

const cordon: Action = {
  code: 'R-CORDON',
  conditional: false,
  heals: false,
  inspect: async () => ({
    kind: 'possible',
    target: { kind: 'Node', group: '', namespace: '', name: 'n1', uid: 'uid-n1' },
    tier: 'T2',
    effect: {
      kind: 'kubernetes',
      request: {
        verb: 'patch',
        path: ['api', 'v1', 'nodes', 'n1'],
        contentType: 'application/merge-patch+json',
        body: { spec: { unschedulable: true } },
      },
    },
    fingerprint: 'n1',
    words,
    rights: [],
    before: {},
  }),
  seen: async () => 'cannot-tell',
  verify: async (_acted, { reader }) => {
    const read = await reader.get({ resource: resourceOf('Node'), name: 'n1' });
    const on = read.kind === 'found' && asKube<KubeNode>(read.object).spec?.unschedulable === true;
    return on ? { kind: 'helped', says: 'n1 takes no new pods' } : { kind: 'waiting', says: 'n1 takes new pods' };
  },
};

/** One that is conditional and one that is not. */
export const testActions: ReadonlyMap<ActionCode, Action> = new Map([
  ['R-POD-DELETE', podDelete],
  ['R-CORDON', cordon],
]);
