import { createHash } from 'node:crypto';
import { textAt, valueAt } from './fields.ts';

const EVENT_TYPE = 'kubewhy_message';
// Slack's limit is not documented; the whole stays far below 1 KB.
const LONGEST_KEY = 200;

/** The metadata by which a message is found again: the key of its delivery and its version. */
export function messageMetadata(key: string, version: number): Readonly<Record<string, unknown>> {
  return { event_type: EVENT_TYPE, event_payload: { key: shortKey(key), version } };
}

/** Whether a message in a conversation carries the key. */
export function carriesKey(message: unknown, key: string): boolean {
  return (
    textAt(message, 'metadata', 'event_type') === EVENT_TYPE &&
    valueAt(message, 'metadata', 'event_payload', 'key') === shortKey(key)
  );
}

function shortKey(key: string): string {
  return key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('hex');
}
