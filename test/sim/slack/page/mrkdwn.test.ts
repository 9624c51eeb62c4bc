import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMrkdwn, parsePlain } from '../../../../src/sim/slack/page/text/mrkdwn.ts';

const bold = { bold: true };
const code = { code: true };

function inline(text: string) {
  const [first] = parseMrkdwn(text);
  return first?.elements;
}

describe('mrkdwn', () => {
  it('knows bold, italic, struck text and code, also code in bold', () => {
    const elements = inline('*a `b` c* _d_ ~e~ `f`');

    expect(elements).toEqual([
      { type: 'text', text: 'a ', style: bold },
      { type: 'text', text: 'b', style: { bold: true, code: true } },
      { type: 'text', text: ' c', style: bold },
      { type: 'text', text: ' ' },
      { type: 'text', text: 'd', style: { italic: true } },
      { type: 'text', text: ' ' },
      { type: 'text', text: 'e', style: { strike: true } },
      { type: 'text', text: ' ' },
      { type: 'text', text: 'f', style: code },
    ]);
  });

  it.each(['a_b_c', '2 * 3 * 4', '*not closed', '* a *', 'x*y*z', '12:30:45', '``', '<', 'a < b > c', '*a\nb*'])(
    'leaves %j as it is',
    (text) => {
      expect(inline(text)).toEqual([{ type: 'text', text }]);
    },
  );

  it('takes entities back', () => {
    expect(inline('&lt;b&gt; &amp;lt; &nbsp;')).toEqual([{ type: 'text', text: '<b> &lt; &nbsp;' }]);
  });

  it('knows mentions, links and emoji', () => {
    const elements = inline('<@U1> <#C1|ops> <!here> <!subteam^S1> <https://a.example/x?y&amp;z|site> :tada:');

    expect(elements?.filter(({ type }) => type !== 'text')).toEqual([
      { type: 'user', user_id: 'U1' },
      { type: 'channel', channel_id: 'C1' },
      { type: 'broadcast', range: 'here' },
      { type: 'usergroup', usergroup_id: 'S1' },
      { type: 'link', url: 'https://a.example/x?y&z', text: 'site', style: {} },
      { type: 'emoji', name: 'tada' },
    ]);
  });

  it('makes addresses links unless the text is verbatim', () => {
    const text = 'see https://a.example/b.';

    expect([parseMrkdwn(text), parseMrkdwn(text, { verbatim: true })]).toEqual([
      [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'see ' },
            { type: 'link', url: 'https://a.example/b', text: 'https://a.example/b', style: {} },
            { type: 'text', text: '.' },
          ],
        },
      ],
      [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
    ]);
  });

  it('follows no address that could run something', () => {
    expect(inline('<javascript:alert(1)|x> <data:text/html,x>')).toEqual([
      { type: 'text', text: '<javascript:alert(1)|x> <data:text/html,x>' },
    ]);
  });

  it('sets code blocks and quotes apart', () => {
    expect(parseMrkdwn('a\n```\n*b* &lt;c&gt;\n```\n&gt; d\n> e\nf')).toEqual([
      { type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '*b* <c>' }] },
      { type: 'rich_text_quote', border: 1, elements: [{ type: 'text', text: 'd\ne' }] },
      { type: 'rich_text_section', elements: [{ type: 'text', text: 'f' }] },
    ]);
  });

  it('keeps every character of a text without markup', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 200 }), (text) => {
        const harmless = text.replaceAll(/[<&`*_~:>h]/g, '.');

        const elements: unknown = harmless === '' ? [] : [{ type: 'text', text: harmless }];
        expect(parseMrkdwn(harmless)).toEqual([{ type: 'rich_text_section', elements }]);
      }),
      { numRuns: 2000 },
    );
  });

  it('mentions nobody who is not named between < and >', () => {
    assert(
      property(string({ maxLength: 100 }), (text) => {
        const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        const types = parseMrkdwn(escaped, { verbatim: true }).flatMap(({ elements }) =>
          elements.map(({ type }) => type as string),
        );

        expect(types.filter((type) => !['text', 'emoji'].includes(type))).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('plain text', () => {
  it('has no markup but emoji', () => {
    expect(parsePlain('*a* <@U1> &lt; :x:')).toEqual([
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: '*a* <@U1> &lt; ' },
          { type: 'emoji', name: 'x' },
        ],
      },
    ]);
  });
});
