import { describe, expect, it } from 'vitest';
import { withoutMention } from '../../../../src/adapters/slack/listeners/mention.ts';

describe('withoutMention', () => {
  it.each([
    ['<@U0BOT> why web-0', 'why web-0'],
    ['<@U0BOT|kubewhy>  why web-0 -n shop ', 'why web-0 -n shop'],
    ['hey <@U0BOT> why web-0', 'hey  why web-0'],
    ['<@U0BOT> <@U0BOT>', ''],
    ['<@U0BOT> why <@U0BOTS>', 'why <@U0BOTS>'],
    ['<@U0BOT>why web-0', 'why web-0'],
    ['why <!channel>', 'why <!channel>'],
  ])('makes of %j %j', (text, expected) => {
    expect(withoutMention(text, 'U0BOT')).toBe(expected);
  });
});
