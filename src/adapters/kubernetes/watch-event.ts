import type { Json, JsonObject } from '../../core/facts/json.ts';
import { printable, shorten } from '../../core/facts/text.ts';
import { isObject } from './object-shape.ts';

/** One line of a watch. */
export type WatchEvent =
  | { readonly kind: 'changed' | 'deleted'; readonly object: JsonObject; readonly version: string }
  | { readonly kind: 'bookmark'; readonly version: string }
  /** What came since that version is not known any more. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'error'; readonly message: string }
  /** Something that a later server may send. */
  | { readonly kind: 'other' };

const NO_EVENT: WatchEvent = { kind: 'error', message: 'the API server sent something that is no event' };
const GONE = 410;

/** Reads one line of a watch. */
export function readWatchEvent(line: string): WatchEvent {
  const event = parse(line);
  const object = event?.['object'];
  if (event === undefined || !isObject(object)) {
    return NO_EVENT;
  }
  const version = versionOf(object);
  switch (event['type']) {
    case 'ADDED':
    case 'MODIFIED':
      return version === undefined ? NO_EVENT : { kind: 'changed', object, version };
    case 'DELETED':
      return version === undefined ? NO_EVENT : { kind: 'deleted', object, version };
    case 'BOOKMARK':
      return version === undefined ? NO_EVENT : { kind: 'bookmark', version };
    case 'ERROR':
      return errorOf(object);
    default:
      return { kind: 'other' };
  }
}

/** The resource version of an object or a list; undefined when it has none that can be used. */
export function versionOf({ metadata }: JsonObject): string | undefined {
  const version = isObject(metadata) ? metadata['resourceVersion'] : undefined;
  return typeof version === 'string' && version !== '' && version.length <= 128 ? version : undefined;
}

function parse(line: string): JsonObject | undefined {
  try {
    // JSON.parse gives JSON.
    const parsed = JSON.parse(line) as Json;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function errorOf({ code, message }: JsonObject): WatchEvent {
  if (code === GONE) {
    return { kind: 'expired' };
  }
  const said = typeof message === 'string' ? shorten(printable(message), 300) : 'no word why';
  return { kind: 'error', message: `the API server ended the watch: ${said}` };
}
