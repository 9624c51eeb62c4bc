import { describe, expect, test } from 'vitest';
import { CHAT_METHODS } from '../../src/core/chat/chat-method.ts';
import type { Delivery } from '../../src/core/chat/delivery.ts';
import type { FindResult } from '../../src/ports/chat.ts';
import type { Claim } from '../../src/ports/outbox.ts';
import {
  type Attempt,
  afterSearch,
  isWornOut,
  mustLookFirst,
  retryDelayMs,
  verdictOn,
} from '../../src/usecases/deliver-rules.ts';
import { sampleCard, sampleQuestion } from '../fakes/samples.ts';

const posted = { channel: 'C1', ts: '1' };
const { channel, ...base } = sampleCard('a');
const deliveries: Readonly<Record<Delivery['kind'], Delivery>> = {
  card: { ...base, kind: 'card', channel },
  ephemeral: { ...base, kind: 'ephemeral', channel, user: 'U1' },
  response: { ...base, kind: 'response', url: 'https://hooks.example/1' },
  file: {
    ...base,
    kind: 'file',
    channel,
    thread: '1',
    content: { kind: 'evidence', question: sampleQuestion('q-1'), run: 1, text: 'x'.repeat(5000) },
  },
  home: { ...base, kind: 'home', user: 'U1' },
};
const answer = sampleCard('a', {
  content: { kind: 'answer', question: sampleQuestion('q-1'), run: 1, outcome: { kind: 'expired' }, at: '' },
});

function claim(changes: Partial<Claim> = {}): Claim {
  return { delivery: deliveries.card, failures: 0, uncertain: false, fence: 1, ...changes };
}

describe('delays', () => {
  test('double from one second to one minute', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map(retryDelayMs)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });

  test.each([
    ['answer', 24 * 60],
    ['news', 15],
    ['urgent', 24 * 60],
  ] as const)('an %s row is given up after %i minutes of failures', (priority, minutes) => {
    const delivery = sampleCard('a', { priority });
    let failures = 0;
    let elapsedMs = 0;
    while (!isWornOut(claim({ delivery, failures }))) {
      failures += 1;
      elapsedMs += retryDelayMs(failures);
    }

    expect(Math.floor(elapsedMs / 60_000)).toBe(minutes);
  });
});

