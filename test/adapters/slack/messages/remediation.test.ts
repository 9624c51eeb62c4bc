import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import type {
  RemediationContent,
  RenderedMessage,
  RenderOptions,
  Tier,
} from '../../../../src/adapters/slack/messages/rendered-message.ts';
import type { RemediationCard } from '../../../../src/core/chat/content.ts';
import { REMEDIATION_STATES } from '../../../../src/core/remediation/state.ts';
import { refuseContent } from '../../../../src/sim/slack/validation/content.ts';
import { unexpectedReferences } from '../../../../src/sim/slack/validation/mentions.ts';
import { hostileText } from './hostile.ts';
import { brokenLimits } from './limits.ts';
import { cardWith, lockPlan, REMEDIATION_ID, remediationCards } from './remediation-contents.ts';
import { referencesOf } from './scan-mrkdwn.ts';

const TIERS: readonly Tier[] = ['rich', 'classic', 'plain'];
const PEOPLE = ['U0ALICE01', 'U0BOB0001', 'U0CAROL01', 'U0DAVE001', 'U0EVE0001', 'S0ONCALL1', 'S0STORAGE'];
const OURS =
  /^<(?:@U0(?:ALICE|CAROL|DAVE0|EVE00|BOB00)01|!subteam\^S0(?:ONCALL1|STORAGE)|!date\^\d+\^(?:\{date_short_pretty\} )?\{time\}\|[\d: -]+ UTC)>$/;

function contentOf(card: RemediationCard): RemediationContent {
  return { kind: 'remediation', card };
}

function render(card: RemediationCard, tier: Tier, options: Partial<RenderOptions> = {}): RenderedMessage {
  return renderContent(contentOf(card), tier, { version: 3, ...options });
}

/** What Slack would refuse, what our caps forbid, and what nobody meant to mention. */
function problemsOf(message: RenderedMessage): readonly string[] {
  const { text, blocks = [] } = message;
  const raw = { text, blocks: message.blocks, attachments: undefined, metadata: undefined };
  return [
    ...(refuseContent(raw, true)?.details ?? []),
    ...brokenLimits(message),
    ...unexpectedReferences({ text, blocks }, { mentions: PEOPLE, links: [] }),
  ];
}

function buttonsOf({ blocks = [] }: RenderedMessage): readonly (readonly (string | undefined)[])[] {
  return blocks
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .map((element) =>
      element.type === 'button' ? [element.action_id, element.text.text, element.style, element.value] : [element.type],
    );
}

