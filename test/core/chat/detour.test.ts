import { describe, expect, test } from 'vitest';
import type { CardDelivery } from '../../../src/core/chat/delivery.ts';
import { nextDetour, placeOf } from '../../../src/core/chat/detour.ts';
import { sampleCard, sampleQuestion } from '../../fakes/samples.ts';

const question = sampleQuestion('q-1');
const outcome = { kind: 'expired' } as const;
const answer = sampleCard('a', { thread: '1.1', content: { kind: 'answer', question, run: 1, outcome, at: '' } });
const waiting = sampleCard('a', { thread: '1.1', content: { kind: 'waiting', question, run: 1, why: 'slow' } });

describe('where a refused card goes next', () => {
  test.each<[string, CardDelivery, string, ReturnType<typeof nextDetour>]>([
    ['an answer whose thread is gone', answer, 'thread_not_found', { to: 'channel', code: 'thread_not_found' }],
    ['a waiting card whose thread is locked', waiting, 'thread_locked', { to: 'channel', code: 'thread_locked' }],
    [
      'an answer beside its thread whose channel is archived',
      { ...answer, detour: { to: 'channel', code: 'thread_not_found' } },
      'is_archived',
      { to: 'asker', code: 'is_archived' },
    ],
    [
      'an answer that only some may post',
      answer,
      'restricted_action_read_only_channel',
      { to: 'asker', code: 'restricted_action_read_only_channel' },
    ],
    ['a waiting card whose channel is archived', waiting, 'is_archived', undefined],
    [
      'an answer that the asker cannot get',
      { ...answer, detour: { to: 'asker', code: 'x' } },
      'is_archived',
      undefined,
    ],
  ])('%s', (_, card, code, detour) => {
    expect(nextDetour(card, code)).toEqual(detour);
  });
});

test('a detour leads beside the thread, or to the asker', () => {
  expect([
    placeOf(answer),
    placeOf({ ...answer, detour: { to: 'channel', code: 'x' } }),
    placeOf({ ...answer, detour: { to: 'asker', code: 'x' } }),
  ]).toEqual([{ channel: 'C1', thread: '1.1' }, { channel: 'C1' }, { channel: 'U1' }]);
});
