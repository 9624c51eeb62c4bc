import type { ImageName } from '../core/ceph/command.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubePod } from '../core/facts/kube-types.ts';
import { listWords } from '../core/facts/text.ts';
import { childOf, childrenOf, nameOf, textAt } from '../core/recording/object-parts.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import { lookUp } from './look-up.ts';
import { isOver } from './pod-state.ts';
import { refuse, unproven } from './refuse.ts';

/** The claim and the volume of a pod that are an image. */
export interface RbdVolume {
  readonly kind: 'volume';
  readonly claim: string;
  readonly volume: string;
}

/** A pod as volumes see it. */
export interface VolumeUser {
  readonly raw: JsonObject;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

const SINGLE_MODES = ['ReadWriteOnce', 'ReadWriteOncePod'];
const DEFAULT_POOL = 'rbd';
const MOST_PODS = 2000;

/** Finds the claim of a pod whose in-tree volume is this image, and checks that it is for one writer. */
export async function readRbdVolume(
  user: VolumeUser,
  image: ImageName,
  context: ActionContext,
): Promise<RbdVolume | Refusal> {
  let hasCsi = false;
  for (const claim of claimsOf(user.raw)) {
    const volume = await readVolume(user.namespace, claim, context);
    if ('kind' in volume) {
      return volume;
    }
    if (isImage(volume.raw, image)) {
      return modesProblem(volume.raw) ?? { kind: 'volume', claim, volume: nameOf(volume.raw).name };
    }
    hasCsi ||= childOf(volume.raw, 'spec')['csi'] !== undefined;
  }
  return hasCsi
    ? refuse(
        'invalid',
        'The volume of the pod comes from a CSI driver, which looks at who has the image open and not at locks. Removing a lock would change nothing; see who watches the image.',
      )
    : refuse('changed', `No claim of the pod is RBD image ${image.pool}/${image.image}. Diagnose it again.`);
}

/** Pods besides this one that use the claim and may still write. */
export async function readOtherUsers(
  user: VolumeUser,
  claim: string,
  context: ActionContext,
): Promise<{ readonly names: readonly string[] } | Refusal> {
  const { namespace, uid } = user;
  const result = await context.reader.list({ resource: resourceOf('Pod'), namespace, limit: MOST_PODS });
  if (result.kind === 'unreadable') {
    return unproven(`The pods of namespace ${namespace}`, result.message);
  }
  if (result.truncated) {
    return unproven(`The pods of namespace ${namespace}`, `there are more than ${MOST_PODS}`);
  }
  const others = result.objects.filter(
    (raw) =>
      asKube<KubePod>(raw).metadata?.uid !== uid && !isOver(asKube<KubePod>(raw)) && claimsOf(raw).includes(claim),
  );
  return { names: others.map((raw) => nameOf(raw).name) };
}

/** Why other users of the claim speak against the change, or nothing. */
export function usersProblem(claim: string, names: readonly string[]): Refusal | undefined {
  return names.length === 0
    ? undefined
    : refuse(
        'unsafe',
        `Claim ${claim}, which is for one writer, is also used by ${listWords(names.slice(0, 3).map((name) => `pod ${name}`))}. Stop what should not run first.`,
      );
}

/** Claims that a pod mounts, those of its ephemeral volumes included. */
export function claimsOf(pod: JsonObject): readonly string[] {
  return childrenOf(childOf(pod, 'spec'), 'volumes').flatMap((volume) => {
    if (volume['ephemeral'] !== undefined) {
      return [`${nameOf(pod).name}-${textAt(volume, 'name')}`];
    }
    const claim = textAt(childOf(volume, 'persistentVolumeClaim'), 'claimName');
    return claim === '' ? [] : [claim];
  });
}

async function readVolume(
  namespace: string,
  claim: string,
  context: ActionContext,
): Promise<{ readonly raw: JsonObject } | Refusal> {
  const found = await lookUp(context, { resource: resourceOf('PersistentVolumeClaim'), namespace, name: claim });
  if (found.kind === 'refused') {
    return found;
  }
  const name = textAt(childOf(found.object, 'spec'), 'volumeName');
  if (name === '') {
    return { raw: {} };
  }
  const volume = await lookUp(context, { resource: resourceOf('PersistentVolume'), namespace: '', name });
  if (volume.kind === 'refused') {
    return volume;
  }
  const owner = textAt(childOf(childOf(volume.object, 'spec'), 'claimRef'), 'uid');
  return owner === found.metadata.uid
    ? { raw: volume.object }
    : refuse('changed', `PersistentVolume ${name} is bound to another claim by now. Diagnose it again.`);
}

function isImage(volume: JsonObject, { pool, image }: ImageName): boolean {
  const rbd = childOf(childOf(volume, 'spec'), 'rbd');
  return textAt(rbd, 'image') === image && (textAt(rbd, 'pool') || DEFAULT_POOL) === pool;
}

function modesProblem(volume: JsonObject): Refusal | undefined {
  const modes = childOf(volume, 'spec')['accessModes'];
  const isSingle =
    Array.isArray(modes) && modes.length > 0 && modes.every((mode) => SINGLE_MODES.includes(String(mode)));
  return isSingle
    ? undefined
    : refuse(
        'unsafe',
        `PersistentVolume ${nameOf(volume).name} is not for one writer only, so its locks may be there on purpose. Look at it by hand.`,
      );
}
