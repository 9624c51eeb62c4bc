import { describe, expect, it } from 'vitest';
import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { type AskedSubject, findOutcome, type OutcomeDeps } from '../../src/usecases/find-outcome.ts';
import { SpyMetrics } from '../adapters/slack/fakes.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const POD = {
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'shop', uid: 'u1', creationTimestamp: '2026-01-31T11:00:00Z' },
  spec: { nodeName: 'n1', containers: [{ name: 'web', image: 'nginx:1.27' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
};
const ASKED: AskedSubject = {
  cluster: 'prod',
  subject: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
  readable: ['team-*'],
  reference: 'i-1',
};

class OutcomeStage {
  readonly logger = new RecordingLogger();
  readonly metrics = new SpyMetrics();
  readonly clock = new FakeClock();
  readonly cluster = new FakeCluster({ objects: [POD] }, () => {
    this.clock.advance(10);
    return undefined;
  });

  deps(openReader: () => Promise<ClusterReader> = async () => this.cluster): OutcomeDeps {
    const { clock, logger, metrics } = this;
    return { openReader, playbooks: async () => ({ playbooks: [], digest: 'abcdef123456' }), clock, logger, metrics };
  }

  levels(): readonly string[] {
    return this.logger.lines.map(({ level }) => level);
  }
}

describe('the outcome of a question', () => {
  it('is a diagnosis with what was read for it', async () => {
    const stage = new OutcomeStage();

    const { outcome, recording } = await findOutcome(ASKED, stage.deps());

    expect(outcome).toMatchObject({
      kind: 'answered',
      diagnosis: { verdict: 'healthy', subject: { name: 'web-0' } },
      tookMs: stage.cluster.queries.length * 10,
      requests: stage.cluster.queries.length,
      playbooks: 'abcdef123456',
    });
    expect(recording?.subject).toBe('pod/web-0 -n shop');
    expect(recording?.reads).toHaveLength(stage.cluster.queries.length);
    expect(stage.metrics.durations).toEqual(['diagnosis_seconds cluster=prod']);
  });

  it('is never of negative length, whatever the clock does', async () => {
    const stage = new OutcomeStage();
    const cluster = new FakeCluster({ objects: [POD] }, () => {
      stage.clock.advance(-60_000);
      return undefined;
    });

    const { outcome } = await findOutcome(
      ASKED,
      stage.deps(async () => cluster),
    );

    expect(outcome).toMatchObject({ kind: 'answered', tookMs: 0 });
  });

  it('is a failure where there is no such object', async () => {
    const stage = new OutcomeStage();

    const { outcome, recording } = await findOutcome(
      { ...ASKED, subject: { namespace: 'shop', name: 'wbe-0' } },
      stage.deps(),
    );

    expect(outcome).toMatchObject({ kind: 'failed', code: 'SUBJECT_NOT_FOUND' });
    expect(recording).toBeUndefined();
    expect(stage.levels()).toEqual(['info']);
  });

  it('is a failure where the cluster cannot be opened', async () => {
    const stage = new OutcomeStage();

    const { outcome } = await findOutcome(
      ASKED,
      stage.deps(async () => {
        throw new KubewhyError('KUBECONFIG_INVALID', { message: 'No context.', hint: 'Choose another.' });
      }),
    );

    expect(outcome).toEqual({
      kind: 'failed',
      code: 'KUBECONFIG_INVALID',
      message: 'No context.',
      hint: 'Choose another.',
      candidates: [],
    });
    expect(stage.levels()).toEqual(['info']);
  });

  it('takes three candidates at most, and only names', async () => {
    const stage = new OutcomeStage();
    const candidates = ['a', 1, 'b', null, 'c', 'd'];

    const { outcome } = await findOutcome(
      ASKED,
      stage.deps(async () => {
        throw new KubewhyError('SUBJECT_AMBIGUOUS', { message: 'Many.', context: { candidates } });
      }),
    );

    expect(outcome).toMatchObject({ candidates: ['a', 'b', 'c'] });
  });

  it.each([
    ['something unknown', new TypeError('x is not a function at secret-host')],
    ['a defect that is known as one', new KubewhyError('BUG', { message: 'Impossible at secret-host.' })],
  ])('is a defect with a reference and without its words after %s', async (_, error) => {
    const stage = new OutcomeStage();

    const { outcome } = await findOutcome(
      ASKED,
      stage.deps(async () => {
        throw error;
      }),
    );

    expect(outcome).toEqual({
      kind: 'failed',
      code: 'BUG',
      message: 'Kubewhy failed while it looked at shop/web-0; nothing was changed.',
      hint: 'Please report it with the reference i-1.',
      candidates: [],
    });
    expect(stage.logger.lines).toMatchObject([{ level: 'error', fields: { reference: 'i-1', error } }]);
  });
});
