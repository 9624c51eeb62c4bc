import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';

/** What an executor notes before it sends, so that another one can find out what became of it. */
export interface Intent {
  /** Of the request. */
  readonly digest: string;
  /** What the verification needs to know of the time before. */
  readonly before: Readonly<Record<string, string>>;
  /** How often the change was sent, with the time that this is about. */
  readonly sends: number;
}

const intentSchema: z.ZodType<Intent> = z.object({
  digest: z.string(),
  before: z.record(z.string(), z.string()),
  sends: z.int().positive(),
});

/** The text that the store keeps. */
export function intentText(intent: Intent): string {
  return canonicalJson(intent);
}

/** Reads what `intentText` wrote; anything else counts as one send of which nothing more is known. */
export function readIntent(text: string): Intent {
  const read = intentSchema.safeParse(parsed(text));
  return read.success ? read.data : { digest: text, before: {}, sends: 1 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
