import type { RbdLock } from '../core/ceph/rbd-locks.ts';
import { asKube, type KubePod } from '../core/facts/kube-types.ts';
import { nameOf } from '../core/recording/object-parts.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { ActionContext, Verification } from './action.ts';
import { isOver } from './pod-state.ts';
import { claimsOf } from './rbd-volume.ts';

/** Whether the pod, or the one that came after it, runs with the volume. `locks` are those that the image carries now. */
export async function isMounted(
  before: Readonly<Record<string, string>>,
  locks: readonly RbdLock[],
  context: ActionContext,
): Promise<Verification> {
  const { namespace = '', claim = '' } = before;
  const result = await context.reader.list({ resource: resourceOf('Pod'), namespace });
  if (result.kind === 'unreadable') {
    return { kind: 'waiting', says: 'the lock is gone; the pods cannot be read' };
  }
  const users = result.objects.filter((pod) => claimsOf(pod).includes(claim) && !isOver(asKube<KubePod>(pod)));
  const running = users.find((pod) => hasStarted(asKube<KubePod>(pod)));
  if (running !== undefined) {
    return { kind: 'helped', says: `the lock is gone and ${nameOf(running).name} runs with the volume` };
  }
  const stranger = locks.find(({ host }) => !users.some((pod) => asKube<KubePod>(pod).spec?.nodeName === host));
  return stranger === undefined || stranger.form !== 'kubelet'
    ? { kind: 'waiting', says: 'the lock is gone; the kubelet tries to mount again within about two minutes' }
    : { kind: 'failed', says: `another client (${stranger.locker}) has locked the image since` };
}

/** Containers start only after every volume is mounted. */
function hasStarted({ status }: KubePod): boolean {
  return (status?.containerStatuses ?? []).some(
    ({ state, lastState }) =>
      state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined,
  );
}
