import { parseCephAddress, sameIp } from '../core/ceph/address.ts';
import { type BlocklistEntry, isClientFenced, isMachineFenced } from '../core/ceph/blocklist.ts';
import type { RbdLock } from '../core/ceph/rbd-locks.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeNode } from '../core/facts/kube-types.ts';
import { amountText, printable } from '../core/facts/text.ts';
import { secondsBetween } from '../core/facts/time.ts';
import { childOf, childrenOf, nameOf, textAt } from '../core/recording/object-parts.ts';
import { NODE_LEASES, resourceOf } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import { isNodeReady, isOutOfService } from './pod-state.ts';
import type { StaleLock } from './rbd-lock-state.ts';
import { refuse, unproven } from './refuse.ts';

/** The proof that whoever took a lock cannot write any more. */
export interface HolderGone {
  readonly kind: 'gone';
  /** `no-node`: its node does not exist; `released`: its node is well and does not use the image; `fenced`: Ceph refuses it; `off`: declared out of service. */
  readonly how: 'no-node' | 'released' | 'fenced' | 'off';
  /** The node, or the host that the lock names. */
  readonly node: string;
  /** For people. */
  readonly says: string;
}

const MOST_NODES = 2000;
/** A fence that ends soon would let the old client back in. */
const FENCE_MS = 10 * 60_000;
const NOT_READY_SECONDS = 300;
const LEASE_SECONDS = 180;

/** Proves that the holder of a lock is gone. A read that failed counts as "in use". */
export async function proveHolderGone(
  { lock, blocklist }: StaleLock,
  image: string,
  context: ActionContext,
): Promise<HolderGone | Refusal> {
  const nodes = await readNodes(context);
  if ('kind' in nodes) {
    return nodes;
  }
  const isFenced = fences(lock, blocklist, new Date(context.now().getTime() + FENCE_MS));
  if (isFenced.client) {
    return {
      kind: 'gone',
      how: 'fenced',
      node: lock.ip,
      says: `Ceph refuses its client at ${printable(lock.address)}`,
    };
  }
  const isHolder = (node: JsonObject): boolean =>
    lock.form === 'auto' ? hasAddress(node, lock.ip) : isHost(node, lock.host);
  const [holder, ...more] = nodes.list.filter(isHolder);
  if (holder === undefined) {
    return lock.form === 'auto' ? strangerProblem(lock.address) : proveAbsent(lock.host, context);
  }
  if (more.length > 0) {
    const who = printable(lock.form === 'auto' ? lock.ip : lock.host);
    return refuse('unproven', `Several nodes fit the holder of the lock (${who}). Look at it by hand.`);
  }
  const { name } = nameOf(holder);
  if (isFenced.machine(addressesOf(holder, ['InternalIP']))) {
    return { kind: 'gone', how: 'fenced', node: name, says: `Ceph refuses all clients of node ${name}` };
  }
  return isNodeReady(holder) ? proveReleased(holder, image) : proveOff(holder, context);
}

interface Fences {
  /** The client itself is fenced; never for a kubelet's lock, whose address was that of the short-lived command that took it. */
  readonly client: boolean;
  readonly machine: (addresses: readonly string[]) => boolean;
}

function fences(lock: RbdLock, blocklist: readonly BlocklistEntry[], after: Date): Fences {
  const address = lock.form === 'auto' ? parseCephAddress(lock.address) : undefined;
  return {
    client: address !== undefined && isClientFenced(address, blocklist, after),
    machine: (addresses) => addresses.length > 0 && addresses.every((ip) => isMachineFenced(ip, blocklist, after)),
  };
}

async function readNodes(context: ActionContext): Promise<{ readonly list: readonly JsonObject[] } | Refusal> {
  const result = await context.reader.list({ resource: resourceOf('Node'), limit: MOST_NODES });
  if (result.kind === 'unreadable') {
    return unproven('The nodes', result.message);
  }
  if (result.truncated || result.objects.length === 0) {
    return unproven('The nodes', result.truncated ? `there are more than ${MOST_NODES}` : 'the cluster names none');
  }
  const down = result.objects.filter((node) => !isNodeReady(node)).length;
  return down * 2 > result.objects.length
    ? refuse(
        'unsafe',
        `${down} of ${amountText(result.objects.length, 'node')} ${down === 1 ? 'looks' : 'look'} dead, so the control plane's own view is doubtful. Repair the nodes first.`,
      )
    : { list: result.objects };
}

