import { beforeAll, describe, expect, test } from 'vitest';
import type { Feedback } from '../../src/core/question/question.ts';
import type { QuestionStore } from '../../src/ports/question-store.ts';
import { sampleOutcome, sampleQuestion, sampleRecording } from '../fakes/samples.ts';

/** A store that is empty at the start; a run stops counting in its channel's line after 300 ms. */
export interface ContractQuestionStore {
  readonly store: QuestionStore;
  readonly pass: (ms: number) => Promise<void>;
}

export const CONTRACT_LINE_MS = 300;

/** What every question store does. Tests use questions and channels of their own, so that they share one store. */
export function describeQuestionStore(name: string, open: () => Promise<ContractQuestionStore>): void {
  describe(`question store: ${name}`, () => {
    let store: QuestionStore;
    let pass: (ms: number) => Promise<void>;
    beforeAll(async () => {
      ({ store, pass } = await open());
    });

    const inChannel = (channel: string) => ({ replyTo: { team: 'T1', channel } });

    test('a question begins once', async () => {
      const question = sampleQuestion('q-once', inChannel('C-once'));

      const begun = [await store.begin(question), await store.begin(question)];

      expect(begun).toEqual([
        { kind: 'begun', run: 1, position: 1 },
        { kind: 'busy', run: 1 },
      ]);
    });

    test('of many at once one begins', async () => {
      const question = sampleQuestion('q-race', inChannel('C-race'));

      const begun = await Promise.all(Array.from({ length: 20 }, () => store.begin(question)));

      expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    });

    test('it is read as it was stored', async () => {
      const question = sampleQuestion('q-read', {
        replyTo: { team: 'T1', channel: 'C-read', responseUrl: 'https://x' },
      });
      await store.begin(question);

      const record = await store.read('q-read');

      expect(record).toEqual({
        question,
        run: 1,
        runAt: expect.any(String),
        runAgeMs: expect.any(Number),
        answeredRun: 0,
      });
      expect(new Date(record?.runAt ?? '').toISOString()).toBe(record?.runAt);
    });

    test('what was never asked is unknown', async () => {
      expect([
        await store.read('q-never'),
        await store.beginAgain(sampleQuestion('q-never')),
        await store.outcome('q-never', 1),
        await store.recording('q-never', 1),
      ]).toEqual([undefined, { kind: 'unknown' }, undefined, undefined]);
    });

    test('an outcome comes back whole, with its recording', async () => {
      await store.begin(sampleQuestion('q-outcome'));

      await store.finish('q-outcome', 1, sampleOutcome(), sampleRecording());

      expect(await store.outcome('q-outcome', 1)).toEqual(sampleOutcome());
      expect(await store.recording('q-outcome', 1)).toEqual(sampleRecording());
      expect(await store.read('q-outcome')).toMatchObject({ run: 1, answeredRun: 1 });
    });

    test('the first outcome of a run stays', async () => {
      await store.begin(sampleQuestion('q-first'));

      await store.finish('q-first', 1, { kind: 'expired' });
      await store.finish('q-first', 1, sampleOutcome(), sampleRecording());

      expect(await store.outcome('q-first', 1)).toEqual({ kind: 'expired' });
      expect(await store.recording('q-first', 1)).toBeUndefined();
    });

    test('an outcome of a run that never began is not kept', async () => {
      await store.begin(sampleQuestion('q-ahead'));

      await store.finish('q-ahead', 2, { kind: 'expired' });
      await store.finish('q-nobody', 1, { kind: 'expired' });

      expect(await store.outcome('q-ahead', 2)).toBeUndefined();
      expect(await store.outcome('q-nobody', 1)).toBeUndefined();
    });

    test('a run begins again when the one before is answered', async () => {
      await store.begin(sampleQuestion('q-again'));
      const early = await store.beginAgain(sampleQuestion('q-again'));
      await store.finish('q-again', 1, { kind: 'expired' });

      const again = await store.beginAgain(sampleQuestion('q-again'));
      const twice = await store.beginAgain(sampleQuestion('q-again'));

      expect([early, again, twice]).toEqual([
        { kind: 'busy', run: 1 },
        { kind: 'begun', run: 2, position: expect.any(Number) },
        { kind: 'busy', run: 2 },
      ]);
      expect(await store.read('q-again')).toMatchObject({ run: 2, answeredRun: 1 });
    });

    test('an abandoned first run leaves no question', async () => {
      const question = sampleQuestion('q-abandon', inChannel('C-abandon'));
      await store.begin(question);

      await store.abandon('q-abandon', 1);

      expect(await store.read('q-abandon')).toBeUndefined();
      expect(await store.begin(question)).toEqual({ kind: 'begun', run: 2, position: 1 });
    });

    test('an abandoned further run leaves the one before, and its number stays used', async () => {
      const question = sampleQuestion('q-back', inChannel('C-back'));
      await store.begin(question);
      await store.finish('q-back', 1, { kind: 'expired' });
      const before = await store.read('q-back');
      await store.beginAgain({ ...question, readable: [] });

      await store.abandon('q-back', 2);

      expect(await store.read('q-back')).toEqual({ ...before, runAgeMs: expect.any(Number) });
      expect(await store.beginAgain(question)).toEqual({ kind: 'begun', run: 3, position: 1 });
    });

    test('an answered run is not abandoned, nor one that is over', async () => {
      await store.begin(sampleQuestion('q-kept'));
      await store.finish('q-kept', 1, { kind: 'expired' });
      await store.beginAgain(sampleQuestion('q-kept'));

      await store.abandon('q-kept', 1);
      await store.finish('q-kept', 2, { kind: 'expired' });
      await store.abandon('q-kept', 2);

      expect(await store.read('q-kept')).toMatchObject({ run: 2, answeredRun: 2 });
    });

    test('the position counts what waits in the same channel for the same cluster', async () => {
      const there = inChannel('C-line');
      const positions = [
        await store.begin(sampleQuestion('q-l1', there)),
        await store.begin(sampleQuestion('q-l2', there)),
        await store.begin(sampleQuestion('q-l3', { ...there, cluster: 'other' })),
        await store.begin(sampleQuestion('q-l4', inChannel('C-other'))),
      ];
      await store.finish('q-l1', 1, { kind: 'expired' });
      await store.abandon('q-l2', 1);

      const after = await store.begin(sampleQuestion('q-l5', there));

      expect(positions.map((result) => ('position' in result ? result.position : 0))).toEqual([1, 2, 1, 1]);
      expect(after).toMatchObject({ position: 1 });
    });

    test('a run that nobody ends does not count for ever', async () => {
      await store.begin(sampleQuestion('q-lost', inChannel('C-lost')));
      await pass(CONTRACT_LINE_MS + 50);

      const next = await store.begin(sampleQuestion('q-next', inChannel('C-lost')));

      expect(next).toEqual({ kind: 'begun', run: 1, position: 1 });
    });

    test('a further run is of the question as it is given', async () => {
      const question = sampleQuestion('q-narrow');
      await store.begin(question);
      await store.finish('q-narrow', 1, { kind: 'expired' });

      await store.beginAgain({ ...question, readable: ['shop'] });

      expect(await store.read('q-narrow')).toMatchObject({ run: 2, question: { ...question, readable: ['shop'] } });
    });

    /** Those of these ids that are listed, in their order. */
    const listed = async (ids: readonly string[], olderThanMs = 0): Promise<readonly string[]> =>
      (await store.unanswered(olderThanMs)).map(({ question }) => question.id).filter((id) => ids.includes(id));

    test('runs without a delivered answer are listed, those that were not listed for longest first', async () => {
      const ids = ['q-old', 'q-answered', 'q-done', 'q-new'];
      await store.begin(sampleQuestion('q-old'));
      await store.begin(sampleQuestion('q-answered'));
      await store.finish('q-answered', 1, sampleOutcome());
      await store.begin(sampleQuestion('q-done'));
      await store.finish('q-done', 1, { kind: 'expired' });
      await store.delivered('q-done', 1);
      await pass(150);
      const [old] = await Promise.all([listed(ids, 100), store.begin(sampleQuestion('q-new'))]);
      await pass(20);

      const all = await listed(ids);

      expect(old.toSorted()).toEqual(['q-answered', 'q-old']);
      expect(all.toSorted()).toEqual(['q-answered', 'q-new', 'q-old']);
      expect(await store.unanswered(3_600_000)).toEqual([]);
    });

    test('a run tells its age and whether it has an outcome', async () => {
      await store.begin(sampleQuestion('q-aged'));
      await store.finish('q-aged', 1, { kind: 'expired' });
      await pass(150);

      const found = (await store.unanswered(100)).find(({ question }) => question.id === 'q-aged');

      expect(found).toMatchObject({ run: 1, answeredRun: 1 });
      expect(found?.runAgeMs).toBeGreaterThanOrEqual(150);
      expect((await store.read('q-aged'))?.runAgeMs).toBeGreaterThanOrEqual(150);
    });

    test('more than one page is listed page by page, and nothing twice at once', async () => {
      const ids = Array.from({ length: 150 }, (_, index) => `q-page-${index}`);
      await Promise.all(ids.map((id) => store.begin(sampleQuestion(id, inChannel(`C-${id}`)))));
      await pass(500);

      const pages = [await listed(ids, 400), await listed(ids, 400), await listed(ids, 400)];

      expect(pages.flat().toSorted()).toEqual(ids.toSorted());
      await Promise.all(ids.map((id) => store.abandon(id, 1)));
    });

    test('a run that is not answered, or not the newest one, is not taken out as delivered', async () => {
      await store.begin(sampleQuestion('q-early'));
      await store.delivered('q-early', 1);
      await store.begin(sampleQuestion('q-behind'));
      await store.finish('q-behind', 1, { kind: 'expired' });
      await store.beginAgain(sampleQuestion('q-behind'));
      await store.delivered('q-behind', 1);
      await pass(20);

      expect((await listed(['q-early', 'q-behind'])).toSorted()).toEqual(['q-behind', 'q-early']);
    });

    test('an abandoned further run leaves the one before to be delivered, if it was not', async () => {
      const ids = ['q-owed', 'q-paid'];
      for (const id of ids) {
        await store.begin(sampleQuestion(id));
        await store.finish(id, 1, { kind: 'expired' });
      }
      await store.delivered('q-paid', 1);
      for (const id of ids) {
        await store.beginAgain(sampleQuestion(id));
        await store.abandon(id, 2);
      }
      await pass(20);

      expect(await listed(ids)).toEqual(['q-owed']);
    });

    test('feedback is kept once', async () => {
      const question = sampleQuestion('q-feedback');
      const feedback: Feedback = {
        id: 'f-1',
        question,
        run: 1,
        by: { team: 'T1', user: 'U2' },
        at: '2026-01-31T12:30:00Z',
        text: 'it was the proxy',
      };

      await store.saveFeedback(feedback);
      await store.saveFeedback({ ...feedback, text: 'again' });
      await store.saveFeedback({ ...feedback, id: 'f-2' });

      expect(await store.feedback()).toEqual([feedback, { ...feedback, id: 'f-2' }]);
    });
  });
}
