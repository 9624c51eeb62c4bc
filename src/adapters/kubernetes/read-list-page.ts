import type { JsonObject } from '../../core/facts/json.ts';
import type { ReadWords } from '../../core/reading/read-words.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import { jsonOf, type Server } from './judge-answer.ts';
import type { Read } from './read.ts';
import { unreadable } from './unreadable.ts';

/** The server has forgotten the page before. */
export interface Expired {
  readonly kind: 'expired';
}

/** The JSON of one page of a list, before anybody looked into it. */
export type ListPage = { readonly kind: 'json'; readonly object: JsonObject } | Expired | Unreadable;

/** Reads one page of a list. */
export async function readListPage(
  request: Parameters<Read>[0],
  words: ReadWords,
  { read, server }: { readonly read: Read; readonly server: () => Server },
): Promise<ListPage> {
  const answer = await read(request, words);
  if (answer.kind === 'unreadable') {
    return answer;
  }
  if (answer.kind === 'refused') {
    return answer.status === 410
      ? { kind: 'expired' }
      : unreadable('invalid', words, `the API server answered ${answer.status}: ${answer.message}`);
  }
  return jsonOf(answer, words, server());
}
