import { describe, expect, it } from 'vitest';
import { messageText } from '../../../../src/adapters/slack/listeners/message-text.ts';

describe('messageText', () => {
  it('reads what Alertmanager sends', () => {
    const message = {
      text: '',
      attachments: [
        {
          title: '[FIRING:1] KubePodCrashLooping',
          text: 'Pod shop/web-0 is restarting',
          fallback: '[FIRING:1] KubePodCrashLooping',
          fields: [{ title: 'namespace', value: 'shop' }, { value: 'alone' }, 7],
        },
      ],
    };

    expect(messageText(message)).toBe(
      '[FIRING:1] KubePodCrashLooping\nPod shop/web-0 is restarting\nnamespace: shop\nalone',
    );
  });

  it('reads blocks, with the words of a rich text in one line', () => {
    const message = {
      text: 'fallback',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '*web-0*' }, fields: [{ type: 'mrkdwn', text: 'in shop' }] },
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'pod' },
                { type: 'text', text: 'db-0' },
              ],
            },
          ],
        },
      ],
    };

    expect(messageText(message)).toBe('fallback\n*web-0*\nin shop\npod db-0');
  });

  it.each([[undefined], [null], ['x'], [{}], [{ text: 7, blocks: 'x', attachments: {} }], [{ blocks: [null, [[]]] }]])(
    'reads nothing in %j',
    (message) => {
      expect(messageText(message)).toBe('');
    },
  );

  it('reads at most 20,000 characters, and does not follow endless nesting', () => {
    let nested: unknown = { text: 'deep' };
    for (let depth = 0; depth < 1000; depth += 1) {
      nested = { elements: [nested] };
    }

    expect(messageText({ text: 'x'.repeat(50_000) })).toHaveLength(20_000);
    expect(messageText({ blocks: [nested] })).toBe('');
  });
});
