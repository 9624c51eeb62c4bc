import type { JsonObject } from '../../core/facts/json.ts';
import { listReadWords } from '../../core/reading/read-words.ts';
import type { ListQuery, ListResult, Unreadable } from '../../ports/cluster-reader.ts';
import type { Server } from './judge-answer.ts';
import { acceptList, isList, isObject, typedObject } from './object-shape.ts';
import type { Read } from './read.ts';
import { type Expired, readListPage } from './read-list-page.ts';
import { listPath } from './request-path.ts';
import { unreadable } from './unreadable.ts';

const PAGE_SIZE = 500;
/** Metadata is about a tenth of an object, and names are asked for to be compared with each other. */
const METADATA_PAGE_SIZE = 5000;
const DEFAULT_LIMIT = 500;
const LIST_BYTES = 64 * 1024 * 1024;

type Page =
  | { readonly kind: 'page'; readonly items: readonly JsonObject[]; readonly token: string }
  | Expired
  | Unreadable;

/** Reads a list page by page up to the query's limit; begins again once when the server has forgotten the first page. */
export async function listObjects(query: ListQuery, read: Read, server: () => Server): Promise<ListResult> {
  const first = await readPages(query, read, server);
  const result = first.kind === 'expired' ? await readPages(query, read, server) : first;
  return result.kind === 'expired'
    ? unreadable('invalid', listReadWords(query), 'the API server forgets the list while it is being read')
    : result;
}

async function readPages(query: ListQuery, read: Read, server: () => Server): Promise<ListResult | Expired> {
  const limit = Math.max(1, query.limit ?? DEFAULT_LIMIT);
  const objects: JsonObject[] = [];
  let token = '';
  for (;;) {
    const pageSize = query.metadataOnly === true ? METADATA_PAGE_SIZE : PAGE_SIZE;
    const page = await readPage(query, { limit: Math.min(pageSize, limit - objects.length), token }, { read, server });
    if (page.kind !== 'page') {
      return page;
    }
    objects.push(...page.items);
    const more = page.token !== '' && page.token !== token;
    if (!more || objects.length >= limit) {
      return { kind: 'found', objects: objects.slice(0, limit), truncated: more || objects.length > limit };
    }
    token = page.token;
  }
}

async function readPage(
  query: ListQuery,
  page: { readonly limit: number; readonly token: string },
  { read, server }: { readonly read: Read; readonly server: () => Server },
): Promise<Page> {
  const words = listReadWords(query);
  const path = listPath(query, page);
  if (path === undefined) {
    return { kind: 'page', items: [], token: '' };
  }
  const request = { path, accept: acceptList(query.metadataOnly), maxBytes: LIST_BYTES };
  const list = await readListPage(request, words, { read, server });
  return list.kind === 'json' ? pageOf(list.object, query, server()) : list;
}

function pageOf(list: JsonObject, query: ListQuery, server: Server): Page {
  const items = list['items'] ?? [];
  const metadata = list['metadata'];
  if (!isList(items) || !isObject(metadata)) {
    return unreadable(
      'invalid',
      listReadWords(query),
      `the API server at ${server.address} answered with something that is no list`,
    );
  }
  const token = metadata['continue'];
  return {
    kind: 'page',
    items: items.filter(isObject).map((item) => typedObject(item, query.resource, query.metadataOnly)),
    token: typeof token === 'string' ? token : '',
  };
}
