import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpMessage } from '../../../../src/adapters/slack/messages/help-message.ts';
import { homeView } from '../../../../src/adapters/slack/messages/home-view.ts';
import type { HelpContent } from '../../../../src/core/chat/content.ts';
import { refuseContent } from '../../../../src/sim/slack/validation/content.ts';
import { checkView } from '../../../../src/sim/slack/validation/view.ts';
import { brokenLimits } from './limits.ts';

const help: HelpContent = {
  command: '/k8s',
  botName: 'kubewhy',
  version: '0.3.0',
  clusters: ['prod-eu-1', 'staging'],
  defaultCluster: 'prod-eu-1',
  defaultNamespace: 'shop',
  namespaces: ['shop', 'pay-*'],
};
const withProblem: HelpContent = {
  ...help,
  problem: {
    message: 'There is no kind `deplyo`.',
    suggestions: [
      { id: 's1', label: 'deploy/web -n shop' },
      { id: 's2', label: 'deploy/a-name-that-is-longer-than-a-button -n shop' },
    ],
  },
};
const clusters = [
  { cluster: 'prod-eu-1', state: 'reachable', lastSeen: '2026-11-20T10:40:00Z', detail: 'v1.33.1' },
  { cluster: 'staging', state: 'unreachable', lastSeen: '2026-11-20T10:40:00Z', detail: 'connection refused' },
  { cluster: 'old', state: 'silent', lastSeen: '2026-11-18T10:40:00Z' },
  { cluster: 'new', state: 'never-seen' },
] as const;

async function expectGolden(name: string, value: unknown): Promise<void> {
  await expect(`${JSON.stringify(value, undefined, 2)}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, 'goldens', `${name}.json`),
  );
}

describe('the help', () => {
  it.each([
    ['help', help],
    ['help-with-problem', withProblem],
    ['help-for-nothing', { ...help, clusters: [], namespaces: [] }],
    ['help-for-everything', { ...help, namespaces: ['*'] }],
    ['help-with-changes', { ...help, changes: true as const }],
  ])('%s is valid, has at most six blocks and looks as it should', async (name, content) => {
    const message = helpMessage(content);
    const { text, blocks = [] } = message;

    expect(refuseContent({ text, blocks, attachments: undefined, metadata: undefined }, false)).toBeUndefined();
    expect(brokenLimits(message)).toEqual([]);
    expect(blocks.length).toBeLessThanOrEqual(6);
    await expectGolden(name, message);
  });
});

describe('the App Home', () => {
  it.each(['rich', 'plain'] as const)('in tier %s is valid and looks as it should', async (tier) => {
    const view = homeView({ help, clusters, at: '2026-11-20T10:41:00Z' }, tier);

    expect(checkView(view, 'home')).toEqual([]);
    await expectGolden(`home-${tier}`, view);
  });

  it('says so when there are no clusters, and counts those that are too many', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ cluster: `c${index}`, state: 'never-seen' }) as const);
    const texts = [[], many].map((list) =>
      JSON.stringify(homeView({ help, clusters: list, at: '2026-11-20T10:41:00Z' }, 'rich')),
    );

    expect(texts[0]).toContain('There is none that you may ask about.');
    expect(texts[1]).toContain('… and 5 more clusters');
  });
});
