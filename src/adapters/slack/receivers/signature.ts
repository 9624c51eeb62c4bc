import { createHmac, timingSafeEqual } from 'node:crypto';

/** What Slack signs: the stamp, the signature and the body exactly as it came. */
export interface SignedRequest {
  /** `x-slack-request-timestamp`, unix seconds. */
  readonly timestamp: string | undefined;
  /** `x-slack-signature`. */
  readonly signature: string | undefined;
  readonly body: Buffer;
}

/** Why a request is not believed. */
export type SignatureProblem = 'unsigned' | 'stale' | 'future' | 'forged';

const LONGEST_SKEW_MS = 5 * 60 * 1000;

/**
 * The reason not to believe a request, or undefined when one of the secrets signed it within five minutes before or
 * after `nowMs`. Takes the same time whichever secret fits.
 */
export function signatureProblem(
  request: SignedRequest,
  secrets: readonly string[],
  nowMs: number,
): SignatureProblem | undefined {
  const { timestamp, signature, body } = request;
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) {
    return 'unsigned';
  }
  if (signature === undefined || !/^v0=[0-9a-f]{64}$/.test(signature)) {
    return 'unsigned';
  }
  const ageMs = nowMs - Number(timestamp) * 1000;
  if (Math.abs(ageMs) > LONGEST_SKEW_MS) {
    return ageMs > 0 ? 'stale' : 'future';
  }
  const given = Buffer.from(signature.slice('v0='.length), 'hex');
  const matches = secrets.filter((secret) => timingSafeEqual(given, digest(secret, timestamp, body)));
  return matches.length > 0 ? undefined : 'forged';
}

function digest(secret: string, timestamp: string, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
}
