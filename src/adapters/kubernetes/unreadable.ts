import { couldNotRead, permissionMissing, type ReadWords } from '../../core/reading/read-words.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';

/** "could not read X: words". */
export function unreadable(why: Unreadable['why'], read: ReadWords, words: string): Unreadable {
  return { kind: 'unreadable', why, message: couldNotRead(read, words) };
}

/** The answer for HTTP 403. */
export function forbidden(read: ReadWords): Unreadable {
  return { kind: 'unreadable', why: 'forbidden', message: permissionMissing(read) };
}
