import { expect, it } from 'vitest';
import { createRareWarning } from '../../../../src/adapters/slack/receivers/rare-warning.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

it('logs once a minute, with how often it happened', () => {
  const logger = new RecordingLogger();
  let now = 0;
  const warn = createRareWarning(logger, () => now);

  warn('refused', { reason: 'unsigned' });
  for (now = 1; now < 60_000; now += 1000) {
    warn('refused', { reason: 'forged' });
  }
  now = 60_000;
  warn('refused', { reason: 'stale' });

  expect(logger.lines).toEqual([
    { level: 'warn', message: 'refused', fields: { reason: 'unsigned', count: 1 } },
    { level: 'warn', message: 'refused', fields: { reason: 'stale', count: 61 } },
  ]);
});
