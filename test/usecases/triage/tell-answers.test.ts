import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/core/question/question.ts';
import { alertAbout, pod, TriageStage, withBadImage } from './triage-stage.ts';

/** An incident with its answer in the thread. */
async function answered(): Promise<{ readonly stage: TriageStage; readonly question: Question }> {
  const stage = new TriageStage();
  stage.pods.set('web', withBadImage('web'));
  await stage.come(alertAbout('web'));
  await stage.settle();
  const [answer] = stage.told('answer');
  if (answer === undefined) {
    throw new Error('there is no answer');
  }
  return { stage, question: answer.question };
}

describe('an answer that people have renewed', () => {
  it('is not overwritten by one that is older', async () => {
    const { stage, question } = await answered();

    stage.clock.advance(1000);
    await stage.questions.beginAgain(question);
    await stage.questions.finish(question.id, 2, { kind: 'expired' });
    await stage.store.acknowledge((await stage.incident()).id, 'U1');
    await stage.settle();

    expect(await stage.questions.read(question.id)).toMatchObject({ run: 2, answeredRun: 2 });
    expect(await stage.questions.outcome(question.id, 2)).toEqual({ kind: 'expired' });
  });

  it('is left alone while it is being looked at', async () => {
    const { stage, question } = await answered();
    await stage.questions.beginAgain(question);

    stage.pods.set('web', pod('web', { reason: 'CrashLoopBackOff', message: 'back-off' }));
    await stage.later(2);

    expect(await stage.questions.read(question.id)).toMatchObject({ run: 2, answeredRun: 1 });
  });

  it('is renewed once more by what is found later, if that says something else', async () => {
    const { stage, question } = await answered();
    await stage.questions.beginAgain(question);
    const before = await stage.questions.outcome(question.id, 1);
    await stage.questions.finish(question.id, 2, before ?? { kind: 'expired' });

    await stage.later(2);
    const same = await stage.questions.read(question.id);
    stage.pods.set('web', pod('web', { reason: 'CrashLoopBackOff', message: 'back-off' }));
    await stage.later(3);

    expect(same?.run).toBe(2);
    expect(await stage.questions.read(question.id)).toMatchObject({ run: 3, answeredRun: 3 });
  });
});

describe('an answer', () => {
  it('is not that of an object which had another cause when it was looked at', async () => {
    const { stage } = await answered();
    const incident = await stage.incident();
    const lease = await stage.store.take('prod', 'test');
    if (lease === undefined) {
      throw new Error('no lease');
    }
    const causes = incident.causes.map((cause) => ({ ...cause, key: 'ConfigMap shop/app', code: 'other' }));
    const changed = { ...incident, causes };

    await stage.store.save(lease, { incidents: [changed], keys: [], placed: [], loads: [], ended: [] });
    await stage.store.release(lease);
    await stage.settle();

    expect(stage.told('answer')).toHaveLength(1);
  });

  it('goes on where its first run was left without an outcome', async () => {
    const stage = new TriageStage();
    stage.pods.set('web', withBadImage('web'));
    await stage.come(alertAbout('web'));
    const questions = stage.questions;
    const finish = questions.finish.bind(questions);
    questions.finish = async () => {
      throw new Error('killed');
    };
    await stage.pass();
    await stage.post();
    stage.clock.advance(3000);
    await stage.pass();

    questions.finish = finish;
    await stage.settle();

    expect(stage.told('answer').map(({ run }) => run)).toEqual([1]);
    expect(await questions.unanswered(-1)).toEqual([]);
  });
});
