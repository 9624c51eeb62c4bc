import { describe, expect, it } from 'vitest';
import { threadLink } from '../../../../src/adapters/slack/messages/thread-link.ts';

const PLACE = { channel: 'C0SHOP001', ts: '1763071500.000100' };
const WORKSPACE = 'https://team.slack.com/';

describe('threadLink', () => {
  it('leads to the message', () => {
    expect(threadLink(PLACE, 'thread', WORKSPACE)).toBe(
      '<https://team.slack.com/archives/C0SHOP001/p1763071500000100|thread>',
    );
  });

  it.each([
    ['without a place', undefined, WORKSPACE],
    ['without a workspace', PLACE, undefined],
    ['to a channel that is none', { ...PLACE, channel: 'C1|<!here>' }, WORKSPACE],
    ['to a message that is none', { ...PLACE, ts: '1>2' }, WORKSPACE],
    ['to a workspace that is none', PLACE, 'https://team.slack.com/?x='],
  ])('is no link %s', (_, place, workspace) => {
    expect(threadLink(place, 'thread', workspace)).toBe('thread');
  });
});
