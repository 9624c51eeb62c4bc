import type { ImageName, RunbookCommand } from '../core/ceph/command.ts';
import type { RbdLock } from '../core/ceph/rbd-locks.ts';
import { printable, shellWords } from '../core/facts/text.ts';
import { planTitle } from '../core/remediation/kubectl-line.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import type { HolderGone } from './rbd-holder.ts';

/** What people read before they let a lock be removed. */
export function lockWords(about: {
  readonly expected: ImageName;
  readonly lock: RbdLock;
  readonly holder: HolderGone;
  /** `shop/data`. */
  readonly claim: string;
  readonly pod: string;
  readonly step: RunbookCommand;
}): PlanWords {
  const { expected, lock, holder, claim, pod, step } = about;
  const spec = `${expected.pool}/${expected.image}`;
  const address = printable(lock.address);
  const remove = shellWords([step.tool, ...step.args]);
  const list = shellWords(['rbd', 'lock', 'ls', spec]);
  const status = shellWords(['rbd', 'status', spec]);
  return {
    title: planTitle(`remove the stale RBD lock on ${spec}`),
    steps: [
      `${list}: stop unless it shows exactly the lock ${lock.id} of ${lock.locker} at ${address}`,
      `${status}: stop if any client watches the image; wait 60 s; both again: stop if anything changed`,
      `stop unless the holder is gone (now: ${holder.says}) and no other pod uses the claim`,
      remove,
      `${list}: the lock is gone; then the pod mounts the volume`,
    ],
    commands: [list, status, remove],
    touches: `lock ${lock.id} (${lock.locker} at ${address}) of RBD image ${spec}, the volume of claim ${claim} that pod ${pod} waits for`,
    risk:
      lock.form === 'kubelet'
        ? `a mapping on ${holder.node} that nobody sees could still write. Ceph first blocklists ${address}, but that was the command that took the lock: it does not fence the mapping`
        : `Ceph first blocklists ${address}, so that the old client cannot write any more`,
    undo: `the lock cannot be put back; the blocklist entry ends by itself after an hour, or: ${shellWords(['ceph', 'osd', 'blocklist', 'rm', address])}`,
    danger: `If the old holder still writes to ${spec}, two writers destroy its file system.`,
  };
}
