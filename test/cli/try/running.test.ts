import { describe, expect, it } from 'vitest';
import { Running } from '../../../src/cli/try/running.ts';

describe('what was started', () => {
  it('ends in the opposite order, however parts fail, and once', async () => {
    const ended: string[] = [];
    const running = new Running();
    running.add(async () => void ended.push('first'));
    running.add(async () => {
      ended.push('second');
      throw new Error('it does not want to');
    });
    running.add(async () => void ended.push('third'));

    await running.stop();
    await running.stop();

    expect(ended).toEqual(['third', 'second', 'first']);
  });

  it('ends at once what is started too late', async () => {
    const ended: string[] = [];
    const running = new Running();

    await running.stop();
    running.add(async () => void ended.push('late'));

    expect(ended).toEqual(['late']);
  });
});
