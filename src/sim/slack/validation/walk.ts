import type { SlackObject } from '../store/records.ts';

/** An object inside blocks with the JSON pointer to it. */
export interface Visited {
  readonly object: Readonly<Record<string, unknown>>;
  readonly pointer: string;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTyped(value: unknown): value is SlackObject {
  return isObject(value) && typeof value['type'] === 'string';
}

/** Every object below `value`, parents first, with JSON pointers that start with `pointer`. */
export function* walk(value: unknown, pointer: string): Generator<Visited> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* walk(item, `${pointer}/${index}`);
    }
    return;
  }
  if (isObject(value)) {
    yield { object: value, pointer };
    for (const [key, child] of Object.entries(value)) {
      yield* walk(child, `${pointer}/${key}`);
    }
  }
}

const TEXT_FIELDS = ['text', 'title', 'alt_text', 'caption', 'fallback'];

/** The characters of all texts that a reader sees. */
export function visibleLength(blocks: readonly unknown[]): number {
  let length = 0;
  for (const { object } of walk(blocks, '')) {
    for (const field of TEXT_FIELDS) {
      const value = object[field];
      length += typeof value === 'string' ? Array.from(value).length : 0;
    }
  }
  return length;
}
