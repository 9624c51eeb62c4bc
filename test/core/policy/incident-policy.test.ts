import { expect, it } from 'vitest';
import { type DeedQuestion, mayDo } from '../../../src/core/policy/incident-policy.ts';
import type { PolicyPerson, PolicyPlace, ReadingPolicy } from '../../../src/core/policy/reading-policy.ts';

const ann: PolicyPerson = { user: 'U0ANN', deactivated: false, guest: false, bot: false, foreign: false };
const ops: PolicyPlace = { channel: 'C0OPS', kind: 'channel', shared: false, archived: false };
const policy: ReadingPolicy = {
  guests: 'refuse',
  sharedChannels: 'refuse',
  botsMayAsk: false,
  rules: [{ channels: ['C0OPS'], clusters: ['prod'], namespaces: ['shop'] }],
};
const open: ReadingPolicy = { ...policy, guests: 'allow', sharedChannels: 'allow', botsMayAsk: true };
const question: DeedQuestion = { deed: 'silence', allowed: ['*'], person: ann, place: ops, cluster: 'prod' };
const members = (group: string, ...users: string[]) => ({ kind: 'members', group, members: users }) as const;
const unknown = { kind: 'unknown', group: 'S0SRE', reason: 'missing_scope' } as const;

/** `allowed`, `look-up …`, or why not. */
function decided(change: Partial<DeedQuestion>, rules: ReadingPolicy = policy): string {
  const decision = mayDo(rules, { ...question, ...change });
  switch (decision.kind) {
    case 'allowed':
      return 'allowed';
    case 'look-up':
      return `look-up ${decision.groups.join()}`;
    case 'refused':
      return decision.reason;
  }
}

it.each<[string, Partial<DeedQuestion>, string]>([
  ['everyone who may ask there', {}, 'allowed'],
  ['everyone, of a cluster that nobody knows', { cluster: '' }, 'allowed'],
  ['a person who is named', { allowed: ['U0ANN'], place: { ...ops, channel: 'C0ALERTS' } }, 'allowed'],
  ['a person who is named, where everyone may not', { allowed: ['*', 'U0ANN'], cluster: 'stage' }, 'allowed'],
  ['a group before it is looked up', { allowed: ['U0BOB', 'S0SRE', 'S0DEV'] }, 'look-up S0SRE,S0DEV'],
  ['a group where everyone may', { allowed: ['*', 'S0SRE'] }, 'allowed'],
  ['a member of a group', { allowed: ['S0SRE'], groups: [members('S0SRE', 'U0BOB', 'U0ANN')] }, 'allowed'],
  [
    'a member of one, another unknown',
    { allowed: ['S0SRE', 'S0DEV'], groups: [unknown, members('S0DEV', 'U0ANN')] },
    'allowed',
  ],
])('allows %s', (_what, change, expected) => {
  expect(decided(change)).toBe(expected);
});

it.each<[string, Partial<DeedQuestion>, string]>([
  ['nobody', { allowed: [] }, 'Nobody may silence alerts in Alertmanager: `alerts.people.silence` is empty.'],
  [
    'somebody else',
    { allowed: ['U0BOB'], deed: 'acknowledge' },
    'You may not acknowledge or snooze alerts: `alerts.people.acknowledge` names neither you',
  ],
  ['somebody of no group', { allowed: ['S0SRE'], groups: [members('S0SRE', 'U0BOB')] }, 'nor a group you are in'],
  [
    'members of a group that was not asked for',
    { allowed: ['S0SRE'], groups: [members('S0DEV', 'U0ANN')] },
    'nor a group you are in',
  ],
  ['a group that is not known', { allowed: ['S0SRE'], groups: [unknown] }, 'user group S0SRE (missing_scope)'],
  ['a channel without a rule', { place: { ...ops, channel: 'C0ALERTS' } }, 'no rule under `reading` lets you'],
  ['another cluster', { cluster: 'stage' }, 'Only those who may ask about this cluster in this channel'],
  ['a guest, named', { allowed: ['U0ANN'], person: { ...ann, guest: true } }, 'Guests of this workspace may not ask'],
  ['a bot, named', { allowed: ['U0ANN'], person: { ...ann, bot: true } }, 'Bots and workflows may not ask'],
  ['somebody foreign, named', { allowed: ['U0ANN'], person: { ...ann, foreign: true } }, 'belongs to another one'],
  ['somebody deactivated, named', { allowed: ['U0ANN'], person: { ...ann, deactivated: true } }, 'is deactivated'],
  ['a shared channel', { allowed: ['U0ANN'], place: { ...ops, shared: true } }, 'shared with another organisation'],
  ['an archived channel', { allowed: ['U0ANN'], place: { ...ops, archived: true } }, 'archived'],
])('refuses %s', (_what, change, words) => {
  expect(decided(change)).toContain(words);
});

it.each<[string, Partial<DeedQuestion>, string]>([
  ['a guest as everyone', { person: { ...ann, guest: true } }, 'allowed'],
  [
    'a guest who is named',
    { allowed: ['U0ANN'], person: { ...ann, guest: true } },
    'Only full members of this workspace',
  ],
  ['a bot of a group', { allowed: ['S0SRE'], person: { ...ann, bot: true } }, 'Only full members of this workspace'],
  ['a shared channel', { allowed: ['U0ANN'], place: { ...ops, shared: true } }, 'allowed'],
  ['an archived channel', { place: { ...ops, archived: true } }, 'archived'],
])('where guests, bots and shared channels are allowed, %s', (_what, change, words) => {
  expect(decided(change, open)).toContain(words);
});
