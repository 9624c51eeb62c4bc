/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

/** True for text that is nothing but a marker, with or without a length. */
export function isMarker(text: string): boolean {
  return text === REDACTED || /^\[redacted \d+ bytes\]$/.test(text);
}
