import { type CephAddress, ipBits, parseCephAddress, sameClientAddress, sameIp } from './address.ts';

/** A client, a machine or a range of machines that may not talk to Ceph. */
export interface BlocklistEntry {
  readonly address: CephAddress;
  /** Length of the prefix of a range; absent for a client or a machine. */
  readonly prefix?: number;
  /** RFC 3339. */
  readonly until: string;
}

const LINE = /^(?<cidr>cidr:)?(?<address>\S+) (?<until>\d{4}-\d\d-\d\dT\S+)$/;

/** Reads what `ceph osd blocklist ls` prints as text; undefined when a line is not understood. */
export function parseBlocklist(output: string): readonly BlocklistEntry[] | undefined {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^listed \d+ entries$/.test(line));
  const entries = lines.flatMap((line) => entryOf(line));
  return entries.length === lines.length ? entries : undefined;
}

function entryOf(line: string): readonly BlocklistEntry[] {
  const { cidr, address: text = '', until = '' } = LINE.exec(line.trim())?.groups ?? {};
  const address = parseCephAddress(text);
  if (address === undefined) {
    return [];
  }
  return [{ address, ...(cidr === undefined ? {} : { prefix: Number(address.nonce) }), until }];
}

/** Whether a whole machine is kept from Ceph until after `after`: by its address, or by a range that it is in. */
export function isMachineFenced(ip: string, entries: readonly BlocklistEntry[], after: Date): boolean {
  return lasting(entries, after).some(({ address, prefix }) =>
    prefix === undefined ? address.nonce === '0' && sameIp(address.ip, ip) : isWithin(ip, address.ip, prefix),
  );
}

/** Whether one client is kept from Ceph until after `after`, by its own address or by that of its machine. */
export function isClientFenced(client: CephAddress, entries: readonly BlocklistEntry[], after: Date): boolean {
  return (
    isMachineFenced(client.ip, entries, after) ||
    lasting(entries, after).some(({ address, prefix }) => prefix === undefined && sameClientAddress(address, client))
  );
}

function lasting(entries: readonly BlocklistEntry[], after: Date): readonly BlocklistEntry[] {
  // Ceph writes +0000, which Date.parse takes in Node.
  return entries.filter(({ until }) => Date.parse(until) > after.getTime());
}

function isWithin(ip: string, network: string, prefix: number): boolean {
  const [address, range] = [ipBits(ip), ipBits(network)];
  return (
    address !== undefined &&
    range !== undefined &&
    address.length === range.length &&
    prefix > 0 &&
    address.slice(0, prefix) === range.slice(0, prefix)
  );
}
