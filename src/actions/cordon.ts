import { z } from 'zod';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeNode, type KubePod } from '../core/facts/kube-types.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { kubectl, planTitle } from '../core/remediation/kubectl-line.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { Acted, Action, ActionContext, EffectSeen, Inspection, Refusal, Verification } from './action.ts';
import { lookUp, presenceOf } from './look-up.ts';
import { namesOther, objectName, readParameters, subjectProblem, uidText } from './parameters.ts';
import { isNodeReady, isOutOfService } from './pod-state.ts';
import { refuse } from './refuse.ts';

type Code = 'R-CORDON' | 'R-UNCORDON';

/** `node`: which node, where the subject is a pod that is on none; `uid`: the one that was seen. */
const NODE_PARAMETERS = z.strictObject({ node: objectName.optional(), uid: uidText.optional() });
const NODE = resourceOf('Node');
/** The cluster autoscaler is about to delete such a node. */
const LEAVING = 'ToBeDeletedByClusterAutoscaler';

/** R-CORDON (T2): no new pods on a node; what runs there goes on. The patch holds the uid, but a person may undo it at any time, so it is sent once. */
export const cordon: Action = actionFor('R-CORDON');

/** R-UNCORDON (T2): new pods on a node again. */
export const uncordon: Action = actionFor('R-UNCORDON');

function actionFor(code: Code): Action {
  const wanted = code === 'R-CORDON';
  return {
    code,
    conditional: false,
    ...(wanted ? { heals: false } : {}),
    inspect: (input, context) => inspect(wanted, input, context),
    seen: (acted, context) => seen(wanted, acted, context),
    verify: (acted, context) => verify(wanted, acted, context),
  };
}

interface NodeTarget {
  readonly kind: 'node';
  readonly name: string;
  readonly uid: string;
  readonly raw: JsonObject;
}

async function inspect(wanted: boolean, input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const target = await readNode(input, context);
  if (target.kind === 'refused') {
    return target;
  }
  const problem = nodeProblem(wanted, target.raw);
  if (problem !== undefined) {
    return problem;
  }
  const { name, uid } = target;
  return {
    kind: 'possible',
    target: { kind: 'Node', group: '', namespace: '', name, uid },
    tier: 'T2',
    effect: {
      kind: 'kubernetes',
      request: {
        verb: 'patch',
        path: ['api', 'v1', 'nodes', name],
        contentType: 'application/merge-patch+json',
        body: { metadata: { uid }, spec: { unschedulable: wanted } },
      },
    },
    fingerprint: canonicalJson({ action: input.action, uid, unschedulable: !wanted }),
    words: wanted ? cordonWords(target, await othersWords(target, context)) : uncordonWords(target),
    rights: [{ verb: 'patch', group: '', resource: 'nodes', subresource: '', namespace: '', name }],
    before: { unschedulable: String(!wanted) },
  };
}

async function readNode(input: ProposedAction, context: ActionContext): Promise<NodeTarget | Refusal> {
  const parameters = subjectProblem(input, ['Node', 'Pod']) ?? readParameters(NODE_PARAMETERS, input);
  const which = parameters.kind === 'read' ? await whichNode(input, parameters.value, context) : parameters;
  if (which.kind === 'refused') {
    return which;
  }
  const known = await lookUp(context, { resource: NODE, namespace: '', name: which.name, uid: which.uid });
  return known.kind === 'refused'
    ? known
    : { kind: 'node', name: which.name, uid: known.metadata.uid ?? '', raw: known.object };
}

interface WhichNode {
  readonly kind: 'which';
  readonly name: string;
  readonly uid: string | undefined;
}

async function whichNode(
  input: ProposedAction,
  { node, uid }: z.infer<typeof NODE_PARAMETERS>,
  context: ActionContext,
): Promise<WhichNode | Refusal> {
  const { action, subject } = input;
  if (subject.kind === 'Node') {
    return namesOther(subject, { name: node, uid })
      ? anotherNode()
      : { kind: 'which', name: subject.name, uid: subject.uid };
  }
  const { namespace, name } = subject;
  const pod = await lookUp(context, { resource: resourceOf('Pod'), namespace, name, uid: subject.uid });
  if (pod.kind === 'refused') {
    return pod;
  }
  const { nodeName = '' } = asKube<KubePod>(pod.object).spec ?? {};
  if (nodeName !== '') {
    return node === undefined || node === nodeName ? { kind: 'which', name: nodeName, uid } : anotherNode();
  }
  return node === undefined
    ? refuse(
        'invalid',
        `The pod is on no node, and the finding does not say which one ${action} is for. Ask about the node itself.`,
      )
    : { kind: 'which', name: node, uid };
}

function anotherNode(): Refusal {
  return refuse('invalid', 'The playbook named another node than that of the object. Correct the playbook.');
}

