import { expect, it } from 'vitest';
import { createSlackLogger } from '../../../src/adapters/slack/slack-logger.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

it('drops what holds whole bodies, leaves the rest whole for the redaction, and takes nothing of the SDK for a bug', () => {
  const logger = new RecordingLogger();
  const slack = createSlackLogger(logger);

  slack.debug('http request body: {"token":"xoxb-1"}');
  slack.info('connected');
  slack.warn('late', new Error('no pong'));
  slack.error('x'.repeat(2000));

  expect(logger.lines).toEqual([
    { level: 'info', message: 'Slack SDK', fields: { detail: 'connected' } },
    { level: 'warn', message: 'Slack SDK', fields: { detail: 'late no pong' } },
    { level: 'warn', message: 'Slack SDK', fields: { detail: 'x'.repeat(2000) } },
  ]);
});
