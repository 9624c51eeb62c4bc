import { describe, expect, it } from 'vitest';
import {
  type LookMeaning,
  MOST_SENDS,
  type Reply,
  type ReplyFacts,
  readLook,
  readReply,
  type Seen,
} from '../../../src/core/remediation/reply-table.ts';

const PLAIN: ReplyFacts = { conditional: true, earlier: false, evicts: false, tests: false };

function refused(status: number): Reply {
  return { kind: 'refused', status, message: 'no' };
}

/** How a meaning reads in a table. */
function word(meaning: LookMeaning): string {
  return meaning.kind === 'end' ? meaning.end.state : meaning.kind;
}

/** What follows from a reply, when a look is needed also from what is seen. */
function outcome(reply: Reply, facts: Partial<ReplyFacts> & { sends?: number }, seen: Seen): string {
  const { sends = 1, ...some } = facts;
  const all = { ...PLAIN, ...some };
  const meaning = readReply(reply, all);
  return meaning.kind === 'look' ? word(readLook(seen, meaning, { earlier: all.earlier, sends })) : word(meaning);
}

const SILENCE: Reply = { kind: 'unknown', message: 'reset' };

describe('a reply', () => {
  it.each([
    [{ kind: 'done', status: 200 } as const, {}, 'verifying'],
    [{ kind: 'done', status: 201 } as const, { conditional: false }, 'verifying'],
    [refused(403), {}, 'failed'],
    [refused(400), {}, 'failed'],
    [refused(422), {}, 'failed'],
    [refused(429), {}, 'failed'],
    [refused(429), { evicts: true }, 'blocked'],
    [SILENCE, { conditional: false }, 'unknown_outcome'],
  ])('%j with %j leads to %s without a look', (reply, facts, expected) => {
    const meaning = readReply(reply, { ...PLAIN, ...facts });

    expect(meaning.kind).not.toBe('look');
    expect(outcome(reply, facts, 'cannot-tell')).toBe(expected);
  });

  it.each<[Reply, Partial<ReplyFacts> & { sends?: number }, Record<Seen, string>]>([
    [refused(404), {}, { made: 'superseded', changed: 'superseded', 'not-made': 'failed', 'cannot-tell': 'failed' }],
    [refused(409), {}, { made: 'superseded', changed: 'superseded', 'not-made': 'failed', 'cannot-tell': 'failed' }],
    [
      refused(422),
      { tests: true },
      { made: 'superseded', changed: 'superseded', 'not-made': 'failed', 'cannot-tell': 'failed' },
    ],
    [
      refused(409),
      { earlier: true },
      { made: 'verifying', changed: 'verifying', 'not-made': 'failed', 'cannot-tell': 'unknown_outcome' },
    ],
    [
      refused(403),
      { earlier: true },
      { made: 'verifying', changed: 'verifying', 'not-made': 'failed', 'cannot-tell': 'unknown_outcome' },
    ],
    [
      refused(429),
      { earlier: true, evicts: true },
      { made: 'verifying', changed: 'verifying', 'not-made': 'blocked', 'cannot-tell': 'unknown_outcome' },
    ],
    [SILENCE, {}, { made: 'verifying', changed: 'superseded', 'not-made': 'again', 'cannot-tell': 'unknown_outcome' }],
    [
      SILENCE,
      { earlier: true, sends: MOST_SENDS },
      { made: 'verifying', changed: 'superseded', 'not-made': 'failed', 'cannot-tell': 'unknown_outcome' },
    ],
  ])('%j with %j is told by a look', (reply, facts, expected) => {
    const seen: readonly Seen[] = ['made', 'changed', 'not-made', 'cannot-tell'];

    const found = Object.fromEntries(seen.map((one) => [one, outcome(reply, facts, one)]));

    expect(found).toEqual(expected);
  });
});
