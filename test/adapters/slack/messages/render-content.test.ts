import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import type {
  MessageContent,
  RenderedMessage,
  Tier,
} from '../../../../src/adapters/slack/messages/rendered-message.ts';
import { refuseContent } from '../../../../src/sim/slack/validation/content.ts';
import { unexpectedReferences } from '../../../../src/sim/slack/validation/mentions.ts';
import { answerOf, madeUp, recordedDiagnoses } from './contents.ts';
import { brokenLimits } from './limits.ts';

const RECORDED = [
  'admission-webhook-denied/hit-gatekeeper',
  'command-not-executable/near-log-unread',
  'crash-application-error/hit-cronjob-last-job-failed',
  'crash-application-error/near-recovered',
  'image-never-pull/hit-image-never-pulled',
  'image-not-found/hit-library-typo-secret-missing',
  'image-not-found/hit-statefulset-update-broken',
  'image-not-found/hit-two-containers-two-causes',
  'image-pull-unauthorized/hit-secrets-forbidden',
  'ingress-backend-missing/near-services-unreadable',
  'job-backoff-limit-exceeded/near-job-second-try-works',
  'multi-attach-error/hit-old-node-is-down',
  'node-notready-kubelet-unreachable/hit-silent',
  'oom-killed-container/hit-oom-limit',
  'pending-insufficient-resources/hit-larger-node-is-tainted',
  'probe-dependency-cascade/hit-cascade-liveness',
];

const diagnoses = await recordedDiagnoses(RECORDED);
const recorded = [...diagnoses].map(([name, diagnosis]) => [name.replace('/', '.'), answerOf(diagnosis)] as const);
const contents: readonly (readonly [string, MessageContent])[] = [...recorded, ...Object.entries(madeUp)];
const TIERS: readonly Tier[] = ['rich', 'classic', 'plain'];

/** What Slack would refuse, what our caps forbid, and what nobody meant to mention. */
function problemsOf(message: RenderedMessage): readonly string[] {
  const { text, blocks = [] } = message;
  const raw = { text, blocks: message.blocks, attachments: undefined, metadata: undefined };
  return [
    ...(refuseContent(raw, true)?.details ?? []),
    ...brokenLimits(message),
    ...unexpectedReferences({ text, blocks }, { mentions: ['U0ALICE01'], links: [] }),
  ];
}

describe.each([...contents])('%s', (name, content) => {
  it.each(TIERS)('is valid in tier %s and always the same', (tier) => {
    const message = renderContent(content, tier, { version: 3 });

    expect(problemsOf(message)).toEqual([]);
    expect(renderContent(content, tier, { version: 3 })).toEqual(message);
  });

  it('looks as it should', async () => {
    const looks = Object.fromEntries(TIERS.map((tier) => [tier, renderContent(content, tier, { version: 3 })]));

    await expect(`${JSON.stringify(looks, undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, 'goldens', `${name}.json`),
    );
  });
});

describe('an answer', () => {
  const content = answerOf(diagnoses.get('oom-killed-container/hit-oom-limit') ?? expect.fail('no such case'));

  it('has the blocks of the design in their order', () => {
    const { blocks = [] } = renderContent(content, 'rich', { version: 3 });

    expect(blocks.map(({ type, block_id: id }) => `${type} ${id ?? ''}`)).toEqual([
      'section q-0123456789abcdef:v3:title',
      'section q-0123456789abcdef:v3:why',
      'section q-0123456789abcdef:v3:fields',
      'rich_text q-0123456789abcdef:v3:proof',
      'table q-0123456789abcdef:v3:checks',
      'section q-0123456789abcdef:v3:fix',
      'actions q-0123456789abcdef:v3:actions',
      'context q-0123456789abcdef:v3:context',
    ]);
  });

  it('offers to check again, all evidence, commands and feedback, but no repair', () => {
    const { blocks = [] } = renderContent(content, 'classic', { version: 1 });
    const offered = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));

    expect(offered.map((element) => ('action_id' in element ? element.action_id : ''))).toEqual([
      'case.recheck',
      'case.evidence',
      'case.more',
    ]);
    expect(offered.map((element) => (element.type === 'button' ? element.value : ''))).toEqual([
      'q-0123456789abcdef',
      'q-0123456789abcdef',
      '',
    ]);
    expect(offered.flatMap((element) => (element.type === 'overflow' ? element.options : []))).toEqual([
      { text: { type: 'plain_text', text: 'Copy kubectl', emoji: false }, value: 'kubectl:q-0123456789abcdef' },
      { text: { type: 'plain_text', text: 'Wrong diagnosis', emoji: false }, value: 'wrong:q-0123456789abcdef' },
    ]);
  });

  it('changes every block id with its version', () => {
    const ids = [3, 4].map((version) =>
      (renderContent(content, 'rich', { version }).blocks ?? []).map((block) => block.block_id),
    );

    expect(ids[0]?.filter((id) => ids[1]?.includes(id))).toEqual([]);
  });

  it('says that only one person sees it where the bot is no member', () => {
    const shown = JSON.stringify(renderContent(content, 'rich', { version: 1, privately: true }));

    expect(shown).toContain('Only you see this: invite me to the channel to answer for everyone');
  });

  it('offers one person only what works there', () => {
    const { blocks = [] } = renderContent(content, 'rich', { version: 1, privately: true });

    const offered = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    expect(offered.map(({ type }) => type)).toEqual(['overflow']);
    expect(JSON.stringify(blocks)).not.toContain('All evidence');
  });

  it('offers one person nothing where there is no diagnosis', () => {
    const { blocks = [] } = renderContent({ ...content, outcome: { kind: 'expired' } }, 'rich', {
      version: 1,
      privately: true,
    });

    expect(blocks.map(({ type }) => type)).not.toContain('actions');
  });

  it('mentions nobody when the id of the asker is none', () => {
    const strange = { ...content, question: { ...content.question, asker: { team: 'T', user: '!channel' } } };

    expect(JSON.stringify(renderContent(strange, 'rich', { version: 1 }))).toContain('asked by somebody');
  });
});
