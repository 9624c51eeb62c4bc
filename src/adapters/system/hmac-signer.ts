import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { Signer } from '../../ports/signer.ts';

/** Shorter keys can be guessed. */
const SHORTEST_KEY = 32;

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Signs with a key that gateways and executors share. Throws CONFIG_INVALID for a key of fewer than 32 characters. */
export function hmacSigner(key: string): Signer {
  if (key.length < SHORTEST_KEY) {
    throw new KubewhyError('CONFIG_INVALID', {
      message: `The signing key has fewer than ${SHORTEST_KEY} characters.`,
      hint: 'Set KUBEWHY_SIGNING_KEY to at least 32 random characters, the same for every gateway and executor.',
    });
  }
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  return {
    digest: sha256,
    sign,
    verify: (text, signature) => {
      const [expected, given] = [Buffer.from(sign(text)), Buffer.from(signature)];
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}
