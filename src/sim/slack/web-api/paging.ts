import type { ApiArguments } from './api-arguments.ts';
import { invalidArguments } from './refusal.ts';

const MOST_ITEMS = 1000;

/** A part of a list, with the fields that lead to the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
  readonly fields: { readonly response_metadata: { readonly next_cursor: string } };
}

/** The part of `all` that the arguments `limit` and `cursor` ask for. */
export function paged<T>(all: readonly T[], args: ApiArguments, fallbackLimit: number): Page<T> {
  const limit = args.limit('limit', fallbackLimit, MOST_ITEMS);
  const start = startOf(args.text('cursor'));
  const end = start + limit;
  const hasMore = end < all.length;
  const next = hasMore ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { items: all.slice(start, end), hasMore, fields: { response_metadata: { next_cursor: next } } };
}

function startOf(cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') {
    return 0;
  }
  const match = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (match === null) {
    throw invalidArguments('invalid cursor [json-pointer:/cursor]');
  }
  return Number(match[1]);
}
