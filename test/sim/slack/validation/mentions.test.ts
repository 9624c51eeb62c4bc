import { describe, expect, it } from 'vitest';
import { unexpectedReferences } from '../../../../src/sim/slack/validation/mentions.ts';

const NONE = { mentions: [], links: [] };

function inBlock(object: Readonly<Record<string, unknown>>) {
  return { text: '', blocks: [{ type: 'section', text: object }] };
}

function mrkdwn(text: string, verbatim = false) {
  return inBlock({ type: 'mrkdwn', text, verbatim });
}

function rich(element: Readonly<Record<string, unknown>>) {
  return { text: '', blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] }] };
}

describe('unexpectedReferences', () => {
  it.each([
    ['user', mrkdwn('hi <@U1>'), 'mention of U1'],
    ['user with label', mrkdwn('hi <@U1|al>'), 'mention of U1'],
    ['channel', mrkdwn('in <#C1|ops>'), 'mention of C1'],
    ['group', mrkdwn('<!subteam^S1|@sre>'), 'mention of S1'],
    ['everybody', mrkdwn('<!channel> <!here|here>'), 'mention of channel'],
    ['link', mrkdwn('<https://evil.example|click>'), 'link of https://evil.example'],
    ['mail', mrkdwn('<mailto:a@b.example>'), 'link of mailto:a@b.example'],
    ['bare address', mrkdwn('see https://evil.example/x now'), 'link of https://evil.example/x'],
    ['address of a date', mrkdwn('<!date^1^{time}^https://evil.example|x>'), 'link of https://evil.example'],
    ['verbatim does not stop explicit ones', mrkdwn('<!channel>', true), 'mention of channel'],
    ['inside of code', mrkdwn('`<!channel>`'), 'mention of channel'],
    ['text', { text: '<!everyone>', blocks: [] }, 'mention of everyone'],
    ['bare address in text', { text: 'https://evil.example', blocks: [] }, 'link of https://evil.example'],
    ['rich text, user', rich({ type: 'user', user_id: 'U1' }), 'mention of U1'],
    ['rich text, group', rich({ type: 'usergroup', usergroup_id: 'S1' }), 'mention of S1'],
    ['rich text, broadcast', rich({ type: 'broadcast', range: 'channel' }), 'mention of channel'],
    ['rich text, link', rich({ type: 'link', url: 'https://evil.example' }), 'link of https://evil.example'],
    ['button', { text: '', blocks: [{ type: 'button', url: 'https://evil.example' }] }, 'link of https://evil.example'],
  ])('%s', (_kind, content, found) => {
    expect(unexpectedReferences(content, NONE).some((problem) => problem.includes(found))).toBe(true);
  });

  it.each([
    ['escaped', mrkdwn('&lt;!channel&gt; &lt;@U1&gt;')],
    ['date', mrkdwn('<!date^1760000000^{time}|10:41>')],
    ['bare address, verbatim', mrkdwn('see https://evil.example/x', true)],
    ['bare address in code', mrkdwn('`GET https://evil.example/x`')],
    ['plain_text', inBlock({ type: 'plain_text', text: '<!channel> https://evil.example' })],
    ['preformatted', rich({ type: 'text', text: '<!channel> <@U1>' })],
    ['bare address in text beside blocks', { text: 'https://evil.example', blocks: [{ type: 'divider' }] }],
    ['bare address in code in text', { text: '```https://evil.example```', blocks: [] }],
  ])('none: %s', (_kind, content) => {
    expect(unexpectedReferences(content, NONE)).toEqual([]);
  });

  it('leaves out what is allowed', () => {
    const allowed = { mentions: ['U1', 'S1', 'here'], links: ['https://docs.example/'] };
    const text = '<@U1> <!subteam^S1> <!here> <https://docs.example/a|docs> <@U2>';

    expect(unexpectedReferences(mrkdwn(text), allowed)).toEqual([
      '/blocks/0/text: mention of U2 is not in the allow-list',
    ]);
  });
});
