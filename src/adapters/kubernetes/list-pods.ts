import type { JsonObject } from '../../core/facts/json.ts';
import { listReadWords, type ReadWords } from '../../core/reading/read-words.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import type { Server } from './judge-answer.ts';
import { isList, isObject } from './object-shape.ts';
import type { Read } from './read.ts';
import { type Expired, readListPage } from './read-list-page.ts';
import { listPath } from './request-path.ts';
import { unreadable } from './unreadable.ts';
import { versionOf } from './watch-event.ts';

/** Pods of a namespace that are told. */
export const MOST_PODS = 5000;

const PAGE_SIZE = 500;
const PAGE_BYTES = 64 * 1024 * 1024;

/** How the pods of a namespace are read. */
export interface PodPages {
  readonly namespace: string;
  readonly read: Read;
  readonly server: () => Server;
  /** Gets the pods page by page, so that never all of them are held. */
  readonly page: (pods: readonly JsonObject[]) => void;
}

/** What came behind the last page. */
export type PodList =
  /** `version`: from where on a watch tells what changes. `beyond`: there are more than are told. */
  { readonly kind: 'listed'; readonly version: string; readonly beyond: boolean } | Expired | Unreadable;

/** Reads the pods of a namespace page by page. */
export async function listPods(pages: PodPages): Promise<PodList> {
  let told = 0;
  let token = '';
  for (;;) {
    const page = await readPage(pages, Math.min(PAGE_SIZE, MOST_PODS - told), token);
    if (page.kind !== 'page') {
      return page;
    }
    const pods = page.pods.slice(0, MOST_PODS - told);
    told += pods.length;
    pages.page(pods);
    const more = page.token !== '' && page.token !== token;
    if (!more || told >= MOST_PODS) {
      return { kind: 'listed', version: page.version, beyond: more || pods.length < page.pods.length };
    }
    token = page.token;
  }
}

type Page =
  | {
      readonly kind: 'page';
      readonly pods: readonly JsonObject[];
      readonly token: string;
      readonly version: string;
    }
  | Exclude<PodList, { kind: 'listed' }>;

async function readPage({ namespace, read, server }: PodPages, limit: number, token: string): Promise<Page> {
  const query = { resource: resourceOf('Pod'), namespace };
  const words = listReadWords(query);
  const path = listPath(query, { limit, token });
  if (path === undefined) {
    return unreadable('invalid', words, 'no namespace can have such a name');
  }
  const request = { path, accept: 'application/json', maxBytes: PAGE_BYTES };
  const list = await readListPage(request, words, { read, server });
  return list.kind === 'json' ? pageOf(list.object, words) : list;
}

function pageOf(list: JsonObject, words: ReadWords): Page {
  const { metadata, items = [] } = list;
  const version = versionOf(list);
  if (version === undefined || !isObject(metadata) || !isList(items)) {
    return unreadable('invalid', words, 'the API server answered with something that is no list');
  }
  const next = metadata['continue'];
  return { kind: 'page', pods: items.filter(isObject), token: typeof next === 'string' ? next : '', version };
}
