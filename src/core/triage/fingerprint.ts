import type { Labels } from './alert.ts';

const SEPARATOR = 255;
/** FNV-1a with 64 bits: the offset basis, and the prime 2^40 + 0x1b3. */
const BASIS = { high: 0xcbf2_9ce4, low: 0x8422_2325 } as const;
const PRIME_LOW = 0x1b3;

/** The fingerprint of a label set as Prometheus and Alertmanager compute it: 16 hexadecimal digits. */
export function fingerprintOf(labels: Labels): string {
  const encoder = new TextEncoder();
  const names = Object.keys(labels).toSorted(byBytes);
  return hashOf(
    names.flatMap((name) => [encoder.encode(name), SEPARATOR, encoder.encode(labels[name] ?? ''), SEPARATOR]),
  );
}

/** A short text of hexadecimal digits that stands for a longer one. */
export function digestOf(text: string): string {
  return hashOf([new TextEncoder().encode(text)]);
}

function hashOf(parts: readonly (Uint8Array | number)[]): string {
  let { high, low }: { high: number; low: number } = BASIS;
  const add = (byte: number): void => {
    const mixed = (low ^ byte) >>> 0;
    const product = mixed * PRIME_LOW;
    // The low half times 2^40 reaches only the high half, moved by eight bits.
    high = (high * PRIME_LOW + Math.floor(product / 0x1_0000_0000) + ((mixed << 8) >>> 0)) >>> 0;
    low = product >>> 0;
  };
  for (const part of parts) {
    if (typeof part === 'number') {
      add(part);
    } else {
      part.forEach(add);
    }
  }
  return `${hex(high)}${hex(low)}`;
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0');
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