/** A node whose name only looks alike is taken for the holder as well: then it must be proven gone too. */
function isHost(node: JsonObject, host: string): boolean {
  const labels = asKube<KubeNode>(node).metadata?.labels ?? {};
  const names = [
    nameOf(node).name,
    labels['kubernetes.io/hostname'] ?? '',
    ...addressesOf(node, ['Hostname', 'InternalDNS', 'InternalIP']),
  ];
  return names.some((name) => name !== '' && short(name) === short(host));
}

function short(name: string): string {
  return /^[\d.]+$/.test(name) ? name : (name.toLowerCase().split('.')[0] ?? '');
}

function hasAddress(node: JsonObject, ip: string): boolean {
  return ip !== '' && addressesOf(node, ['InternalIP', 'ExternalIP']).some((own) => sameIp(own, ip));
}

function addressesOf(node: JsonObject, types: readonly string[]): readonly string[] {
  return childrenOf(childOf(node, 'status'), 'addresses')
    .filter((address) => types.includes(textAt(address, 'type')))
    .map((address) => textAt(address, 'address'));
}

function strangerProblem(address: string): Refusal {
  return refuse(
    'unproven',
    `The holder at ${printable(address)} is no node of this cluster, so nobody can tell whether it still writes. Find out what it is; if it is dead, fence it: ceph osd blocklist add.`,
  );
}

async function proveAbsent(host: string, context: ActionContext): Promise<HolderGone | Refusal> {
  const silence = await leaseAge(host, context);
  if (typeof silence === 'object') {
    return silence;
  }
  return silence !== undefined && silence < LEASE_SECONDS
    ? refuse(
        'unsafe',
        `Node ${host} does not exist, but its kubelet sent a heartbeat ${silence} s ago. Find out what runs there.`,
      )
    : { kind: 'gone', how: 'no-node', node: host, says: `node ${host} does not exist any more` };
}

function proveReleased(node: JsonObject, image: string): HolderGone | Refusal {
  const { name } = nameOf(node);
  const status = childOf(node, 'status');
  const inUse = status['volumesInUse'];
  const used = [
    ...(Array.isArray(inUse) ? inUse.map(String) : []),
    ...childrenOf(status, 'volumesAttached').map((volume) => textAt(volume, 'name')),
  ];
  return used.some((volume) => volume.startsWith('kubernetes.io/rbd/') && volume.includes(image))
    ? refuse(
        'unsafe',
        `Node ${name} is Ready and says that it still uses the image (volumesInUse). See what holds it there.`,
      )
    : { kind: 'gone', how: 'released', node: name, says: `node ${name} is Ready and does not use the image` };
}

async function proveOff(node: JsonObject, context: ActionContext): Promise<HolderGone | Refusal> {
  const { name } = nameOf(node);
  const ready = (asKube<KubeNode>(node).status?.conditions ?? []).find(({ type }) => type === 'Ready');
  const down = secondsBetween(ready?.lastTransitionTime, context.now().toISOString());
  const cutOff = `Node ${name}, which took the lock, is not Ready: it may be cut off from Kubernetes and still write.`;
  if (!isOutOfService(node)) {
    return refuse(
      'unsafe',
      `${cutOff} Fence it in Ceph (ceph osd blocklist add), or taint it out of service once the machine is off.`,
    );
  }
  const silence = await leaseAge(name, context);
  if (typeof silence === 'object') {
    return silence;
  }
  const isLong = down !== undefined && down >= NOT_READY_SECONDS && (silence === undefined || silence >= LEASE_SECONDS);
  return isLong
    ? { kind: 'gone', how: 'off', node: name, says: `node ${name} is down and declared out of service` }
    : refuse('unsafe', `${cutOff} It is out of service for too short a time. Wait five minutes and propose it again.`);
}

/** Seconds since the last heartbeat; undefined when there is none. */
async function leaseAge(node: string, context: ActionContext): Promise<number | undefined | Refusal> {
  const result = await context.reader.get({ resource: resourceOf('Lease'), namespace: NODE_LEASES, name: node });
  if (result.kind === 'unreadable') {
    return unproven(`The heartbeat of node ${node}`, result.message);
  }
  const renewed = result.kind === 'found' ? textAt(childOf(result.object, 'spec'), 'renewTime') : '';
  return renewed === '' ? undefined : Math.max(0, secondsBetween(renewed, context.now().toISOString()) ?? 0);
}
