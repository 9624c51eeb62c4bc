import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INCIDENT_ACTIONS } from '../../../../src/adapters/slack/messages/incident-actions.ts';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import type {
  MessageContent,
  RenderedMessage,
  RenderOptions,
  Tier,
} from '../../../../src/adapters/slack/messages/rendered-message.ts';
import type { IncidentCard } from '../../../../src/core/chat/content.ts';
import { messageOverCaps } from '../../../../src/sim/slack/validation/caps.ts';
import { refuseContent } from '../../../../src/sim/slack/validation/content.ts';
import { unexpectedReferences } from '../../../../src/sim/slack/validation/mentions.ts';
import { hostileText } from './hostile.ts';
import {
  cardOf,
  causeWith,
  digestWith,
  INCIDENT,
  incidentContents,
  incidentWith,
  MENTIONED,
  rootWith,
  rowWith,
  WORKSPACE,
} from './incident-contents.ts';
import { brokenLimits } from './limits.ts';
import { referencesOf } from './scan-mrkdwn.ts';

const TIERS: readonly Tier[] = ['rich', 'classic', 'plain'];
const OPTIONS: RenderOptions = { version: 3, workspaceUrl: WORKSPACE };

/** What Slack would refuse, what the caps forbid, and what nobody meant to mention or link. */
function problemsOf(message: RenderedMessage): readonly string[] {
  const { text, blocks = [] } = message;
  const raw = { text, blocks: message.blocks, attachments: undefined, metadata: undefined };
  const capped = { text, blocks: JSON.parse(JSON.stringify(blocks)), attachments: [] };
  return [
    ...(refuseContent(raw, true)?.details ?? []),
    ...brokenLimits(message),
    ...messageOverCaps(capped),
    ...unexpectedReferences(
      { text, blocks },
      { mentions: [...MENTIONED, 'C0SHOP001'], links: [`${WORKSPACE}archives/`] },
    ),
  ];
}