function nodeProblem(wanted: boolean, raw: JsonObject): Refusal | undefined {
  const { metadata = {}, spec = {} } = asKube<KubeNode>(raw);
  const name = metadata.name ?? '';
  if (metadata.deletionTimestamp !== undefined) {
    return refuse('changed', `Node ${name} is being deleted. Nothing is left to change.`);
  }
  if ((spec.unschedulable ?? false) === wanted) {
    return refuse(
      'changed',
      `Node ${name} is ${wanted ? 'cordoned already' : 'not cordoned any more'}. Diagnose it again.`,
    );
  }
  return wanted ? undefined : uncordonProblem(raw, name);
}

function uncordonProblem(raw: JsonObject, name: string): Refusal | undefined {
  if (!isNodeReady(raw)) {
    return refuse('unsafe', `Node ${name} is not Ready, so pods would not start there. Repair it first.`);
  }
  if (isOutOfService(raw)) {
    return refuse(
      'unsafe',
      `Node ${name} is marked as out of service. Remove that taint only after the machine was restarted.`,
    );
  }
  return (asKube<KubeNode>(raw).spec?.taints ?? []).some(({ key }) => key === LEAVING)
    ? refuse('unsafe', `The cluster autoscaler is about to delete node ${name}. Let it, or stop it there.`)
    : undefined;
}

async function seen(wanted: boolean, { target }: Acted, context: ActionContext): Promise<EffectSeen> {
  const there = await presenceOf(context, { resource: NODE, ...target });
  if (there.kind === 'unreadable') {
    return 'cannot-tell';
  }
  if (there.kind !== 'same') {
    return 'changed';
  }
  return isCordoned(there.object) === wanted ? 'made' : 'not-made';
}

async function verify(wanted: boolean, { target }: Acted, context: ActionContext): Promise<Verification> {
  const there = await presenceOf(context, { resource: NODE, ...target });
  if (there.kind === 'unreadable') {
    return { kind: 'waiting', says: `node ${target.name} could not be read: ${there.message}` };
  }
  if (there.kind !== 'same') {
    return { kind: 'failed', says: `node ${target.name} was deleted in the meantime` };
  }
  return isCordoned(there.object) === wanted
    ? {
        kind: 'helped',
        says: wanted ? `node ${target.name} takes no new pods` : `node ${target.name} takes new pods again`,
      }
    : {
        kind: 'failed',
        says: `somebody else ${wanted ? 'uncordoned' : 'cordoned'} node ${target.name} in the meantime`,
      };
}

function isCordoned(raw: JsonObject): boolean {
  return asKube<KubeNode>(raw).spec?.unschedulable ?? false;
}

/** What is left to take new pods; only told, so that a failed read is told as well. */
async function othersWords({ name }: NodeTarget, context: ActionContext): Promise<string> {
  const nodes = await context.reader.list({ resource: NODE });
  if (nodes.kind === 'unreadable') {
    return 'How many other nodes take new pods could not be read.';
  }
  const others = nodes.objects.filter(
    (node) => asKube<KubeNode>(node).metadata?.name !== name && isNodeReady(node) && !isCordoned(node),
  );
  return others.length === 0
    ? 'No other node takes new pods: pods that end cannot start again anywhere.'
    : `${others.length} other ${others.length === 1 ? 'node takes' : 'nodes take'} new pods.`;
}

function cordonWords({ name, uid }: NodeTarget, others: string): PlanWords {
  return {
    title: planTitle(`cordon node ${name}`),
    steps: [
      `Stop unless node ${name} still has the uid ${uid} and is not cordoned.`,
      'Send the patch as a dry run.',
      'Set spec.unschedulable, on the condition of its uid.',
      'Look whether it is set.',
    ],
    commands: [`${kubectl('', 'cordon', name)} # only while its uid is ${uid}`],
    touches: `Node ${name}: no new pods go there; what runs there goes on.`,
    risk: `${others} Most node alerts leave out cordoned nodes, so that they end without being repaired.`,
    undo: kubectl('', 'uncordon', name),
  };
}

function uncordonWords({ name, uid }: NodeTarget): PlanWords {
  return {
    title: planTitle(`uncordon node ${name}`),
    steps: [
      `Stop unless node ${name} still has the uid ${uid}, is cordoned and is Ready.`,
      'Send the patch as a dry run.',
      'Set spec.unschedulable to false, on the condition of its uid.',
      'Look whether it is so.',
    ],
    commands: [`${kubectl('', 'uncordon', name)} # only while its uid is ${uid}`],
    touches: `Node ${name}: new pods may go there again.`,
    risk: 'Whoever cordoned it may have had a reason that the cluster does not tell, such as maintenance.',
    undo: kubectl('', 'cordon', name),
  };
}
