import { describe, expect, test } from 'vitest';
import type { CardDelivery } from '../../../src/core/chat/delivery.ts';
import { nextDetour, placeOf } from '../../../src/core/chat/detour.ts';
import { sampleCard, sampleQuestion } from '../../fakes/samples.ts';
import { sampleIncident } from '../triage/incident-samples.ts';

const question = sampleQuestion('q-1');
const outcome = { kind: 'expired' } as const;
const answer = sampleCard('a', { thread: '1.1', content: { kind: 'answer', question, run: 1, outcome, at: '' } });
const waiting = sampleCard('a', { thread: '1.1', content: { kind: 'waiting', question, run: 1, why: 'slow' } });
const card = { incident: sampleIncident(), people: { silences: [] }, canSilence: false, at: '' };
const parent = sampleCard('i', { content: { kind: 'incident', incident: card }, fallback: 'C2' });
const ofIncident = sampleQuestion('q-2', { incident: { id: 'i-1', alerts: ['A'] } });
const reply = sampleCard('e', { thread: '1.1', content: { kind: 'incident-event', text: 'x', mentions: [] } });
const reply2 = sampleCard('a', {
  thread: '1.1',
  content: { kind: 'answer', question: ofIncident, run: 1, outcome, at: '' },
});

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
    ['a parent whose channel is archived', parent, 'is_archived', { to: 'fallback', code: 'is_archived' }],
    [
      'a parent whose fallback is archived as well',
      { ...parent, detour: { to: 'fallback', code: 'x' } },
      'is_archived',
      undefined,
    ],
    ['a parent whose fallback is its own channel', { ...parent, fallback: 'C1' }, 'is_archived', undefined],
    ['a parent without a fallback', sampleCard('i', { content: parent.content }), 'is_archived', undefined],
    ['a reply about an incident whose channel is archived', reply, 'is_archived', undefined],
    ['a reply about an incident whose thread is gone', reply, 'thread_not_found', undefined],
    ['an answer that an incident asked for', reply2, 'is_archived', undefined],
    ['such an answer whose thread is locked', reply2, 'thread_locked', undefined],
  ])('%s', (_, card, code, detour) => {
    expect(nextDetour(card, code)).toEqual(detour);
  });
});

test('a detour leads beside the thread, to the asker, or to the fallback', () => {
  expect([
    placeOf(answer),
    placeOf({ ...answer, detour: { to: 'channel', code: 'x' } }),
    placeOf({ ...answer, detour: { to: 'asker', code: 'x' } }),
    placeOf({ ...parent, detour: { to: 'fallback', code: 'x' } }),
    placeOf({ ...answer, detour: { to: 'fallback', code: 'x' } }),
  ]).toEqual([
    { channel: 'C1', thread: '1.1' },
    { channel: 'C1' },
    { channel: 'U1' },
    { channel: 'C2' },
    { channel: 'C1' },
  ]);
});
