import { z } from 'zod';
import { parseCephAddress } from './address.ts';
import { jsonOutput } from './json-output.ts';

/** A lock on an RBD image. */
export interface RbdLock {
  readonly id: string;
  /** `client.4123`. */
  readonly locker: string;
  /** As Ceph writes it. */
  readonly address: string;
  /** Of `address`; empty when it cannot be read. */
  readonly ip: string;
  /** `kubelet`: left by `rbd lock add` of an old kubelet; `auto`: of the exclusive-lock feature; `other`: of unknown use. */
  readonly form: 'kubelet' | 'auto' | 'other';
  /** The host that a kubelet's lock names; empty for other forms. */
  readonly host: string;
}

const KUBELET = 'kubelet_lock_magic_';
const AUTO = /^auto \d+$/;
const HEADER = /^There (?:is|are) (?<count>\d+) (?:exclusive|shared) locks? on this image\.$/;
const LINE = /^(?<locker>client\.\d+) +(?<id>auto \d+|\S+) +(?<address>\S+)$/;

const Owner = z.object({ locker: z.string(), address: z.string() });
const Listed = z.array(Owner.extend({ id: z.string() }));
/** How releases before Mimic print it. */
const Keyed = z.record(z.string(), Owner);

/** Reads what `rbd lock ls` prints, as JSON of any release or as text; undefined when it says something else. */
export function parseLocks(output: string): readonly RbdLock[] | undefined {
  const value = jsonOutput(output);
  const listed = Listed.safeParse(value);
  if (listed.success) {
    return listed.data.map(lockOf);
  }
  const keyed = Keyed.safeParse(value);
  return keyed.success ? Object.entries(keyed.data).map(([id, owner]) => lockOf({ id, ...owner })) : fromText(output);
}

/** Whether two locks are the same lock of the same owner. */
export function sameLock(a: Pick<RbdLock, 'id' | 'locker'>, b: Pick<RbdLock, 'id' | 'locker'>): boolean {
  return a.id === b.id && a.locker === b.locker;
}

function lockOf({ id, locker, address }: { id: string; locker: string; address: string }): RbdLock {
  const host = id.startsWith(KUBELET) ? id.slice(KUBELET.length) : '';
  const form = host === '' ? (AUTO.test(id) ? 'auto' : 'other') : 'kubelet';
  return { id, locker, address, ip: parseCephAddress(address)?.ip ?? '', form, host };
}

function fromText(output: string): readonly RbdLock[] | undefined {
  const [first = '', ...rest] = output.trim().split('\n');
  const count = HEADER.exec(first.trim())?.groups?.['count'];
  const locks = rest.flatMap((line) => {
    const { id, locker, address } = LINE.exec(line.trim())?.groups ?? {};
    return id === undefined || locker === undefined || address === undefined ? [] : [lockOf({ id, locker, address })];
  });
  // A line that is not understood could be a lock.
  return count !== undefined && Number(count) === locks.length ? locks : undefined;
}
