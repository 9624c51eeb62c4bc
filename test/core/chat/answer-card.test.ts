import { describe, expect, it } from 'vitest';
import { answerDelivery } from '../../../src/core/chat/answer-card.ts';
import { sampleQuestion } from '../../fakes/samples.ts';

const OUTCOME = {
  kind: 'failed',
  code: 'CLUSTER_TIMEOUT',
  message: 'It did not answer.',
  hint: '',
  candidates: [],
} as const;
const AT = '2026-01-31T12:00:05.000Z';

describe('answerDelivery', () => {
  it('goes before alerts where a person waits, and in turn with them for the first answer about an incident', () => {
    const asked = sampleQuestion('q-asked');
    const triaged = sampleQuestion('q-triage', { incident: { id: 'i-1', alerts: ['KubePodNotReady'] } });

    const deliveries = [
      answerDelivery(asked, 1, OUTCOME, { at: AT }),
      answerDelivery(triaged, 1, OUTCOME, { at: AT }),
      answerDelivery(triaged, 2, OUTCOME, { at: AT }),
    ];

    expect(deliveries.map(({ priority }) => priority)).toEqual(['answer', 'alert', 'answer']);
  });
});
