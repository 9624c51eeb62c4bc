import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../../src/ports/metrics.ts';
import { sweepRemediations } from '../../../src/usecases/remediation/sweep.ts';
import { ExecutorWorld, QUESTION } from './executor-world.ts';

/** Keeps seconds as well. */
class TimedMetrics implements Metrics {
  readonly states: string[] = [];
  readonly seconds: (readonly [name: string, seconds: number])[] = [];

  count(name: string, labels: object): void {
    this.states.push(`${name} ${Object.values(labels).join()}`);
  }

  observe(name: string, seconds: number): void {
    this.seconds.push([name, seconds]);
  }
}

describe('figures of changes', () => {
  it('count each state once, whoever sweeps how often, and how long people and executors took', async () => {
    const world = new ExecutorWorld();
    await world.shown();
    world.clock.advance(7000);
    await world.questions.begin(QUESTION);
    await world.vote('UBOB');
    const metrics = new TimedMetrics();
    await sweepRemediations({ ...world.sweepDeps(), metrics });
    await world.run();

    await sweepRemediations({ ...world.sweepDeps(), metrics });
    await sweepRemediations({ ...world.sweepDeps(), metrics });

    const took = metrics.seconds.map(([name]) => name);
    expect(metrics.states).toEqual(
      ['proposed', 'awaiting_approval', 'approved', 'executing', 'verifying', 'succeeded'].map(
        (state) => `remediations_total ${state}`,
      ),
    );
    expect(took).toEqual(['remediation_approval_seconds', 'remediation_execution_seconds']);
    expect(metrics.seconds[0]).toEqual(['remediation_approval_seconds', 7]);
  });

  it('of a change that nobody approved hold no time', async () => {
    const world = new ExecutorWorld();
    await world.shown();
    world.clock.advance(3_600_000);
    const metrics = new TimedMetrics();

    await sweepRemediations({ ...world.sweepDeps(), metrics });

    expect(metrics.states.at(-1)).toBe('remediations_total expired');
    expect(metrics.seconds).toEqual([]);
  });
});
