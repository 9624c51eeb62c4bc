import { z } from 'zod';
import { isCephName, isKnownLockId, isLocker, removeLockCommand } from '../core/ceph/command.ts';
import { sameLock } from '../core/ceph/rbd-locks.ts';
import { asKube, type KubePod } from '../core/facts/kube-types.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { Acted, Action, ActionContext, EffectSeen, Inspection, Refusal, Verification } from './action.ts';
import { lookUp } from './look-up.ts';
import { readParameters, subjectProblem } from './parameters.ts';
import { type HolderGone, proveHolderGone } from './rbd-holder.ts';
import { type ExpectedLock, readLocks, readStaleLock, type StaleLock } from './rbd-lock-state.ts';
import { lockWords } from './rbd-lock-words.ts';
import { isMounted } from './rbd-mounted.ts';
import { type RbdVolume, readOtherUsers, readRbdVolume, usersProblem, type VolumeUser } from './rbd-volume.ts';
import { refuse } from './refuse.ts';

/** `address` is compared when the playbook tells it: the same client may come back under another. */
const PARAMETERS = z.strictObject({
  pool: z.string().refine(isCephName),
  image: z.string().refine(isCephName),
  lockId: z.string().refine(isKnownLockId),
  locker: z.string().refine(isLocker),
  address: z.string().max(100).optional(),
});

/** Twice the time after which an OSD forgets a client that does not answer. */
const BETWEEN_LOOKS_MS = 60_000;

/** R-RBD-LOCK-RM: removes the lock that a dead client left on an RBD image. */
export const rbdLockRemove: Action = {
  code: 'R-RBD-LOCK-RM',
  conditional: true,
  inspect,
  seen,
  verify,
};

/** Everything that was proven in one look. */
interface Proof {
  readonly kind: 'proof';
  readonly user: VolumeUser;
  readonly volume: RbdVolume;
  readonly stale: StaleLock;
  readonly holder: HolderGone;
}

async function inspect(input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const problem = subjectProblem(input, ['Pod']);
  const read = problem ?? readParameters(PARAMETERS, input);
  if (read.kind === 'refused') {
    return read;
  }
  const first = await look(input, read.value, context);
  if (first.kind === 'refused' || context.purpose === 'propose') {
    return first.kind === 'refused' ? first : decide(first, read.value);
  }
  await context.pause(BETWEEN_LOOKS_MS);
  const second = await look(input, read.value, context);
  if (second.kind === 'refused') {
    return second;
  }
  return essence(first) === essence(second)
    ? decide(second, read.value)
    : refuse('changed', 'The lock, its image or its holder changed within the last minute. Diagnose it again.');
}

/** One look at everything; the reads of Ceph come last, since what they say matters most at the act. */
async function look(input: ProposedAction, expected: ExpectedLock, context: ActionContext): Promise<Proof | Refusal> {
  const user = await readWaitingPod(input, context);
  if ('kind' in user) {
    return user;
  }
  const volume = await readRbdVolume(user, expected, context);
  if (volume.kind === 'refused') {
    return volume;
  }
  const others = await readOtherUsers(user, volume.claim, context);
  const problem = 'kind' in others ? others : usersProblem(volume.claim, others.names);
  if (problem !== undefined) {
    return problem;
  }
  const stale = await readStaleLock(expected, context);
  if (stale.kind === 'refused') {
    return stale;
  }
  const holder = await proveHolderGone(stale, expected.image, context);
  return holder.kind === 'refused' ? holder : { kind: 'proof', user, volume, stale, holder };
}

async function readWaitingPod({ subject }: ProposedAction, context: ActionContext): Promise<VolumeUser | Refusal> {
  const { namespace, name, uid } = subject;
  const found = await lookUp(context, { resource: resourceOf('Pod'), namespace, name, uid });
  if (found.kind === 'refused') {
    return found;
  }
  const { metadata, status } = asKube<KubePod>(found.object);
  if (metadata?.deletionTimestamp !== undefined) {
    return refuse('changed', 'The pod is being deleted. Ask about the one that comes after it.');
  }
  return status?.phase === 'Pending'
    ? { raw: found.object, namespace, name, uid }
    : refuse('changed', 'The pod does not wait for its volume any more. Diagnose it again if it still has trouble.');
}

/** What must be the same in both looks, and when it was proposed. */
function essence({ volume, stale, holder }: Proof): string {
  const { id, locker, address } = stale.lock;
  const { claim, volume: name } = volume;
  const { how, node } = holder;
  return canonicalJson({ claim, volume: name, image: stale.image.id, id, locker, address, how, node });
}

function decide(proof: Proof, expected: ExpectedLock): Inspection {
  const { user, volume, stale, holder } = proof;
  const { namespace, name, uid } = user;
  const { lock, image } = stale;
  const step = removeLockCommand(expected, lock);
  if (step === undefined) {
    return refuse('invalid', 'The lock has a name that Kubewhy does not pass on. Look at it by hand: rbd lock ls.');
  }
  return {
    kind: 'possible',
    target: {
      kind: 'rbd image',
      group: '',
      namespace,
      name: `${expected.pool}/${expected.image}`,
      uid: lockUid(image.id, lock),
    },
    tier: 'T3',
    effect: { kind: 'runbook', step },
    fingerprint: essence(proof),
    words: lockWords({ expected, lock, holder, claim: `${namespace}/${volume.claim}`, pod: name, step }),
    // Who may delete the claim may destroy what is in it, and that is the worst that can happen here.
    rights: [
      { verb: 'delete', group: '', resource: 'persistentvolumeclaims', subresource: '', namespace, name: volume.claim },
    ],
    before: { pod: name, podUid: uid, namespace, claim: volume.claim, node: holder.node, image: image.id },
  };
}

/** A later lock, or a later image of the same name, has another one. */
function lockUid(image: string, { id, locker }: { readonly id: string; readonly locker: string }): string {
  return `${image}/${id}/${locker}`;
}

async function seen({ input }: Acted, context: ActionContext): Promise<EffectSeen> {
  const read = readParameters(PARAMETERS, input);
  const locks = read.kind === 'refused' ? read : await readLocks(read.value, context);
  if (read.kind === 'refused' || 'kind' in locks) {
    return 'kind' in locks && locks.why === 'changed' ? 'changed' : 'cannot-tell';
  }
  if (locks.value.some((lock) => sameLock(lock, { id: read.value.lockId, locker: read.value.locker }))) {
    return 'not-made';
  }
  return locks.value.length === 0 ? 'made' : 'changed';
}

async function verify({ input, before }: Acted, context: ActionContext): Promise<Verification> {
  const read = readParameters(PARAMETERS, input);
  const locks = read.kind === 'refused' ? read : await readLocks(read.value, context);
  if (read.kind === 'refused' || 'kind' in locks) {
    return { kind: 'waiting', says: 'the locks of the image cannot be read' };
  }
  if (locks.value.some((lock) => sameLock(lock, { id: read.value.lockId, locker: read.value.locker }))) {
    return { kind: 'failed', says: 'the lock is still there' };
  }
  return isMounted(before, locks.value, context);
}
