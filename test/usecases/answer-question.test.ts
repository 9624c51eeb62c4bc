import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import type { DiagnosisJob, Question } from '../../src/core/question/question.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { type AnswerDeps, answerQuestion } from '../../src/usecases/answer-question.ts';
import { watchUnanswered } from '../../src/usecases/watch-unanswered.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { type BotStage, NOW, openBotStage } from './bot/bot-stage.ts';

let stage: BotStage;

beforeAll(async () => {
  stage = await openBotStage();
});
beforeEach(() => stage.reset());
afterAll(() => stage.close());

const QUESTION: Question = {
  id: 'q-abcdefghijklmnop',
  cluster: 'prod',
  subject: { name: 'web-0', namespace: 'shop' },
  readable: ['shop'],
  asker: { team: 'T1', user: 'UALICE' },
  replyTo: { team: 'T1', channel: 'COPS' },
  askedAt: NOW.toISOString(),
};

const POD = {
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'shop', uid: 'u1', creationTimestamp: '2026-03-02T09:00:00Z' },
  spec: { nodeName: 'n1', containers: [{ name: 'web', image: 'nginx:1.27' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
};

function job(run = 1, expiresAt = '2026-03-02T10:05:00.000Z'): DiagnosisJob {
  return { questionId: QUESTION.id, run, cluster: 'prod', expiresAt };
}

function deps(open: () => Promise<ClusterReader> = async () => new FakeCluster({ objects: [POD] })): AnswerDeps {
  const { questions, outbox, clock, logger, metrics } = stage.deps;
  const playbooks = async () => ({ playbooks: [], digest: 'abcdef123456' });
  return { questions, outbox, clock, logger, metrics, openReader: open, playbooks };
}

describe('a job', () => {
  it('ends in one stored outcome and one message', async () => {
    await stage.deps.questions.begin(QUESTION);

    await answerQuestion(job(), deps());

    expect(await stage.deps.questions.outcome(QUESTION.id, 1)).toMatchObject({
      kind: 'answered',
      diagnosis: { verdict: 'healthy', subject: { name: 'web-0' } },
      playbooks: 'abcdef123456',
    });
    expect(stage.deliveries).toMatchObject([
      { kind: 'card', key: QUESTION.id, channel: 'COPS', version: 19, content: { kind: 'answer', run: 1 } },
    ]);
    expect(await stage.deps.questions.recording(QUESTION.id, 1)).toMatchObject({ subject: 'web-0 -n shop' });
  });

  it('that runs a second time changes nothing', async () => {
    await stage.deps.questions.begin(QUESTION);
    await answerQuestion(job(), deps());
    const first = await stage.deps.questions.outcome(QUESTION.id, 1);

    await answerQuestion(
      job(),
      deps(async () => new FakeCluster({ objects: [] })),
    );

    expect(await stage.deps.questions.outcome(QUESTION.id, 1)).toEqual(first);
    expect(stage.deliveries).toHaveLength(1);
  });

  it('sends the answer that was stored when its worker died before it could', async () => {
    await stage.deps.questions.begin(QUESTION);
    await stage.deps.questions.finish(QUESTION.id, 1, { kind: 'expired' });

    await answerQuestion(job(), deps());

    expect(stage.deliveries).toMatchObject([{ content: { kind: 'answer', outcome: { kind: 'expired' } } }]);
  });

  it('that was taken back does nothing', async () => {
    await answerQuestion(job(), deps());

    expect(stage.deliveries).toEqual([]);
  });

  it('that comes too late is not run', async () => {
    await stage.deps.questions.begin(QUESTION);
    const opened: string[] = [];

    await answerQuestion(
      job(1, '2026-03-02T09:59:59.000Z'),
      deps(async () => {
        opened.push('opened');
        return new FakeCluster({ objects: [POD] });
      }),
    );

    expect(opened).toEqual([]);
    expect(stage.deliveries).toMatchObject([{ content: { outcome: { kind: 'expired' } } }]);
  });

  it('tells what may have been meant', async () => {
    await stage.deps.questions.begin(QUESTION);
    const namespace = { kind: 'Namespace', metadata: { name: 'shop' } };
    const near = { ...POD, metadata: { ...POD.metadata, name: 'web-1' } };

    await answerQuestion(
      job(),
      deps(async () => new FakeCluster({ objects: [namespace, near] })),
    );

    expect(stage.deliveries).toMatchObject([
      { content: { outcome: { kind: 'failed', code: 'SUBJECT_NOT_FOUND', candidates: ['web-1'] } } },
    ]);
  });

  it('says that the cluster is unreachable', async () => {
    await stage.deps.questions.begin(QUESTION);
    const failure = new KubewhyError('CLUSTER_UNREACHABLE', { message: 'No route to 10.0.0.1:6443.' });

    await answerQuestion(
      job(),
      deps(() => Promise.reject(failure)),
    );

    expect(stage.deliveries).toMatchObject([
      { content: { outcome: { kind: 'failed', code: 'CLUSTER_UNREACHABLE', message: 'No route to 10.0.0.1:6443.' } } },
    ]);
  });

  it('shows nothing of a defect but a reference', async () => {
    await stage.deps.questions.begin(QUESTION);

    await answerQuestion(
      job(),
      deps(() => Promise.reject(new TypeError('x is undefined'))),
    );

    const [delivery] = stage.deliveries;
    expect(delivery).toMatchObject({
      content: { outcome: { code: 'BUG', hint: `Please report it with the reference ${QUESTION.id}.` } },
    });
    expect(JSON.stringify(delivery)).not.toContain('x is undefined');
  });

  it('answers by response_url where the bot is no member', async () => {
    const responseUrl = 'https://hooks.slack.com/commands/1';
    await stage.deps.questions.begin({ ...QUESTION, replyTo: { ...QUESTION.replyTo, responseUrl } });

    await answerQuestion(job(), deps());

    expect(stage.deliveries).toMatchObject([{ kind: 'response', url: responseUrl, key: `${QUESTION.id}-1` }]);
  });
});

describe('a question without an answer', () => {
  /** The store has its own clock: what waits there for longer than nothing waits here for as long as it is said. */
  function watch(waitedSeconds: number) {
    const { questions, queue, outbox, clusters } = stage.deps;
    const clock = { now: () => new Date(Date.now() + waitedSeconds * 1000) };
    const all = { ...questionsOf(questions), unanswered: () => questions.unanswered(-1000) };
    return watchUnanswered({ questions: all, queue, outbox, clusters, clock, expirySeconds: () => 300 });
  }

  function questionsOf(questions: BotStage['deps']['questions']): BotStage['deps']['questions'] {
    return {
      begin: (question) => questions.begin(question),
      beginAgain: (id) => questions.beginAgain(id),
      abandon: (id, run) => questions.abandon(id, run),
      read: (id) => questions.read(id),
      finish: (id, run, outcome) => questions.finish(id, run, outcome),
      outcome: (id, run) => questions.outcome(id, run),
      recording: (id, run) => questions.recording(id, run),
      unanswered: (ms) => questions.unanswered(ms),
      saveFeedback: (feedback) => questions.saveFeedback(feedback),
      feedback: () => questions.feedback(),
    };
  }

  it('is told once that it takes long', async () => {
    await stage.deps.questions.begin(QUESTION);
    await stage.deps.clusters.report({ cluster: 'prod', lastSeen: NOW.toISOString(), state: 'reachable' });

    await watch(5);
    await watch(6);

    expect(stage.deliveries).toMatchObject([{ version: 12, content: { kind: 'waiting', why: 'slow' } }]);
    expect(stage.jobs).toEqual([]);
  });

  it('is told that nothing serves its cluster', async () => {
    await stage.deps.questions.begin(QUESTION);

    await watch(5);

    expect(stage.deliveries).toMatchObject([{ version: 13, content: { kind: 'waiting', why: 'no-diagnoser' } }]);
  });

  it('whose job may be lost is queued again', async () => {
    await stage.deps.questions.begin(QUESTION);

    await watch(11);

    expect(stage.jobs).toMatchObject([{ job: { questionId: QUESTION.id, run: 1, cluster: 'prod' } }]);
  });

  it('ends as expired when nobody will answer any more', async () => {
    await stage.deps.questions.begin(QUESTION);

    await watch(331);

    expect(stage.deliveries).toMatchObject([
      { version: 19, content: { kind: 'answer', outcome: { kind: 'expired' } } },
    ]);
  });

  it('is left alone once it has one', async () => {
    await stage.deps.questions.begin(QUESTION);
    await answerQuestion(job(), deps());

    await watch(60);

    expect(stage.deliveries).toHaveLength(1);
  });
});
