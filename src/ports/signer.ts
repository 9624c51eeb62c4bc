/** Digests and signatures. */
export interface Signer {
  /** SHA-256 in hex. */
  digest(text: string): string;
  /** HMAC-SHA-256 in hex, with the key that gateways and executors share. */
  sign(text: string): string;
  /** Whether a signature is of that text; takes the same time for every wrong one. */
  verify(text: string, signature: string): boolean;
}