describe.each(Object.entries(remediationCards))('a change: %s', (name, card) => {
  it.each(TIERS)('is valid in tier %s and always the same', (tier) => {
    const message = render(card, tier);

    expect(problemsOf(message)).toEqual([]);
    expect(render(card, tier)).toEqual(message);
  });

  it('looks as it should', async () => {
    const looks = Object.fromEntries(TIERS.map((tier) => [tier, render(card, tier)]));

    await expect(`${JSON.stringify(looks, undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, 'goldens', `remediation-${name}.json`),
    );
  });
});

describe('the buttons of a change', () => {
  const [approve, deny, dryrun, details] = [
    ['proposal.approve', 'Approve…', 'primary', REMEDIATION_ID],
    ['proposal.deny', 'Deny', undefined, REMEDIATION_ID],
    ['proposal.dryrun', 'Dry run', undefined, REMEDIATION_ID],
    ['proposal.details', 'Details', undefined, REMEDIATION_ID],
  ];

  it.each([
    ['proposed', []],
    ['awaiting_approval', [approve, deny, dryrun, details]],
    ['approved', [['proposal.cancel', 'Cancel', undefined, REMEDIATION_ID], details]],
    ['executing', [details]],
    ['verifying', [details]],
    ['succeeded', [details]],
    ['denied', [details]],
    ['verify_failed', [details]],
    ['expired', [['proposal.again', 'Propose again', undefined, REMEDIATION_ID], details]],
    ['blocked', [['proposal.again', 'Propose again', undefined, REMEDIATION_ID], details]],
    ['cancelled', [['proposal.again', 'Propose again', undefined, REMEDIATION_ID], details]],
    ['failed', [['proposal.again', 'Propose again', undefined, REMEDIATION_ID], details]],
    ['superseded', [['proposal.again', 'Diagnose again', undefined, REMEDIATION_ID], details]],
    ['unknown_outcome', [['proposal.again', 'Diagnose again', undefined, REMEDIATION_ID], details]],
  ] as const)('are those of %s', (state, buttons) => {
    expect(buttonsOf(render(cardWith(state), 'rich'))).toEqual(buttons);
  });

  it('warn of what cannot be undone', () => {
    const [first] = buttonsOf(render(cardWith('awaiting_approval', { plan: lockPlan() }), 'rich'));

    expect(first).toEqual(['proposal.approve', 'Approve…', 'danger', REMEDIATION_ID]);
  });
});

describe('a change', () => {
  it('calls the approvers only while somebody has to decide', () => {
    const calling = REMEDIATION_STATES.filter((state) =>
      JSON.stringify(render(cardWith(state), 'classic')).includes('subteam^S0ONCALL1'),
    );

    expect(calling).toEqual(['proposed', 'awaiting_approval']);
  });

  it('calls at most five, each once, and nobody by a name that is none', () => {
    const approvers = ['<!channel>', ...PEOPLE, ...PEOPLE];

    const shown = JSON.stringify(render({ ...cardWith('awaiting_approval'), approvers }, 'classic'));

    expect(shown.match(/Approvers: [^·]+/)?.[0]).toBe(
      'Approvers: <@U0ALICE01> <@U0BOB0001> <@U0CAROL01> <@U0DAVE001> <@U0EVE0001> ',
    );
  });

  it('says where it was meant to be', () => {
    const shown = JSON.stringify(
      render(cardWith('awaiting_approval'), 'rich', { detour: { to: 'channel', code: 'thread_not_found' } }),
    );

    expect(shown).toContain('Not in the thread');
  });

  it('changes every block id with its version', () => {
    const ids = [3, 4].map((version) =>
      (render(remediationCards['succeeded'] ?? cardWith('succeeded'), 'rich', { version }).blocks ?? []).map(
        (block) => block.block_id,
      ),
    );

    expect(ids[0]?.filter((id) => ids[1]?.includes(id))).toEqual([]);
  });

  it('shows the newest steps of very many', () => {
    const steps = Array.from({ length: 40 }, (_, index) => ({
      what: `rbd status pool/image-${index}`,
      ok: true,
      output: 'x'.repeat(2000),
      at: '2026-11-20T10:43:00Z',
      tookMs: 1,
    }));

    const message = render(cardWith('executing', { steps }), 'classic');

    expect(problemsOf(message)).toEqual([]);
    expect(JSON.stringify(message)).toContain('32 earlier steps');
    expect(JSON.stringify(message)).toContain('pool/image-39');
  });
});

function hostileCards(texts: readonly string[]): readonly RemediationCard[] {
  let at = 0;
  const next = (): string => texts[at++ % texts.length] ?? '';
  const several = (count: number): readonly string[] => Array.from({ length: count }, next);
  const person = { team: next(), user: next() };
  const plan = lockPlan({
    cluster: next(),
    target: { kind: `K${next()}`, group: next(), namespace: next(), name: next(), uid: next() },
    words: {
      title: next(),
      steps: several(12),
      commands: several(4),
      touches: next(),
      risk: next(),
      undo: next(),
      danger: next(),
    },
    finding: { code: next(), cause: next(), playbooks: next(), question: next(), run: 1 },
    requester: person,
    proposer: person,
  });
  const votes = several(3).map((reason) => ({
    team: 'T',
    user: 'U0BOB0001',
    at: '2026-11-20T10:42:30Z',
    reason,
    signature: next(),
  }));
  const steps = several(12).map((what, index) => ({
    what,
    ok: index % 2 === 0,
    output: next(),
    at: next(),
    tookMs: 10,
  }));
  return REMEDIATION_STATES.map((state) => ({
    ...cardWith(state, { plan, votes, steps, ending: { reason: next(), by: next() } }),
    approvers: [next(), 'S0ONCALL1'],
  }));
}

describe('hostile text in a change', () => {
  it('makes no mention, link or command, and breaks no limit in any tier', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 40, maxLength: 40 }), (texts) => {
        const messages = hostileCards(texts).flatMap((card) => TIERS.map((tier) => render(card, tier)));

        const foreign = messages
          .flatMap(referencesOf)
          .filter(({ kind, text }) => !(kind === 'special' && OURS.test(text)))
          .map(({ kind, text }) => `${kind}: ${text}`);
        expect(foreign).toEqual([]);
        expect(messages.flatMap(brokenLimits)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each([
    ['long words', 'a'.repeat(3000)],
    ['what is escaped', '<!channel>&'.repeat(300)],
    ['four bytes each', '\u{1f600}'.repeat(1500)],
    ['backticks and stars', '`*x*` _y_ '.repeat(300)],
    ['nothing', ''],
  ])('fits with %s', (_, text) => {
    const messages = hostileCards([text]).flatMap((card) => TIERS.map((tier) => render(card, tier)));

    expect(messages.flatMap(problemsOf)).toEqual([]);
  });
});
