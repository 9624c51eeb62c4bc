import { oneLine, shorten } from '../core/facts/text.ts';
import { redactText } from '../core/redaction/redact.ts';
import type { Refusal } from './action.ts';

const LONGEST_QUOTE = 200;

/** A refusal; `reason` says what speaks against it, then what to do instead. */
export function refuse(why: Refusal['why'], reason: string): Refusal {
  return { kind: 'refused', why, reason };
}

/** Something that decides could not be read. `message` may be hostile. */
export function unproven(what: string, message: string): Refusal {
  return refuse(
    'unproven',
    `${what} could not be read (${quote(message)}), so it is not proven that the change is safe. Try again, or look at it by hand.`,
  );
}

/** A message of the cluster as a sentence may quote it: one short line without secrets. */
export function quote(message: string): string {
  return shorten(oneLine(redactText(message)), LONGEST_QUOTE);
}
