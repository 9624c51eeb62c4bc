import type { Json } from '../core/facts/json.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';

/** SHA-256 in hex over the canonical JSON of a value: stands for what may hold secrets, such as a pod template. */
export async function digest(value: Json): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(value)));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
