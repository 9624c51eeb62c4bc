import { describe, expect, it } from 'vitest';
import { askAgain } from '../../../../src/adapters/slack/messages/plain-tier.ts';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import { answerOf, diagnosisWith, findingWith, question } from './contents.ts';

describe('the plain tier', () => {
  it('keeps the small print when the middle is long', () => {
    const primary = findingWith({ advice: Array.from({ length: 6 }, () => 'do this '.repeat(150)) });
    const { text, blocks } = renderContent(answerOf(diagnosisWith({ verdict: 'cause', primary })), 'plain', {
      version: 1,
    });

    expect(blocks).toBeUndefined();
    expect(text.length).toBeLessThanOrEqual(3500);
    expect(text).toContain('asked by <@U0ALICE01>');
    expect(text).toContain('To check again: `/k8s why pod/web-0 -n shop -c prod-eu-1`');
    expect(text.split('Shortened: `kubewhy why -o json` has the rest')).toHaveLength(2);
  });

  it('names no button', () => {
    const others = ['a', 'b', 'c', 'd', 'e'].map((name) => findingWith({ container: name }));
    const content = answerOf(diagnosisWith({ verdict: 'cause', primary: findingWith({}), others }));

    expect(
      renderContent(content, 'classic', { version: 1 })
        .blocks?.map((block) => JSON.stringify(block))
        .join(''),
    ).toContain('and 2 more in *All evidence*');
    expect(renderContent(content, 'plain', { version: 1 }).text).toContain('and 2 more in `kubewhy why -o json`');
  });

  it('asks again with the command of the workspace', () => {
    expect(askAgain({ ...question, subject: { namespace: 'shop', name: 'web' } }, { command: '/kube' })).toBe(
      '/kube why web -n shop -c prod-eu-1',
    );
    expect(askAgain({ ...question, subject: { kind: 'Node', namespace: '', name: 'worker-1' } }, {})).toBe(
      '/k8s why node/worker-1 -c prod-eu-1',
    );
  });
});