describe('what an attempt leads to', () => {
  const edit = { posted };
  const table: readonly [string, Partial<Claim>, Attempt, ReturnType<typeof verdictOn>][] = [
    ['posted', {}, { kind: 'sent', posted }, { settlement: { kind: 'sent', posted }, pauses: [] }],
    ['sent where nothing is posted', {}, { kind: 'sent' }, { settlement: { kind: 'sent' }, pauses: [] }],
    [
      'a rate limit of posts',
      {},
      { kind: 'rate-limited', retryAfterMs: 7000 },
      {
        settlement: { kind: 'postpone', afterMs: 7000, reason: 'ratelimited' },
        pauses: [{ method: 'chat.postMessage', forMs: 7000 }],
      },
    ],
    [
      'a rate limit of edits',
      edit,
      { kind: 'rate-limited', retryAfterMs: 7000 },
      {
        settlement: { kind: 'postpone', afterMs: 7000, reason: 'ratelimited' },
        pauses: [{ method: 'chat.update', forMs: 7000 }],
      },
    ],
    [
      'a refused configuration',
      {},
      { kind: 'refused', why: 'config', code: 'token_revoked' },
      {
        settlement: { kind: 'postpone', afterMs: 30_000, reason: 'token_revoked' },
        pauses: CHAT_METHODS.slice(0, -1).map((method) => ({ method, forMs: 30_000 })),
      },
    ],
    [
      'a permission that one method lacks',
      { delivery: deliveries.file },
      { kind: 'refused', why: 'config', code: 'missing_scope' },
      {
        settlement: { kind: 'postpone', afterMs: 30_000, reason: 'missing_scope' },
        pauses: [{ method: 'files.completeUploadExternal', forMs: 30_000 }],
      },
    ],
    [
      'a failed edit of a message that was looked for',
      { ...edit, uncertain: true },
      { kind: 'unavailable', code: 'http_503' },
      { settlement: { kind: 'retry', afterMs: 1000, uncertain: true, reason: 'http_503' }, pauses: [] },
    ],
    [
      'a refused channel',
      {},
      { kind: 'refused', why: 'channel', code: 'is_archived' },
      { settlement: { kind: 'dead', reason: 'is_archived' }, pauses: [] },
    ],
    [
      'a refused channel of an answer',
      { delivery: answer, posted },
      { kind: 'refused', why: 'channel', code: 'is_archived' },
      {
        settlement: { kind: 'detour', detour: { to: 'asker', code: 'is_archived' }, reason: 'is_archived' },
        pauses: [],
      },
    ],
    [
      'a refused asker',
      { delivery: { ...answer, detour: { to: 'asker', code: 'is_archived' } } },
      { kind: 'refused', why: 'channel', code: 'messages_tab_disabled' },
      { settlement: { kind: 'dead', reason: 'messages_tab_disabled' }, pauses: [] },
    ],
    [
      'a refused channel of what is no card',
      { delivery: { ...answer, kind: 'ephemeral', user: 'U1' } },
      { kind: 'refused', why: 'channel', code: 'is_archived' },
      { settlement: { kind: 'dead', reason: 'is_archived' }, pauses: [] },
    ],
    [
      'refused content',
      edit,
      { kind: 'refused', why: 'payload', code: 'no_text' },
      { settlement: { kind: 'dead', reason: 'no_text' }, pauses: [] },
    ],
    [
      'an edited message that is gone',
      edit,
      { kind: 'refused', why: 'message', code: 'message_not_found' },
      { settlement: { kind: 'repost', reason: 'message_not_found' }, pauses: [] },
    ],
    [
      'a post that the chat system takes for an edit',
      {},
      { kind: 'refused', why: 'message', code: 'message_not_found' },
      { settlement: { kind: 'dead', reason: 'message_not_found' }, pauses: [] },
    ],
    [
      'a failure that certainly sent nothing',
      { uncertain: true, failures: 2 },
      { kind: 'unavailable', code: 'http_500' },
      { settlement: { kind: 'retry', afterMs: 4000, uncertain: false, reason: 'http_500' }, pauses: [] },
    ],
    [
      'a send of which nothing was heard',
      {},
      { kind: 'uncertain', code: 'timeout' },
      { settlement: { kind: 'retry', afterMs: 1000, uncertain: true, reason: 'timeout' }, pauses: [] },
    ],
    [
      'a search of which nothing was heard',
      { uncertain: true, failures: 1 },
      { kind: 'not-told', code: 'timeout' },
      { settlement: { kind: 'retry', afterMs: 2000, uncertain: true, reason: 'timeout' }, pauses: [] },
    ],
    [
      'a search that was asked for too often',
      { uncertain: true, failures: 1 },
      { kind: 'ask-later', afterMs: 7000 },
      { settlement: { kind: 'postpone', afterMs: 7000, reason: 'ratelimited' }, pauses: [] },
    ],
    [
      'the last failure of an answer',
      { failures: 1444 },
      { kind: 'unavailable', code: 'http_500' },
      { settlement: { kind: 'dead', reason: 'http_500' }, pauses: [] },
    ],
    [
      'the last uncertain send of an answer',
      { failures: 1444 },
      { kind: 'uncertain', code: 'timeout' },
      { settlement: { kind: 'dead', reason: 'timeout' }, pauses: [] },
    ],
    [
      'nothing sent',
      {},
      { kind: 'given-up', reason: 'it failed too often' },
      { settlement: { kind: 'dead', reason: 'it failed too often' }, pauses: [] },
    ],
  ];

  test.each(table)('%s', (_, changes, attempt, verdict) => {
    expect(verdictOn(claim(changes), attempt)).toEqual(verdict);
  });

  test('each kind of delivery rests its own method', () => {
    const methods = Object.values(deliveries).map(
      (delivery) => verdictOn(claim({ delivery }), { kind: 'rate-limited', retryAfterMs: 1 }).pauses[0]?.method,
    );

    expect(methods).toEqual([
      'chat.postMessage',
      'chat.postEphemeral',
      'response_url',
      'files.completeUploadExternal',
      'views.publish',
    ]);
  });
});

describe('an uncertain send', () => {
  test.each([
    ['card', false, true],
    ['card', true, false],
    ['ephemeral', false, true],
    ['response', false, true],
    ['file', false, true],
    ['home', false, false],
  ] as const)('a %s (posted before: %s) is looked for: %s', (kind, wasPosted, look) => {
    const delivery = deliveries[kind];
    const uncertain = claim({ delivery, uncertain: true, ...(wasPosted ? { posted } : {}) });

    expect(mustLookFirst(uncertain)).toBe(look);
    expect(mustLookFirst({ ...uncertain, uncertain: false })).toBe(false);
  });

  const sent = { kind: 'end', attempt: { kind: 'sent', posted } } as const;
  const notTold = { kind: 'end', attempt: { kind: 'not-told', code: 'timeout' } } as const;
  const lost = { kind: 'end', attempt: { kind: 'given-up', reason: 'it may have been sent already' } } as const;
  const send = { kind: 'send' } as const;
  const found: FindResult = { kind: 'found', posted };
  const absent: FindResult = { kind: 'absent' };
  const unavailable: FindResult = { kind: 'unavailable', code: 'timeout' };
  const tooOften: FindResult = { kind: 'rate-limited', retryAfterMs: 7000 };
  const unknown: FindResult = { kind: 'unknown', reason: 'missing_scope' };

  test.each([
    ['card', found, { kind: 'edit', posted }],
    ['card', absent, send],
    ['card', unavailable, notTold],
    ['card', tooOften, { kind: 'end', attempt: { kind: 'ask-later', afterMs: 7000 } }],
    ['card', unknown, send],
    ['ephemeral', found, sent],
    ['ephemeral', absent, send],
    ['ephemeral', unavailable, notTold],
    ['ephemeral', unknown, lost],
    ['response', found, sent],
    ['response', absent, send],
    ['response', unavailable, notTold],
    ['response', unknown, send],
    ['file', found, sent],
    ['file', absent, send],
    ['file', unavailable, notTold],
    ['file', unknown, send],
  ] as const)('a %s that is %o', (kind, result, next) => {
    expect(afterSearch(claim({ delivery: deliveries[kind] }), result)).toEqual(next);
  });
});
