import { describe, expect, it } from 'vitest';
import { referencesOf, scanMrkdwn } from './scan-mrkdwn.ts';

describe('the scanner of the tests', () => {
  it.each([
    ['<!channel>', [{ kind: 'special', text: '<!channel>' }]],
    ['a <https://evil.example|x>', [{ kind: 'special', text: '<https://evil.example|x>' }]],
    ['a < b', [{ kind: 'stray', text: '< b' }]],
    ['a > b', [{ kind: 'stray', text: '> b' }]],
    ['a & b', [{ kind: 'stray', text: '& b' }]],
    ['a ` b', [{ kind: 'code', text: 'a ` b' }]],
    ['@here', [{ kind: 'name', text: '@here' }]],
    ['https://x', [{ kind: 'address', text: 'https://x' }]],
    ['&lt;!channel&gt; &amp; `x`', []],
  ])('sees in %j what Slack would', (text, expected) => {
    const found = scanMrkdwn(text, true).filter(({ text: hit }) => !/^(?:ttps|tps|ps|s):/.test(hit));

    expect(found).toEqual(expected);
  });

  it('sees what stands in blocks', () => {
    const link = { type: 'link', url: 'https://evil.example' } as const;
    const message = {
      text: 'ok',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '@here' } },
        { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [link] }] },
      ],
    } as const;

    expect(referencesOf(JSON.parse(JSON.stringify(message)))).toEqual([
      { kind: 'name', text: '@here' },
      { kind: 'special', text: JSON.stringify(link) },
    ]);
  });
});
