import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/actions/action.ts';
import type { RunbookOutput, RunbookStep } from '../../../src/ports/runbook-runner.ts';
import { ExecutorWorld } from './executor-world.ts';
import { testActions } from './test-actions.ts';

const REMOVE: RunbookStep = { tool: 'rbd', args: ['lock', 'rm', 'rbd/image', 'auto 1844', 'client.1'] };

/** The toolbox: what each command answers, by its second word; every call is kept. */
class Toolbox {
  readonly place = 'toolbox';
  readonly ran: RunbookStep[] = [];
  locked = true;
  answer: RunbookOutput = { kind: 'ended', exitCode: 0, stdout: '', stderr: '' };
  /** Whether the command takes effect. */
  works = true;

  async run(step: RunbookStep): Promise<RunbookOutput> {
    this.ran.push(step);
    if (step.args[1] === 'ls') {
      const stdout = this.locked ? 'auto 1844 client.1 key=AQBzZ9xkAAAAABAAkKT0LSlKq0p2fyjqOmqzBw==' : '';
      return { kind: 'ended', exitCode: 0, stdout, stderr: '' };
    }
    this.locked = this.locked && !this.works;
    return this.answer;
  }
}

/** Removes a lock instead of a pod; everything else is as in the action that deletes the pod. */
function unlock(): Action {
  const base = testActions.get('R-POD-DELETE');
  if (base === undefined) {
    throw new TypeError('the action is missing');
  }
  const list = { tool: 'rbd', args: ['lock', 'ls', 'rbd/image'] } as const;
  const isLocked = async (context: Parameters<Action['verify']>[1]): Promise<boolean> => {
    const output = await context.runbook?.(list);
    return output?.kind === 'ended' && output.stdout !== '';
  };
  return {
    ...base,
    heals: false,
    inspect: async (input, context) => {
      const found = await base.inspect(input, context);
      const locked = await isLocked(context);
      if (!locked) {
        return { kind: 'refused', why: 'changed', reason: 'There is no lock.' };
      }
      return found.kind === 'possible' ? { ...found, effect: { kind: 'runbook', step: REMOVE } } : found;
    },
    seen: async (_acted, context) => ((await isLocked(context)) ? 'not-made' : 'made'),
    verify: async (_acted, context) =>
      (await isLocked(context)) ? { kind: 'waiting', says: 'locked' } : { kind: 'helped', says: 'the lock is gone' },
  };
}

async function run(toolbox: Toolbox): Promise<ExecutorWorld> {
  const world = new ExecutorWorld();
  await world.approved();
  await world.run('m-1', world.deps({ actionOf: unlock, runbook: toolbox }));
  return world;
}

describe('a change by commands', () => {
  it('records each command with what it said, without secrets', async () => {
    const toolbox = new Toolbox();

    const world = await run(toolbox);

    const { state, steps } = await world.record();
    expect(state).toBe('succeeded');
    expect(steps.map(({ what, ok }) => [what, ok])).toEqual([
      ['rbd lock ls rbd/image', true],
      ['dry run', true],
      ["rbd lock rm rbd/image 'auto 1844' client.1", true],
      ['rbd lock ls rbd/image', true],
    ]);
    expect(steps[0]?.output).toContain('client.1');
    expect(steps[0]?.output).not.toContain('AQBzZ9xk');
    expect(toolbox.ran.filter(({ args }) => args[1] === 'rm')).toEqual([REMOVE]);
  });

  it.each<[string, RunbookOutput, boolean, string, number]>([
    ['fails and changes nothing', { kind: 'ended', exitCode: 2, stdout: '', stderr: 'ENOENT' }, false, 'failed', 1],
    [
      'fails after somebody else did it',
      { kind: 'ended', exitCode: 2, stdout: '', stderr: 'ENOENT' },
      true,
      'superseded',
      1,
    ],
    ['answers nothing, yet worked', { kind: 'unknown', message: 'timeout' }, true, 'succeeded', 1],
    ['answers nothing and does nothing', { kind: 'unknown', message: 'timeout' }, false, 'failed', 3],
  ])('that %s', async (...row) => {
    const [, answer, works, state, times] = row;
    const toolbox = new Toolbox();
    toolbox.answer = answer;
    toolbox.works = works;

    const world = await run(toolbox);

    expect((await world.record()).state).toBe(state);
    expect(toolbox.ran.filter(({ args }) => args[1] === 'rm')).toHaveLength(times);
  });

  it('whose outcome is watched for long records what its commands say once', async () => {
    const toolbox = new Toolbox();
    toolbox.works = false;

    const world = await run(toolbox);

    const { state, steps } = await world.record();
    expect(state).toBe('verify_failed');
    expect(steps.map(({ what }) => what)).toHaveLength(4);
    expect(toolbox.ran.length).toBeGreaterThan(50);
  });

  it('is not made where no place for commands is configured', async () => {
    const world = new ExecutorWorld();
    await world.approved();

    await world.run('m-1', world.deps({ actionOf: unlock }));

    expect((await world.record()).state).toBe('superseded');
  });
});
