import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Incident, IncidentPeople, IncidentSilence } from '../../../src/core/triage/incident.ts';
import type { Bot, SilenceEntry } from '../../../src/ports/bot.ts';
import { createBot } from '../../../src/usecases/bot/create-bot.ts';
import { INCIDENT_ID, sampleIncident, sampleRoot } from '../../core/triage/incident-samples.ts';
import { act, type BotStage, NOW, openBotStage, SETTINGS } from './bot-stage.ts';

let stage: BotStage;
let bot: Bot;

beforeAll(async () => {
  stage = await openBotStage();
  bot = createBot(stage.deps);
});

beforeEach(async () => {
  await stage.reset();
  stage.desk.down = false;
  openIncident();
});
afterAll(() => stage.close());

function openIncident(changes: Partial<Incident> = {}, people: Partial<IncidentPeople> = {}): void {
  const record = { incident: sampleIncident(changes), people: { silences: [], ...people }, revision: 1 };
  stage.desk.records.set(INCIDENT_ID, record);
}

function people(): IncidentPeople | undefined {
  return stage.desk.records.get(INCIDENT_ID)?.people;
}

/** Lets only these do everything. */
function allow(...ids: readonly string[]): void {
  const incidents = { ...SETTINGS.incidents, acknowledge: ids, silence: ids };
  stage.world.settings = { ...SETTINGS, incidents };
}

const SILENCE: IncidentSilence = {
  id: 'silence-1',
  alertmanager: 'main',
  user: 'UALICE',
  at: NOW.toISOString(),
  until: '2026-03-02T14:00:00.000Z',
  matchers: ['alertname="KubePodCrashLooping"', 'namespace="shop"'],
};
const ENTRY: SilenceEntry = {
  alertmanager: 'main',
  matchers: SILENCE.matchers.join('\n'),
  minutes: 240,
  comment: ' rollout ',
};

describe('acknowledge and snooze', () => {
  it('are kept with who did it, once for each click', async () => {
    const click = act();

    const replies = [
      await bot.acknowledge(click, INCIDENT_ID),
      await bot.acknowledge(click, INCIDENT_ID),
      await bot.snooze(act({ user: 'UBOB' }), INCIDENT_ID),
    ];

    expect(replies).toEqual([{ kind: 'done' }, { kind: 'duplicate' }, { kind: 'done' }]);
    expect(people()).toEqual({
      acknowledged: { user: 'UALICE', at: NOW.toISOString() },
      snoozed: { user: 'UBOB', until: '2026-03-02T11:00:00.000Z' },
      silences: [],
    });
  });

  it('say who has acknowledged it already', async () => {
    openIncident({}, { acknowledged: { user: 'UBOB', at: NOW.toISOString() } });
    stage.world.person = { name: 'Bob\n Baker' };

    const other = await bot.acknowledge(act(), INCIDENT_ID);
    const own = await bot.acknowledge(act({ user: 'UBOB' }), INCIDENT_ID);

    expect(other).toEqual({ kind: 'done', say: 'Already acknowledged by @Bob Baker.' });
    expect(own).toEqual({ kind: 'done', say: 'Already acknowledged by you.' });
  });

  it('are refused when it is over, but a snooze can be ended', async () => {
    openIncident({ state: 'resolved', resolvedBy: 'alerts' });

    const replies = [
      await bot.acknowledge(act(), INCIDENT_ID),
      await bot.snooze(act(), INCIDENT_ID),
      await bot.endSnooze(act(), INCIDENT_ID),
    ];

    const over = { kind: 'refused', reason: 'This incident is over already.' };
    expect(replies).toEqual([over, over, { kind: 'done' }]);
    expect(people()?.snoozed).toEqual({ user: 'UALICE', until: NOW.toISOString() });
  });

  it.each<[string, () => void, string]>([
    ['it is not known', () => stage.desk.records.clear(), 'This incident is too old'],
    ['it was never posted', () => Object.assign(stage.world, { posted: undefined }), 'not shown in this channel'],
    ['it is shown elsewhere', () => Object.assign(stage.world, { posted: 'COUT' }), 'not shown in this channel'],
    [
      'the person is a guest',
      () => Object.assign(stage.world, { person: { guest: true } }),
      'Guests of this workspace',
    ],
    ['the channel is archived', () => Object.assign(stage.world, { place: { archived: true } }), 'is archived'],
    ['somebody else may', () => allow('UBOB'), 'names neither you nor a group you are in'],
    ['a group may that the person is not in', () => allowGroup(['UBOB']), 'names neither you nor a group you are in'],
    ['a group cannot be looked up', () => allow('S0GONE'), 'user group S0GONE (missing_scope)'],
  ])('are refused when %s, and nothing is changed', async (_what, change, words) => {
    change();

    const replies = [
      await bot.acknowledge(act(), INCIDENT_ID),
      await bot.snooze(act(), INCIDENT_ID),
      await bot.endSnooze(act(), INCIDENT_ID),
    ];

    const refused = { kind: 'refused', reason: expect.stringContaining(words) };
    expect(replies).toEqual([refused, refused, refused]);
    expect(people() ?? { silences: [] }).toEqual({ silences: [] });
  });

  it('are allowed to those of a group, as it is now', async () => {
    allowGroup(['UALICE']);
    const before = await bot.acknowledge(act(), INCIDENT_ID);
    allowGroup([]);

    const after = await bot.snooze(act(), INCIDENT_ID);

    expect([before.kind, after.kind]).toEqual(['done', 'refused']);
  });

  it('say so when the store does not answer', async () => {
    stage.desk.down = true;

    const reply = await bot.acknowledge(act(), INCIDENT_ID);

    expect(reply).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('Redis') });
  });
});

