import { createHash, timingSafeEqual } from 'node:crypto';

/** What somebody who delivers alerts proves itself with. */
export interface AlertToken {
  readonly sender: string;
  readonly token: string;
}

/** The sender whose token a request bears in its header `Authorization`; undefined: none. */
export type SenderOf = (authorization: string | undefined) => string | undefined;

/** Tells senders by `Bearer TOKEN`, or by `Basic` with the token as the password, whatever the user. */
export function senderByToken(tokens: readonly AlertToken[]): SenderOf {
  const known = tokens.map(({ sender, token }) => ({ sender, digest: digestOf(token) }));
  return (authorization) => {
    const digest = digestOf(presented(authorization ?? ''));
    let found: string | undefined;
    // Digests are of one length, and every token is looked at, so that the time tells nothing about any of them.
    for (const one of known) {
      const same = timingSafeEqual(one.digest, digest);
      found = same ? (found ?? one.sender) : found;
    }
    return found;
  };
}

/** The token in a header; empty when there is none, which is nobody's token. */
function presented(authorization: string): string {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') {
    return value;
  }
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