describe.each(Object.entries(incidentContents))('%s', (name, content) => {
  it.each(TIERS)('is valid in tier %s and always the same', (tier) => {
    const message = renderContent(content, tier, OPTIONS);

    expect(problemsOf(message)).toEqual([]);
    expect(renderContent(content, tier, OPTIONS)).toEqual(message);
  });

  it('looks as it should', async () => {
    const looks = Object.fromEntries(TIERS.map((tier) => [tier, renderContent(content, tier, OPTIONS)]));

    await expect(`${JSON.stringify(looks, undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, 'goldens', `${name}.json`),
    );
  });
});

function parent(card: IncidentCard, options: RenderOptions = OPTIONS): RenderedMessage {
  return renderContent({ kind: 'incident', incident: card }, 'rich', options);
}

function offered(card: IncidentCard): readonly string[] {
  const { blocks = [] } = parent(card);
  return blocks
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .map((element) => (element.type === 'button' ? `${element.action_id} ${element.value} ${element.text.text}` : ''));
}

describe('the parent of an incident', () => {
  it('names the cause first, and says how many more there are', () => {
    const causes = [causeWith({ headline: 'a fails' }), causeWith({ key: 'b' }), causeWith({ key: 'c' })];

    const [title] = parent(cardOf(incidentWith({ causes, firing: 3, total: 5 }))).blocks ?? [];

    expect(title).toMatchObject({
      text: {
        text: ':red_circle: *a fails* and 2 more causes, below\n*[3 of 5 firing] KubePodCrashLooping, KubePodNotReady* · prod-eu-1',
      },
    });
  });

  it('says beside the cause that nothing was wrong at the last look', () => {
    const [title] = parent(cardOf(incidentWith({ healthyLooks: 1 }))).blocks ?? [];

    expect(title).toMatchObject({
      text: { text: expect.stringMatching(/every restart fails\*\n.* · prod-eu-1 · nothing wrong at the last look$/) },
    });
  });

  it('offers what can be done with it, by its id', () => {
    expect(offered(cardOf(incidentWith()))).toEqual([
      `${INCIDENT_ACTIONS.ack} ${INCIDENT} Acknowledge`,
      `${INCIDENT_ACTIONS.snooze} ${INCIDENT} Snooze 1 h`,
      `${INCIDENT_ACTIONS.silence} ${INCIDENT} Silence…`,
    ]);
  });

  it('offers no silence without an Alertmanager, and to end a snooze that lasts', () => {
    const people = { silences: [], snoozed: { user: 'U0ALICE01', until: '2026-11-20T11:00:00Z' } };

    expect(offered(cardOf(incidentWith(), { canSilence: false, people }))).toEqual([
      `${INCIDENT_ACTIONS.ack} ${INCIDENT} Acknowledge`,
      `${INCIDENT_ACTIONS.unsnooze} ${INCIDENT} End snooze`,
    ]);
  });

  it('says no more of a snooze that is over', () => {
    const people = { silences: [], snoozed: { user: 'U0ALICE01', until: '2026-11-20T10:00:00Z' } };

    expect(JSON.stringify(parent(cardOf(incidentWith(), { people })))).not.toContain('Snoozed');
  });

  it('offers only to end a silence once it is resolved', () => {
    const silence = {
      id: 's1',
      alertmanager: 'main',
      user: 'U0BOB0001',
      at: '2026-11-20T10:00:00Z',
      until: '2026-11-20T12:00:00Z',
      matchers: ['a="b"'],
    };
    const incident = incidentWith({ state: 'resolved', resolvedBy: 'alerts', resolvedAt: '2026-11-20T10:40:00Z' });

    expect(offered(cardOf(incident, { people: { silences: [silence] } }))).toEqual([
      `${INCIDENT_ACTIONS.unsilence}:0 ${INCIDENT}:s1 End silence`,
    ]);
  });

  it('says how much was looked at when that is not all', () => {
    const roots = Array.from({ length: 20 }, (_, index) =>
      rootWith({ title: `Pod shop/p-${index}`, look: index < 3 ? 'done' : 'left-out' }),
    );

    expect(JSON.stringify(parent(cardOf(incidentWith({ roots, rootsBeyond: 100 }))))).toContain(
      'Looked at 3 of 120, all alike',
    );
  });

  it('says that it is in another channel than it should be', () => {
    const options: RenderOptions = {
      ...OPTIONS,
      detour: { to: 'fallback', code: 'is_archived' },
      intended: 'C0SHOP001',
    };

    expect(JSON.stringify(parent(cardOf(incidentWith()), options))).toContain('Not in <#C0SHOP001>: it is archived');
  });

  it.each([
    ['without a workspace', { version: 1 }],
    ['with a strange workspace', { version: 1, workspaceUrl: 'https://evil.example/|<!channel>' }],
  ])('links nothing %s', (_, options) => {
    const shown = TIERS.map((tier) =>
      JSON.stringify(Object.values(incidentContents).map((content) => renderContent(content, tier, options))),
    );

    expect(shown.join('').includes('archives/')).toBe(false);
  });
});

const OURS =
  /^<(?:@U0ALICE01|!subteam\^S0SHOPOPS|#C0SHOP001|!date\^\d+\^(?:\{date_short_pretty\} )?\{time\}\|[\d: -]+ UTC|https:\/\/team\.slack\.com\/archives\/C0SHOP001\/p1763071500000100\|(?:thread|another incident))>$/;

function foreignIn(message: RenderedMessage): readonly string[] {
  return referencesOf(message)
    .filter(({ kind, text }) => !(kind === 'special' && OURS.test(text)))
    .map(({ kind, text }) => `${kind}: ${text}`);
}

const THREAD = { channel: 'C0SHOP001', ts: '1763071500.000100' };
const TIMES = { openedAt: '2026-11-19T10:00:00Z', resolvedAt: '2026-11-19T11:00:00Z' };

/** Contents in which every text is hostile, of the given size. */
function contentsOf(
  texts: readonly string[],
  size: { readonly roots: number; readonly causes: number },
): readonly MessageContent[] {
  let at = 0;
  const next = (): string => texts[at++ % texts.length] ?? '';
  const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, i) => make(i));
  const states = ['confirmed', 'likely', 'unknown', 'healthy', 'failed'] as const;
  const incident = incidentWith({
    cluster: next(),
    severity: next(),
    names: many(20, next),
    owners: many(5, next),
    muted: next(),
    roots: many(size.roots, (index) =>
      rootWith({
        title: next(),
        reason: next(),
        look: index % 5 === 0 ? 'impossible' : 'done',
        cause: `c${index % size.causes}`,
      }),
    ),
    rootsBeyond: 100_000,
    causes: many(size.causes, (index) =>
      causeWith({ key: `c${index}`, headline: next(), code: next(), state: states[index % 5] ?? 'failed' }),
    ),
    changes: many(30, () => ({ at: '2026-11-20T09:00:00Z', object: next(), what: next() })),
    before: many(3, () => ({ id: next(), ...TIMES, resolvedBy: 'alerts' as const, headline: next(), thread: THREAD })),
    notes: many(10, next),
    firing: 400,
    total: 100_000,
  });
  const silences = many(4, (index) => ({
    id: index === 0 ? next() : `s${index}`,
    alertmanager: next(),
    user: index === 1 ? next() : 'U0ALICE01',
    at: TIMES.openedAt,
    until: '2026-11-20T12:00:00Z',
    matchers: many(12, next),
    ...(index === 2 ? { undoneBy: next() } : {}),
  }));
  const people = {
    acknowledged: { user: 'U0ALICE01', at: TIMES.openedAt },
    snoozed: { user: next(), until: '2026-11-20T12:00:00Z' },
    silences,
  };
  const card = cardOf(incident, { people, mergedThread: THREAD });
  const over = { state: 'resolved', resolvedAt: '2026-11-20T10:40:00Z' } as const;
  const rows = many(15, (index) => rowWith(next(), index % 3 === 0 ? { thread: THREAD } : { state: 'resolved' }));
  return [
    { kind: 'incident', incident: card },
    { kind: 'incident', incident: { ...card, incident: { ...incident, causes: [] } } },
    { kind: 'incident', incident: { ...card, incident: { ...incident, causes: incident.causes.slice(2, 3) } } },
    ...(['alerts', 'cluster', 'silence', 'merged'] as const).map(
      (resolvedBy) =>
        ({ kind: 'incident', incident: { ...card, incident: { ...incident, ...over, resolvedBy } } }) as const,
    ),
    { kind: 'incident-details', incident: card },
    { kind: 'incident-event', text: next(), mentions: [next(), 'U0ALICE01', 'S0SHOPOPS', next()] },
    { kind: 'digest', digest: digestWith({ cluster: next(), rows, beyond: 485 }) },
    { kind: 'digest', digest: digestWith({ cluster: next(), rows: rows.slice(1, 3), state: 'calm' }) },
  ];
}

const DETOURED: RenderOptions = { ...OPTIONS, detour: { to: 'fallback', code: 'is_archived' }, intended: 'C0SHOP001' };

describe('hostile text in an incident', () => {
  it('makes no mention, link or command, and breaks no limit in any tier', () => {
    const texts = fc.array(hostileText, { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (hostile, causes) => {
        const messages = contentsOf(hostile, { roots: 30, causes }).flatMap((content) =>
          TIERS.map((tier) => renderContent(content, tier, DETOURED)),
        );

        expect(messages.flatMap((message) => [...foreignIn(message), ...brokenLimits(message)])).toEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it.each([
    ['long words', 'a'.repeat(3000)],
    ['what is escaped', '<!channel>&'.repeat(300)],
    ['four bytes each', '\u{1f600}'.repeat(1500)],
    ['backticks and stars', '`*x*` _y_ '.repeat(300)],
    ['nothing', ''],
  ])('fits with 500 objects and 20 causes of %s', (_, text) => {
    const messages = contentsOf([text], { roots: 500, causes: 20 }).flatMap((content) =>
      TIERS.map((tier) => renderContent(content, tier, DETOURED)),
    );

    expect(messages.flatMap((message) => [...foreignIn(message), ...problemsOfCaps(message)])).toEqual([]);
  });
});

function problemsOfCaps(message: RenderedMessage): readonly string[] {
  return [...problemsOf(message)].filter((problem) => !problem.includes('allow-list'));
}
