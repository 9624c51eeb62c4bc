import type { RedisReply } from './redis-connection.ts';

/** A reply that is a list; anything else is an empty one. */
export function listOf(reply: RedisReply | undefined): readonly RedisReply[] {
  return typeof reply === 'object' && reply !== null ? reply : [];
}

/** A reply as text; null when it is none. */
export function textOf(reply: RedisReply | undefined): string | null {
  return typeof reply === 'string' ? reply : null;
}

/** A reply as a number; hashes hold numbers as text. */
export function numberOf(reply: RedisReply | undefined): number {
  const number = typeof reply === 'string' || typeof reply === 'number' ? Number(reply) : Number.NaN;
  return Number.isFinite(number) ? number : 0;
}

/** The fields of a hash: names and values in turn. */
export function fieldsOf(reply: RedisReply | undefined): ReadonlyMap<string, string> {
  const list = listOf(reply);
  const fields = new Map<string, string>();
  for (let index = 0; index < list.length; index += 2) {
    fields.set(textOf(list[index]) ?? '', textOf(list[index + 1]) ?? '');
  }
  return fields;
}

/** A list of texts; what is none is left out. */
export function textsOf(reply: RedisReply | undefined): readonly string[] {
  return listOf(reply).flatMap((text) => textOf(text) ?? []);
}
