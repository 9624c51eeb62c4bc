import { beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/chat/delivery.ts';
import type { DiagnosisJob } from '../../src/core/question/question.ts';
import { watchUnanswered } from '../../src/usecases/watch-unanswered.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeClusterDirectory } from '../fakes/fake-cluster-directory.ts';
import { FakeQuestionStore } from '../fakes/fake-question-store.ts';
import { sampleOutcome, sampleQuestion } from '../fakes/samples.ts';

const QUESTION = sampleQuestion('q-abcdefghijklmnop');

let storeClock: FakeClock;
let questions: FakeQuestionStore;
let clusters: FakeClusterDirectory;
let deliveries: Delivery[];
let jobs: DiagnosisJob[];

beforeEach(() => {
  storeClock = new FakeClock();
  questions = new FakeQuestionStore(storeClock);
  clusters = new FakeClusterDirectory(storeClock);
  deliveries = [];
  jobs = [];
});

/** A look after further seconds; the watch's own clock is a day ahead, which must not matter. */
async function watchAfter(seconds: number): Promise<void> {
  storeClock.advance(seconds * 1000);
  await watchUnanswered({
    questions,
    clusters,
    queue: {
      enqueue: async (job) => {
        jobs.push(job);
      },
      close: async () => undefined,
    },
    outbox: {
      async put(delivery) {
        const known = deliveries.some(({ key, version }) => key === delivery.key && version >= delivery.version);
        if (!known) {
          deliveries.push(delivery);
        }
        return known ? 'outdated' : 'stored';
      },
      isSettled: async () => true,
      withdraw: async () => true,
      posted: async () => undefined,
    },
    canRepair: () => false,
    clock: { now: () => new Date(storeClock.now().getTime() + 86_400_000) },
    expirySeconds: () => 300,
  });
}

describe('a question without an answer', () => {
  it('is told once that it takes long', async () => {
    await questions.begin(QUESTION);
    await clusters.report({ cluster: 'prod', lastSeen: '2026-01-31T12:00:00Z', state: 'reachable' });

    await watchAfter(5);
    await watchAfter(4.5);

    expect(deliveries).toMatchObject([{ version: 12, content: { kind: 'waiting', why: 'slow' } }]);
    expect(jobs).toEqual([]);
  });

  it('is told that nothing serves its cluster', async () => {
    await questions.begin(QUESTION);

    await watchAfter(5);

    expect(deliveries).toMatchObject([{ version: 13, content: { kind: 'waiting', why: 'no-diagnoser' } }]);
  });

  it('whose job may be lost is queued again', async () => {
    await questions.begin(QUESTION);

    await watchAfter(11);

    expect(jobs).toMatchObject([{ questionId: QUESTION.id, run: 1, cluster: 'prod' }]);
  });

  it('ends as expired when nobody will answer any more', async () => {
    await questions.begin(QUESTION);

    await watchAfter(331);
    await watchAfter(5);

    expect(deliveries).toMatchObject([{ version: 19, content: { kind: 'answer', outcome: { kind: 'expired' } } }]);
    expect(await questions.unanswered(0)).toEqual([]);
  });

  it('is looked after however many wait', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `q-${index}`);
    for (const id of ids) {
      await questions.begin(sampleQuestion(id));
    }

    await watchAfter(11);

    expect(deliveries.map(({ key }) => key).toSorted()).toEqual(ids.toSorted());
    expect(jobs).toHaveLength(250);
  });
});

describe('a question with an answer', () => {
  it('that was not handed over gets it', async () => {
    await questions.begin(QUESTION);
    await questions.finish(QUESTION.id, 1, sampleOutcome());

    await watchAfter(5);
    await watchAfter(5);

    expect(deliveries).toMatchObject([{ version: 19, content: { kind: 'answer', outcome: { kind: 'answered' } } }]);
    expect(jobs).toEqual([]);
    expect(await questions.unanswered(0)).toEqual([]);
  });

  it('that was handed over is left alone', async () => {
    await questions.begin(QUESTION);
    await questions.finish(QUESTION.id, 1, sampleOutcome());
    await questions.delivered(QUESTION.id, 1);

    await watchAfter(60);

    expect(deliveries).toEqual([]);
  });
});
