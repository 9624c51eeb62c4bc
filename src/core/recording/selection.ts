import type { JsonObject } from '../facts/json.ts';

/** A compiled selector, or the API server's words for why it is none; they hold parts of the selector as they are. */
export type Selection =
  | { readonly ok: true; readonly matches: (object: JsonObject) => boolean }
  | { readonly ok: false; readonly message: string };
