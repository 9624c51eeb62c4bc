import { assert, property, string } from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Blocks } from '../../../../src/sim/slack/page/blocks/blocks.tsx';
import { RenderContext } from '../../../../src/sim/slack/page/blocks/render-context.ts';
import { RENDER_HOOKS } from '../../../../src/sim/slack/page/blocks/render-hooks.tsx';
import type { PageBlock } from '../../../../src/sim/slack/page-api.ts';

const settings = { theme: 'light', hooks: RENDER_HOOKS, data: { users: [{ id: 'U1', name: 'alice' }] } } as const;

function render(...blocks: readonly PageBlock[]): string {
  const data = { users: [...settings.data.users] };
  return renderToStaticMarkup(
    createElement(RenderContext, { value: { ...settings, data } }, createElement(Blocks, { blocks })),
  );
}

/** What a reader sees. */
function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');
}

/** The names of all elements that are not the page's own. */
function foreignElements(html: string): readonly string[] {
  return [...html.matchAll(/<([a-z0-9]+)/gi)]
    .map(([, name = '']) => name)
    .filter((name) => ['script', 'img', 'iframe', 'a', 'b', 'object', 'style'].includes(name));
}

describe('blocks', () => {
  it('show text of others as text, wherever it stands', () => {
    const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)> <!channel> <@U1> *b*';
    const escaped = hostile.replaceAll('<', '&lt;').replaceAll('>', '&gt;');

    const html = render(
      { type: 'section', text: { type: 'plain_text', text: hostile } },
      { type: 'section', text: { type: 'mrkdwn', text: escaped, verbatim: true } },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: hostile }] }],
      },
      { type: 'table', rows: [[{ type: 'raw_text', text: 'Check' }], [{ type: 'raw_text', text: hostile }]] },
      { type: 'context', elements: [{ type: 'plain_text', text: hostile }] },
      { type: 'actions', elements: [{ type: 'button', action_id: 'x', text: { type: 'plain_text', text: hostile } }] },
    );

    expect({ foreign: foreignElements(html), times: textOf(html).split('<!channel> <@U1>').length - 1 }).toEqual({
      foreign: [],
      times: 6,
    });
  });

  it('never make an element out of a text', () => {
    assert(
      property(string({ maxLength: 120 }), (text) => {
        const html = render(
          { type: 'section', text: { type: 'plain_text', text } },
          { type: 'table', rows: [[{ type: 'raw_text', text }]] },
        );

        expect(foreignElements(html)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('show a date, an emoji and a name', () => {
    const html = render({
      type: 'section',
      text: { type: 'mrkdwn', text: ':warning: <@U1> <!date^0^never|long ago>' },
    });

    expect({ text: textOf(html), warning: html.includes('aria-label="warning"') }).toEqual({
      text: ' @alice never',
      warning: true,
    });
  });

  it('show the data of a block that they do not know', () => {
    const html = render({ type: 'section', text: { type: 'mrkdwn', text: 'before' } }, { type: 'from_the_future' });

    expect(textOf(html)).toContain('before');
  });
});
