import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import type { DiagnosisJob, Question } from '../../src/core/question/question.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { type AnswerDeps, answerQuestion } from '../../src/usecases/answer-question.ts';
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

/** What it says of its end is of another clock, here far ahead, and decides nothing. */
function job(run = 1): DiagnosisJob {
  return { questionId: QUESTION.id, run, cluster: 'prod', expiresAt: '2020-01-01T00:00:00.000Z' };
}

function deps(open: () => Promise<ClusterReader> = async () => new FakeCluster({ objects: [POD] })): AnswerDeps {
  const { questions, outbox, clock, logger, metrics } = stage.deps;
  const playbooks = async () => ({ playbooks: [], digest: 'abcdef123456' });
  const rest = { canRepair: () => false, expirySeconds: () => 300 };
  return { questions, outbox, clock, logger, metrics, openReader: open, playbooks, ...rest };
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

  it('leaves the question open until its answer was put', async () => {
    const { questions } = stage.deps;
    await questions.begin(QUESTION);
    const down = new KubewhyError('STORE_UNAVAILABLE', { message: 'It is down.' });
    const outbox = { ...stage.deps.outbox, put: () => Promise.reject(down) };

    await expect(answerQuestion(job(), { ...deps(), outbox })).rejects.toBe(down);
    const before = await questions.unanswered(-1000);
    await answerQuestion(job(), deps());

    expect(before).toMatchObject([{ question: { id: QUESTION.id }, run: 1, answeredRun: 1 }]);
    expect(await questions.unanswered(-1000)).toEqual([]);
    expect(stage.deliveries).toHaveLength(1);
  });

  it('that was taken back does nothing', async () => {
    await answerQuestion(job(), deps());

    expect(stage.deliveries).toEqual([]);
  });

  it('that comes too late is not run', async () => {
    await stage.deps.questions.begin(QUESTION);
    const opened: string[] = [];

    const cluster = deps(async () => {
      opened.push('opened');
      return new FakeCluster({ objects: [POD] });
    });

    await answerQuestion(job(), { ...cluster, expirySeconds: () => -1 });

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