function allowGroup(members: readonly string[]): void {
  allow('S0SRE');
  stage.world.groups = { S0SRE: members };
}

describe('the window for a silence', () => {
  it('is filled in from what the alerts have in common', async () => {
    openIncident({ roots: [sampleRoot({ kind: 'Pod', namespace: 'shop', name: 'web-0' }), sampleRoot(undefined)] });
    stage.alertmanagers.names = ['main', 'spare'];

    const prepared = await bot.prepareSilence(act(), INCIDENT_ID);

    expect(prepared).toEqual({
      kind: 'form',
      form: {
        incident: INCIDENT_ID,
        title: 'KubePodCrashLooping: Pod shop/web-0 and 1 more',
        alertmanagers: ['main', 'spare'],
        matchers: ['alertname="KubePodCrashLooping"', 'cluster="eu-1"'],
        choices: [
          { label: '1 hour', minutes: 60 },
          { label: '4 hours', minutes: 240 },
          { label: '24 hours', minutes: 1440 },
          { label: '3 days', minutes: 4320 },
        ],
      },
    });
  });

  it.each<[string, () => void, string]>([
    ['nobody may', () => allow(), '`alerts.people.silence` is empty'],
    [
      'there is no Alertmanager',
      () => Object.assign(stage.alertmanagers, { names: [] }),
      'No Alertmanager is configured',
    ],
    ['it goes on elsewhere', () => openIncident({ state: 'resolved', resolvedBy: 'merged' }), 'goes on in another one'],
  ])('does not open when %s', async (_what, change, words) => {
    change();

    const prepared = await bot.prepareSilence(act(), INCIDENT_ID);

    expect(prepared).toEqual({ kind: 'refused', reason: expect.stringContaining(words) });
  });
});

