import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  code,
  cutMrkdwn,
  cutPlain,
  escapeMrkdwn,
  mention,
  plainWords,
  prose,
  sentence,
  slackTime,
  withoutAutolinks,
} from '../../../../src/adapters/slack/messages/mrkdwn.ts';
import { hostileText } from './hostile.ts';
import { scanMrkdwn } from './scan-mrkdwn.ts';

describe('hostile text', () => {
  it('means nothing in 100,000 sentences and names', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const found = [...scanMrkdwn(prose(text), false), ...scanMrkdwn(code(text), false)];

        expect(found).toEqual([]);
      }),
      { numRuns: 100_000 },
    );
  }, 60_000);

  it('means nothing after a cut at any place, which leaves no half characters and keeps to the limit', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 10, max: 120 }), (text, limit) => {
        const cut = cutMrkdwn(`*${prose(text)}* <!date^1^{time}|00:00 UTC>`, limit);

        expect(cut.length).toBeLessThanOrEqual(limit);
        expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
        expect(scanMrkdwn(cut, false).filter(({ kind }) => kind !== 'special')).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('prose', () => {
  it.each([
    ['image `nginx:1` is gone', 'image `nginx:1` is gone'],
    ['a `b', "a 'b"],
    ['a `b` c `d', "a `b` c 'd"],
    ['a `` b', 'a  b'],
    ['`a``b`', '`a` `b`'],
    ['<!channel> & <@U1>', '&lt;!channel&gt; &amp; &lt;@U1&gt;'],
    ['&lt;!channel&gt;', '&amp;lt;!channel&amp;gt;'],
    ['host *.example.com, and MY_VAR_2', 'host `*.example.com`, and MY_VAR_2'],
    ['since 12:34:56.', 'since `12:34:56`.'],
    ['`a`*b*', '`a`\u2217b\u2217'],
    ['two\nlines  here', 'two lines here'],
    ['a\u202eb', 'a\\u{202e}b'],
  ])('%j reads %j', (text, expected) => {
    expect(prose(text)).toBe(expected);
  });
});

describe('code', () => {
  it.each([
    ['shop/web-0', '`shop/web-0`'],
    ['a`b', "`a'b`"],
    ['<x>', '`&lt;x&gt;`'],
    [' \n ', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(code(text)).toBe(expected);
  });
});

describe('cutMrkdwn', () => {
  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['ab&amp;cd', 6, 'ab…'],
    ['ab&amp;cd', 8, 'ab&amp;…'],
    ['a `code span` b', 8, 'a `cod…`'],
    ['a `code` b', 4, 'a …'],
    ['*bold `code` x*', 9, '*bold …*'],
    ['*bold `code` x*', 10, '*bold …*'],
    ['at <!date^1^{time}|x UTC> ok', 20, 'at …'],
    ['\ud83d\ude00\ud83d\ude00\ud83d\ude00', 4, '\ud83d\ude00…'],
  ])('%j within %d is %j', (text, limit, expected) => {
    expect(cutMrkdwn(text, limit)).toBe(expected);
  });
});

describe('small things', () => {
  it('cuts plain text between characters', () => {
    expect(cutPlain('ab\ud83d\ude00cd', 4)).toBe('ab…');
  });

  it('removes backticks and line breaks where no code spans exist', () => {
    expect(plainWords('a `b`\n c` `')).toBe('a b c');
  });

  it('ends sentences', () => {
    expect(['a', 'a.', 'a?', ' ', 'a…'].map(sentence)).toEqual(['a.', 'a.', 'a?', '', 'a…']);
  });

  it('shows times in the zone of the reader', () => {
    const today = slackTime('2026-11-20T10:41:00Z', '2026-11-20T23:00:00Z');
    const before = slackTime('2026-11-19T10:41:00Z', '2026-11-20T23:00:00Z');

    expect([today, before, slackTime('never', '2026-11-20T23:00:00Z')]).toEqual([
      '<!date^1795171260^{time}|10:41 UTC>',
      '<!date^1795084860^{date_short_pretty} {time}|2026-11-19 10:41 UTC>',
      '',
    ]);
  });

  it('mentions only what is an id', () => {
    expect(['U0ALICE01', 'W012', '!channel', 'U0> <!here', ''].map(mention)).toEqual([
      '<@U0ALICE01>',
      '<@W012>',
      'somebody',
      'somebody',
      'somebody',
    ]);
  });

  it('breaks what Slack links by itself, and not our mention', () => {
    expect(withoutAutolinks('<@U0ALICE01> @here https://x www.x')).toBe(
      '<@U0ALICE01> @\u2060here https:\u2060//x www\u2060.x',
    );
  });

  it('escapes without changing what is read', () => {
    expect(escapeMrkdwn('a & b < c')).toBe('a &amp; b &lt; c');
  });
});
