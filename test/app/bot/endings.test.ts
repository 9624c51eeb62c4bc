import { describe, expect, it } from 'vitest';
import { createEndings, HARD_STOP_MS, STAGES } from '../../../src/app/bot/endings.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const SHORT = { settings: 20, intake: 20, diagnosers: 20, sending: 20, rest: 20 };

describe('the end of a bot', () => {
  it('is over before it is ended by force', () => {
    const sum = Object.values(STAGES).reduce((all, ms) => all + ms, 0);

    expect(sum).toBeLessThan(HARD_STOP_MS);
  });

  it('stops the intake, then the diagnosers, then the sender, whatever was started first', async () => {
    const ended: string[] = [];
    const endings = createEndings(new RecordingLogger());
    for (const stage of ['rest', 'sending', 'diagnosers', 'intake', 'settings'] as const) {
      endings.add(stage, async () => void ended.push(stage));
    }
    endings.add('rest', async () => void ended.push('server'));

    await endings.run();
    await endings.run();

    expect(ended).toEqual(['settings', 'intake', 'diagnosers', 'sending', 'server', 'rest']);
  });

  it('goes on when a part fails or hangs', async () => {
    const ended: string[] = [];
    const logger = new RecordingLogger();
    const endings = createEndings(logger, SHORT);
    endings.add('intake', () => Promise.reject(new Error('no')));
    endings.add('diagnosers', () => new Promise(() => undefined));
    endings.add('sending', async () => void ended.push('sending'));

    await endings.run();

    expect(ended).toEqual(['sending']);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'a part could not be closed in order',
      'a part did not end in time',
    ]);
  });
});
