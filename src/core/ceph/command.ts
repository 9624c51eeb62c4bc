/** A command outside Kubernetes: a program and its arguments, never a shell. */
export interface RunbookCommand {
  readonly tool: 'rbd' | 'ceph';
  readonly args: readonly string[];
}

/** One RBD image. */
export interface ImageName {
  readonly pool: string;
  readonly image: string;
}

/** The exit code of a command that was certainly not run, by the convention of shells. */
export const NOT_RUN = 126;

/** Reads that playbooks may ask for, by name. */
export const RUNBOOK_READS = ['rbd-lock-ls', 'rbd-status', 'rbd-info', 'ceph-blocklist', 'ceph-health'] as const;

export type RunbookRead = (typeof RUNBOOK_READS)[number];

/** Ceph allows more, but nothing else needs to be named here; a name never looks like an option or a path. */
const NAME = /^[A-Za-z0-9_.][A-Za-z0-9._-]{0,199}$/;
const LOCK_ID = /^(?:auto \d{1,20}|kubelet_lock_magic_[A-Za-z0-9][A-Za-z0-9._-]{0,252})$/;
const LOCKER = /^client\.\d{1,20}$/;

/** The command of each read, for an image `pool/image`. */
const COMMANDS: Readonly<Record<RunbookRead, (spec: string) => RunbookCommand>> = {
  'rbd-lock-ls': (spec) => ({ tool: 'rbd', args: ['lock', 'ls', spec, '--format', 'json'] }),
  'rbd-status': (spec) => ({ tool: 'rbd', args: ['status', spec, '--format', 'json'] }),
  'rbd-info': (spec) => ({ tool: 'rbd', args: ['info', spec, '--format', 'json'] }),
  // As JSON it is two lists one after the other, in some releases.
  'ceph-blocklist': () => ({ tool: 'ceph', args: ['osd', 'blocklist', 'ls'] }),
  'ceph-health': () => ({ tool: 'ceph', args: ['health', '--format', 'json'] }),
};

/** Whether a text can be the name of a pool or of an image in a command. */
export function isCephName(text: string): boolean {
  return NAME.test(text) && text !== '.' && text !== '..';
}

/** Whether a lock id has one of the two forms that clients of Kubernetes give their locks. */
export function isKnownLockId(text: string): boolean {
  return LOCK_ID.test(text);
}

/** Whether a text names a client as Ceph does: `client.4123`. */
export function isLocker(text: string): boolean {
  return LOCKER.test(text);
}

/** Whether a read is about one image; the others take no parameters. */
export function isAboutImage(read: RunbookRead): boolean {
  return read.startsWith('rbd-');
}

/** The command of a read; undefined when the names of the pool or the image are missing or could be something else. */
export function readCommand(read: RunbookRead, image: Partial<ImageName> = {}): RunbookCommand | undefined {
  const spec = imageSpec(image);
  return isAboutImage(read) && spec === undefined ? undefined : COMMANDS[read](spec ?? '');
}

/** The command that removes one lock of one owner; undefined when a part of it could be something else. */
export function removeLockCommand(
  image: ImageName,
  lock: { readonly id: string; readonly locker: string },
): RunbookCommand | undefined {
  const spec = imageSpec(image);
  return spec === undefined || !isKnownLockId(lock.id) || !isLocker(lock.locker)
    ? undefined
    : { tool: 'rbd', args: ['lock', 'rm', spec, lock.id, lock.locker] };
}

/** `pool/image`; undefined when one of the names could be something else. */
function imageSpec({ pool = '', image = '' }: Partial<ImageName>): string | undefined {
  return isCephName(pool) && isCephName(image) ? `${pool}/${image}` : undefined;
}
