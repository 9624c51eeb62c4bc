import { type BlocklistEntry, parseBlocklist } from '../core/ceph/blocklist.ts';
import type { ImageName, RunbookRead } from '../core/ceph/command.ts';
import { parseImageInfo, type RbdImage } from '../core/ceph/rbd-image.ts';
import { parseLocks, type RbdLock, sameLock } from '../core/ceph/rbd-locks.ts';
import { parseWatchers } from '../core/ceph/rbd-watchers.ts';
import { listWords, printable } from '../core/facts/text.ts';
import type { ActionContext, Refusal } from './action.ts';
import { refuse, unproven } from './refuse.ts';
import { runRead } from './run-read.ts';

/** The lock that was found, of which nothing in Ceph speaks against its removal. */
export interface StaleLock {
  readonly kind: 'stale';
  readonly lock: RbdLock;
  readonly image: RbdImage;
  readonly blocklist: readonly BlocklistEntry[];
}

/** The lock that a finding names. */
export interface ExpectedLock extends ImageName {
  readonly lockId: string;
  readonly locker: string;
  readonly address?: string | undefined;
}

/** Asks Ceph whether exactly this lock is there, whether nobody has the image open, and what the image is. */
export async function readStaleLock(expected: ExpectedLock, context: ActionContext): Promise<StaleLock | Refusal> {
  const locks = await readPart(context, 'rbd-lock-ls', expected, parseLocks);
  if ('kind' in locks) {
    return locks;
  }
  const lock = onlyLock(locks.value, expected);
  if ('kind' in lock) {
    return lock;
  }
  const watchers = await readPart(context, 'rbd-status', expected, parseWatchers);
  if ('kind' in watchers) {
    return watchers;
  }
  if (watchers.value.length > 0) {
    const who = listWords(
      watchers.value.slice(0, 3).map(({ client, address }) => `${client} at ${printable(address)}`),
    );
    return refuse(
      'unsafe',
      `${who} has ${title(expected)} open now, so the lock is not stale. Find out what runs there; if its machine is cut off, fence it instead.`,
    );
  }
  return readImage(expected, lock, context);
}

/** What the image carries now. */
export async function readLocks(
  image: ImageName,
  context: ActionContext,
): Promise<{ readonly value: readonly RbdLock[] } | Refusal> {
  return readPart(context, 'rbd-lock-ls', image, parseLocks);
}

async function readImage(expected: ExpectedLock, lock: RbdLock, context: ActionContext): Promise<StaleLock | Refusal> {
  const image = await readPart(context, 'rbd-info', expected, parseImageInfo);
  if ('kind' in image) {
    return image;
  }
  if (image.value.mirroring === 'secondary') {
    return refuse(
      'unsafe',
      `${title(expected)} is a mirrored copy that another cluster writes; its lock may belong to the mirror daemon. Repair it where the image is primary.`,
    );
  }
  const blocklist = await readPart(context, 'ceph-blocklist', {}, parseBlocklist);
  return 'kind' in blocklist ? blocklist : { kind: 'stale', lock, image: image.value, blocklist: blocklist.value };
}

function onlyLock(locks: readonly RbdLock[], expected: ExpectedLock): RbdLock | Refusal {
  const [lock] = locks;
  if (lock === undefined) {
    return refuse(
      'changed',
      `${title(expected)} carries no lock any more. Nothing is left to remove; diagnose it again.`,
    );
  }
  if (locks.length > 1) {
    return refuse(
      'unsafe',
      `${title(expected)} carries ${locks.length} locks, so it is shared on purpose or by mistake. Look at it by hand: rbd lock ls.`,
    );
  }
  const isSame =
    sameLock(lock, { id: expected.lockId, locker: expected.locker }) &&
    (expected.address === undefined || expected.address === lock.address);
  if (!isSame) {
    return refuse(
      'changed',
      `${title(expected)} is locked by another client by now (${printable(lock.locker)}). Diagnose it again.`,
    );
  }
  return lock;
}

async function readPart<T>(
  { runbook }: ActionContext,
  read: RunbookRead,
  image: Partial<ImageName>,
  parse: (text: string) => T | undefined,
): Promise<{ readonly value: T } | Refusal> {
  if (runbook === undefined) {
    return refuse(
      'unproven',
      'No place for rbd and ceph commands is configured for this cluster, so nothing is known about the lock. Configure one under `remediation.runbooks`, or do it by hand.',
    );
  }
  const output = await runRead(runbook, read, image);
  if (output.kind === 'missing') {
    return refuse('changed', `${title(image)} does not exist in Ceph any more. Diagnose it again.`);
  }
  if (output.kind === 'unreadable') {
    return unproven(`The output of ${read}`, output.message);
  }
  const value = parse(output.text);
  return value === undefined ? unproven(`The output of ${read}`, 'it is not understood') : { value };
}

function title({ pool = '', image = '' }: Partial<ImageName>): string {
  return `RBD image ${pool}/${image}`;
}
