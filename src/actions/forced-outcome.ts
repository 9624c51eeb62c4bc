import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { addSeconds } from '../core/facts/time.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { Acted, ActionContext, EffectSeen, Refusal, Verification } from './action.ts';
import { presenceOf } from './look-up.ts';
import { readPodOwner } from './pod-owner.ts';
import { DEFAULT_GRACE, isNodeReady } from './pod-state.ts';
import type { PodTarget } from './pod-target.ts';
import type { PodVolumes } from './pod-volumes.ts';
import { beforeReplacement, verifyReplacement } from './replacement.ts';

interface InUseNode extends KubeObject {
  readonly status?: { readonly volumesInUse?: readonly string[] };
}

const MOST_VOLUMES = 20;

/** What the verification of a forced deletion needs; a controller that is gone or wants nothing is no obstacle. */
export async function forceBefore(
  target: PodTarget,
  { alive, volumes }: { readonly alive: boolean; readonly volumes: PodVolumes },
  context: ActionContext,
): Promise<{ readonly kind: 'noted'; readonly before: Readonly<Record<string, string>> } | Refusal> {
  const node = target.node.kind === 'none' ? '' : target.node.name;
  const held = { node, volumes: volumes.unique.slice(0, MOST_VOLUMES).join(' ') };
  const owner = await readPodOwner(target, context);
  if (owner.kind === 'refused') {
    return owner.why === 'unproven' ? owner : { kind: 'noted', before: held };
  }
  // On a node that does not answer a DaemonSet cannot have a pod that works.
  if (owner.of.kind === 'DaemonSet' && !alive) {
    return { kind: 'noted', before: held };
  }
  const noted = await beforeReplacement(target, owner.top, context);
  return noted.kind === 'refused'
    ? noted
    : { kind: 'noted', before: { ...noted.before, newest: askedAt(target), ...held } };
}

/** The controller may have replaced the pod when its deletion was asked for; `deletionTimestamp` is the end of the grace period. */
function askedAt({ pod }: PodTarget): string {
  const { deletionTimestamp = '', deletionGracePeriodSeconds = DEFAULT_GRACE } = pod.metadata ?? {};
  return addSeconds(deletionTimestamp, -deletionGracePeriodSeconds - 1) ?? '';
}

/** Whether the object is gone; until then nothing was done, since it was being deleted before. */
export async function forceGone({ target }: Acted, context: ActionContext): Promise<EffectSeen> {
  const there = await presenceOf(context, { resource: resourceOf('Pod'), ...target });
  if (there.kind === 'unreadable') {
    return 'cannot-tell';
  }
  return there.kind === 'same' ? 'not-made' : 'made';
}

/** As after a deletion; a node that is Ready must not hold the pod's volumes any more, unless the new pod has them there. */
export async function verifyForced(acted: Acted, context: ActionContext): Promise<Verification> {
  const looked = await verifyReplacement(acted, context);
  const { node = '', volumes = '' } = acted.before;
  if (looked.kind !== 'helped' || looked.object !== undefined || volumes === '') {
    return looked;
  }
  const inUse = await volumesInUse(node, context);
  const left = volumes.split(' ').find((volume) => inUse.includes(volume));
  return left === undefined ? looked : { kind: 'waiting', says: `node ${node} still has ${left} in use` };
}

/** What a node says of itself; one that is not Ready says nothing that is true now. */
async function volumesInUse(node: string, context: ActionContext): Promise<readonly string[]> {
  const result = node === '' ? undefined : await context.reader.get({ resource: resourceOf('Node'), name: node });
  if (result?.kind !== 'found' || !isNodeReady(result.object)) {
    return [];
  }
  return asKube<InUseNode>(result.object).status?.volumesInUse ?? [];
}
