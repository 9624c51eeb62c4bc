import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { homeChannel } from '../../../../src/adapters/slack/messages/home-remediations.ts';
import { homeView } from '../../../../src/adapters/slack/messages/home-view.ts';
import type { HomeContent, RemediationRow } from '../../../../src/core/chat/content.ts';
import { REMEDIATION_STATES } from '../../../../src/core/remediation/state.ts';
import type { SlackObject } from '../../../../src/sim/slack/store/records.ts';
import { viewOverCaps } from '../../../../src/sim/slack/validation/caps.ts';
import { checkView } from '../../../../src/sim/slack/validation/view.ts';
import { hostileText } from './hostile.ts';
import { AT } from './remediation-contents.ts';
import { referencesOf } from './scan-mrkdwn.ts';

const WORKSPACE = 'https://acme.slack.com/';
const OURS =
  /^<(?:@U0(?:ALICE|BOB00)01|!date\^\d+\^(?:\{date_short_pretty\} )?\{time\}\|[\d: -]+ UTC|https:\/\/acme\.slack\.com\/archives\/C0SHOP001\/p\d+\|thread)>$/;

const help = {
  command: '/k8s',
  botName: 'kubewhy',
  version: '0.4.0',
  clusters: ['prod-eu-1'],
  defaultCluster: 'prod-eu-1',
  namespaces: ['shop'],
  changes: true,
} as const;

function idOf(index: number): string {
  return `m-${String(index).padStart(16, '0')}`;
}

function rowWith(index: number, changes: Partial<RemediationRow> = {}): RemediationRow {
  return {
    id: idOf(index),
    title: 'delete pod shop/web-0',
    cluster: 'prod-eu-1',
    state: 'awaiting_approval',
    since: '2026-11-20T10:30:00Z',
    expiresAt: '2026-11-20T11:00:00Z',
    votes: 0,
    required: 1,
    requester: 'U0ALICE01',
    yours: true,
    thread: { channel: 'C0SHOP001', ts: '1795171200.000100' },
    ...changes,
  };
}

function homeWith(remediations: Partial<NonNullable<HomeContent['remediations']>>): HomeContent {
  return {
    help,
    clusters: [{ cluster: 'prod-eu-1', state: 'reachable', lastSeen: '2026-11-20T10:40:00Z', detail: 'v1.34.4' }],
    remediations: { waiting: [], recent: [], permissions: [], stopped: [], ...remediations },
    at: AT,
  };
}

const full = homeWith({
  waiting: [
    rowWith(1),
    rowWith(2, {
      title: 'remove the stale lock of RBD image replicapool/csi-vol-3f2a',
      votes: 1,
      required: 2,
      yours: false,
      requester: 'U0BOB0001',
    }),
  ],
  recent: [
    rowWith(3, { state: 'succeeded', since: '2026-11-20T10:20:00Z' }),
    rowWith(4, { state: 'denied', since: '2026-11-19T09:00:00Z', title: 'finalize namespace old-team' }),
  ],
  permissions: ['T1, T2 in shop and team-* (all clusters)'],
  stopped: ['staging'],
});

function problemsOf(view: ReturnType<typeof homeView>): readonly unknown[] {
  const plain = JSON.parse(JSON.stringify(view)) as SlackObject & { readonly blocks: readonly SlackObject[] };
  const foreign = referencesOf({ text: '', blocks: [...view.blocks] as never })
    .filter(({ kind, text }) => !(kind === 'special' && OURS.test(text)))
    .map(({ kind, text }) => `${kind}: ${text}`);
  return [...checkView(view, 'home'), ...viewOverCaps(plain, plain.blocks), ...foreign];
}

describe('changes in the App Home', () => {
  it.each(['rich', 'plain'] as const)('look as they should in tier %s', async (tier) => {
    const view = homeView(full, tier, WORKSPACE);

    expect(problemsOf(view)).toEqual([]);
    await expect(`${JSON.stringify(view, undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, 'goldens', `home-changes-${tier}.json`),
    );
  });

  it('have a button only for whoever may approve them, and only where they are shown', () => {
    const { thread: _none, ...unposted } = rowWith(7);
    const view = homeView(homeWith({ waiting: [...(full.remediations?.waiting ?? []), unposted] }), 'rich', WORKSPACE);

    const accessories = view.blocks.flatMap((block) =>
      'accessory' in block ? [[block.block_id, block.accessory]] : [],
    );
    expect(accessories).toEqual([
      [
        `home:${idOf(1)}:C0SHOP001`,
        {
          type: 'button',
          action_id: 'proposal.approve',
          text: { type: 'plain_text', text: 'Review', emoji: false },
          accessibility_label: 'Review: delete pod shop/web-0',
          value: idOf(1),
        },
      ],
    ]);
    expect(homeChannel(`home:${idOf(1)}:C0SHOP001`)).toBe('C0SHOP001');
  });

  it.each(['home:clusters', 'home:m-1:C0SHOP001', `home:${idOf(1)}:-`, `xhome:${idOf(1)}:C0SHOP001`, ''])(
    'are not in the block %s',
    (block) => {
      expect(homeChannel(block)).toBeUndefined();
    },
  );

  it('say so when there is nothing', () => {
    const shown = JSON.stringify(homeView(homeWith({}), 'rich'));

    expect(shown).toContain('Nothing waits for a decision.');
    expect(shown).toContain('you may approve nothing');
  });

  it.each([
    [['*', 'prod'], 'switched off in every cluster'],
    [['prod', 'staging'], 'switched off in `prod` and `staging`'],
  ])('say where they are switched off: %j', (stopped, words) => {
    expect(JSON.stringify(homeView(homeWith({ stopped }), 'rich'))).toContain(words);
  });

  it('fit however many there are, whatever they are called', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 20, maxLength: 20 }), (texts) => {
        const rows = texts.map((text, index) =>
          rowWith(index, {
            title: text,
            cluster: text,
            requester: text,
            state: REMEDIATION_STATES[index % REMEDIATION_STATES.length] ?? 'denied',
          }),
        );
        const home = homeWith({ waiting: rows, recent: rows, permissions: texts, stopped: texts });

        expect(problemsOf(homeView(home, 'rich', WORKSPACE))).toEqual([]);
        expect(problemsOf(homeView(home, 'plain', WORKSPACE))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
