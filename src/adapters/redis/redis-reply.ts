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
