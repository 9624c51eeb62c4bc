/** Where a client of Ceph connects from: `10.0.0.5:0/123456`, `v1:10.0.0.5:0/1`, `[2001:db8::5]:0/77`. */
export interface CephAddress {
  /** As Ceph wrote it. */
  readonly text: string;
  /** Without brackets; IPv6 as Ceph wrote it, in lower case. */
  readonly ip: string;
  readonly port: number;
  /** Tells clients on one machine apart. 0 on the blocklist: every client of that machine. */
  readonly nonce: string;
}

const ADDRESS =
  /^(?:(?:v[12]|any):)?(?:\[(?<v6>[0-9a-fA-F:.]{2,45})\]|(?<v4>\d{1,3}(?:\.\d{1,3}){3})):(?<port>\d{1,5})\/(?<nonce>\d{1,20})$/;

/** Reads one address; undefined when it is none. */
export function parseCephAddress(text: string): CephAddress | undefined {
  const { v6, v4, port = '', nonce = '' } = ADDRESS.exec(text)?.groups ?? {};
  const ip = v6 ?? v4;
  return ip === undefined ? undefined : { text, ip: ip.toLowerCase(), port: Number(port), nonce };
}

/** Whether two addresses are the same client, whatever protocol version they were written with. */
export function sameClientAddress(a: CephAddress, b: CephAddress): boolean {
  return sameIp(a.ip, b.ip) && a.port === b.port && a.nonce === b.nonce;
}

/** Whether two IP addresses are the same, however IPv6 is shortened. */
export function sameIp(a: string, b: string): boolean {
  const [left, right] = [ipBits(a), ipBits(b)];
  return left === undefined || right === undefined ? a === b : left === right;
}

/** The bits of an IP address as a text of 0 and 1 (32 or 128 of them); undefined when it is none. */
export function ipBits(ip: string): string | undefined {
  return ip.includes(':') ? v6Bits(ip) : v4Bits(ip);
}

function v4Bits(ip: string): string | undefined {
  const parts = ip.split('.');
  const valid = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return valid ? parts.map((part) => bits(Number(part), 8)).join('') : undefined;
}

function v6Bits(ip: string): string | undefined {
  const [head = '', tail, ...more] = ip.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  if (more.length > 0 || before === undefined || after === undefined) {
    return undefined;
  }
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) {
    return undefined;
  }
  return [...before, ...Array.from({ length: missing }, () => 0), ...after].map((group) => bits(group, 16)).join('');
}

function groupsOf(text: string): readonly number[] | undefined {
  if (text === '') {
    return [];
  }
  const groups = text.split(':');
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}

function bits(value: number, width: number): string {
  return value.toString(2).padStart(width, '0');
}