describe('silence', () => {
  it('asks Alertmanager once, and keeps what was made', async () => {
    stage.world.person = { name: 'Alice Archer' };
    const click = act();

    const replies = [await bot.silence(click, INCIDENT_ID, ENTRY), await bot.silence(click, INCIDENT_ID, ENTRY)];

    expect(replies.map(({ kind }) => kind)).toEqual(['done', 'duplicate']);
    expect(people()?.silences).toEqual([SILENCE]);
    expect(stage.alertmanagers.drafts).toEqual([
      {
        alertmanager: 'main',
        draft: {
          matchers: [
            { name: 'alertname', value: 'KubePodCrashLooping', isRegex: false, isEqual: true },
            { name: 'namespace', value: 'shop', isRegex: false, isEqual: true },
          ],
          startsAt: '2026-03-02T09:50:00.000Z',
          endsAt: '2026-03-02T14:00:00.000Z',
          createdBy: 'Alice Archer (UALICE)',
          comment: expect.stringMatching(/^rollout \(Kubewhy, incident i-0123456789abcdef, [a-z0-9]{16}\)$/),
        },
      },
    ]);
  });

  it.each<[Partial<SilenceEntry>, object]>([
    [{ matchers: 'a=b' }, { kind: 'invalid', field: 'matchers', reason: expect.stringContaining('Line 1') }],
    [{ matchers: 'a=~".*"' }, { kind: 'invalid', field: 'matchers', reason: expect.stringContaining('all alerts') }],
    [{ minutes: 1 }, { kind: 'invalid', field: 'duration', reason: expect.stringContaining('from 5 minutes') }],
    [{ comment: ' ' }, { kind: 'invalid', field: 'comment', reason: expect.stringContaining('Say why') }],
    [{ alertmanager: 'other' }, { kind: 'refused', reason: expect.stringContaining('No Alertmanager') }],
  ])('with %j is not sent, and can be corrected', async (change, expected) => {
    const click = act();

    const reply = await bot.silence(click, INCIDENT_ID, { ...ENTRY, ...change });
    const corrected = await bot.silence(click, INCIDENT_ID, ENTRY);

    expect([reply, corrected.kind, stage.alertmanagers.drafts.length]).toEqual([expected, 'done', 1]);
  });

  it.each([
    [
      { kind: 'refused', reason: 'nonsense (HTTP 400)' } as const,
      'refused',
      'did not make the silence: nonsense (HTTP 400).',
    ],
    [{ kind: 'unavailable', reason: 'ECONNREFUSED' } as const, 'unavailable', 'ECONNREFUSED. Nothing was changed'],
    [{ kind: 'uncertain', reason: 'no answer in time' } as const, 'unavailable', '(no answer in time), so it may hold'],
    [{ kind: 'made', id: 'old', ended: true } as const, 'refused', 'has ended meanwhile'],
  ])('that gives %j is told, and sends the same mark again', async (result, kind, words) => {
    const click = act();
    stage.alertmanagers.result = result;

    const reply = await bot.silence(click, INCIDENT_ID, ENTRY);
    await bot.silence(click, INCIDENT_ID, ENTRY);

    expect(reply).toMatchObject({ kind, reason: expect.stringContaining(words) });
    expect(people()?.silences).toEqual([]);
    const [first, second] = stage.alertmanagers.drafts.map(({ draft }) => draft.comment);
    expect(second).toBe(first);
  });

  it('says so when it holds and could not be noted', async () => {
    stage.desk.saveSilence = async () => {
      stage.desk.down = true;
      await stage.desk.read('');
    };

    const reply = await bot.silence(act(), INCIDENT_ID, ENTRY);

    Reflect.deleteProperty(stage.desk, 'saveSilence');
    expect(reply).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('holds in Alertmanager main') });
  });

  it('is refused to those who may only acknowledge', async () => {
    stage.world.settings = { ...SETTINGS, incidents: { ...SETTINGS.incidents, silence: ['UBOB'] } };

    const reply = await bot.silence(act(), INCIDENT_ID, ENTRY);

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('You may not silence alerts') });
    expect(stage.alertmanagers.drafts).toEqual([]);
  });
});

describe('ending a silence', () => {
  it('ends it in Alertmanager once, and keeps who did it', async () => {
    openIncident({ state: 'resolved', resolvedBy: 'alerts' }, { silences: [SILENCE] });
    allow('UALICE', 'UBOB');

    const first = await bot.endSilence(act({ user: 'UBOB' }), INCIDENT_ID, SILENCE.id);
    const second = await bot.endSilence(act(), INCIDENT_ID, SILENCE.id);

    expect([first, second]).toEqual([
      { kind: 'done' },
      { kind: 'done', say: 'This silence was ended already by @UBOB.' },
    ]);
    expect(people()?.silences).toEqual([{ ...SILENCE, undoneBy: 'UBOB' }]);
    expect(stage.alertmanagers.ended).toEqual(['main silence-1']);
  });

  it('counts one that Alertmanager does not know any more as ended', async () => {
    openIncident({}, { silences: [SILENCE] });
    stage.alertmanagers.endResult = { kind: 'gone' };

    const reply = await bot.endSilence(act(), INCIDENT_ID, SILENCE.id);

    expect([reply, people()?.silences[0]?.undoneBy]).toEqual([{ kind: 'done' }, 'UALICE']);
  });

  it.each(['refused', 'unavailable'] as const)('says why it was %s', async (kind) => {
    openIncident({}, { silences: [SILENCE] });
    stage.alertmanagers.endResult = { kind, reason: 'HTTP 403' };

    const reply = await bot.endSilence(act(), INCIDENT_ID, SILENCE.id);

    expect(reply).toEqual({ kind, reason: 'Alertmanager main did not end the silence: HTTP 403.' });
    expect(people()?.silences).toEqual([SILENCE]);
  });

  it('does nothing about a silence that is not of this incident', async () => {
    const reply = await bot.endSilence(act(), INCIDENT_ID, 'silence-9');

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('does not know this silence') });
    expect(stage.alertmanagers.ended).toEqual([]);
  });
});
