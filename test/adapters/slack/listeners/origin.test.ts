import { describe, expect, it } from 'vitest';
import {
  clickOrigin,
  commandOrigin,
  mentionOrigin,
  shortcutOrigin,
} from '../../../../src/adapters/slack/listeners/origin.ts';

const CLICK = {
  trigger_id: '1.2',
  user: { id: 'U1' },
  channel: { id: 'C1' },
  response_url: 'https://hooks.slack.com/1',
  container: { type: 'message', message_ts: '10.1', channel_id: 'C1', is_ephemeral: false },
};
const ACT = {
  delivery: '1.2',
  team: 'T1',
  user: 'U1',
  channel: 'C1',
  responseUrl: 'https://hooks.slack.com/1',
};

describe('clickOrigin', () => {
  it('is in the thread below the message, while words for one person go to the channel', () => {
    expect(clickOrigin(CLICK, 'T1')).toEqual({ act: { ...ACT, thread: '10.1' }, byResponse: false });
  });

  it('is in the thread of a reply', () => {
    const body = { ...CLICK, container: { ...CLICK.container, thread_ts: '9.1' } };

    expect(clickOrigin(body, 'T1')).toEqual({ act: { ...ACT, thread: '9.1' }, byResponse: false, replyThread: '9.1' });
  });

  it('has no thread on a message for one person, and answers through its response_url', () => {
    const body = { ...CLICK, container: { ...CLICK.container, is_ephemeral: true } };

    expect(clickOrigin(body, 'T1')).toEqual({ act: ACT, byResponse: true });
  });

  it('is unknown without a channel, as on the Home tab', () => {
    expect(clickOrigin({ trigger_id: '1.2', user: { id: 'U1' }, container: { type: 'view' } }, 'T1')).toBeUndefined();
  });
});

describe('the other origins', () => {
  it.each([
    ['a command', commandOrigin({ trigger_id: '1', user_id: 'U1' }, 'T1')],
    ['a mention', mentionOrigin({ event_id: 'E1', event: { channel: 'C1' } }, 'T1')],
    ['a shortcut', shortcutOrigin({ trigger_id: '1', channel: { id: 'C1' } }, 'T1')],
  ])('are unknown when %s lacks something', (_name, origin) => {
    expect(origin).toBeUndefined();
  });

  it('is the thread of the message for a shortcut', () => {
    const body = {
      trigger_id: '1.2',
      user: { id: 'U1' },
      channel: { id: 'C1' },
      message: { ts: '5.1', thread_ts: '4.1' },
    };

    expect(shortcutOrigin(body, 'T1')?.act.thread).toBe('4.1');
  });
});
