import { createHash } from 'node:crypto';
import type { Ids } from '../../ports/ids.ts';

const LENGTH = 16;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Ids from a SHA-256 over the parts: 80 bits. */
export function hashedIds(): Ids {
  return {
    derive(...parts) {
      const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
      return Array.from(digest.subarray(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length] ?? '').join('');
    },
  };
}
