import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacSigner } from '../../../src/adapters/system/hmac-signer.ts';

const KEY = '0123456789abcdef0123456789abcdef';

describe('hmacSigner', () => {
  const signer = hmacSigner(KEY);

  it('makes SHA-256 and HMAC-SHA-256 in hex', () => {
    expect(signer.digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(signer.sign('abc')).toBe(createHmac('sha256', KEY).update('abc').digest('hex'));
  });

  it('knows its own signature and that of everybody with the same key', () => {
    expect(hmacSigner(KEY).verify('text', signer.sign('text'))).toBe(true);
    expect(hmacSigner(`${KEY}x`).verify('text', signer.sign('text'))).toBe(false);
  });

  it.each(['', 'x', '0'.repeat(64), '0'.repeat(65), '\u{1f600}'.repeat(16), signer.sign('text').toUpperCase()])(
    'refuses %j',
    (signature) => {
      expect(signer.verify('text', signature)).toBe(false);
    },
  );

  it('refuses 10,000 changed signatures and texts', () => {
    const good = signer.sign('text');
    fc.assert(
      fc.property(fc.nat({ max: 63 }), fc.string(), (place, other) => {
        const digit = good[place] === '0' ? '1' : '0';
        fc.pre(other !== 'text');

        expect(signer.verify('text', good.slice(0, place) + digit + good.slice(place + 1))).toBe(false);
        expect(signer.verify(other, good)).toBe(false);
      }),
      { seed: 47, numRuns: 5000 },
    );
  });

  it('wants a key that cannot be guessed', () => {
    expect(() => hmacSigner('x'.repeat(31))).toThrow('fewer than 32 characters');
  });
});
