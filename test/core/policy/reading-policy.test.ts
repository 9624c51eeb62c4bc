import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mayAsk,
  type PolicyPerson,
  type PolicyPlace,
  type ReadingPolicy,
  type ReadingRule,
  readableNamespaces,
} from '../../../src/core/policy/reading-policy.ts';

const ann: PolicyPerson = { user: 'U0ANN', deactivated: false, guest: false, bot: false, foreign: false };
const shop: PolicyPlace = { channel: 'C0SHOP', kind: 'channel', shared: false, archived: false };
const direct: PolicyPlace = { ...shop, channel: 'D0ANN', kind: 'direct' };
const strict: ReadingPolicy = { guests: 'refuse', sharedChannels: 'refuse', botsMayAsk: false, rules: [] };
const rules: readonly ReadingRule[] = [
  { channels: ['C0SHOP'], namespaces: ['shop', 'team-*'] },
  { channels: ['direct'], users: ['U0ANN'], clusters: ['prod'], namespaces: ['*'] },
];
const policy: ReadingPolicy = { ...strict, rules };
const question = { person: ann, place: shop, cluster: 'prod', namespace: 'shop' };

/** Why it is refused; `allowed` when it is not. */
function refusal(change: Partial<typeof question>, changed: ReadingPolicy = policy): string {
  const decision = mayAsk(changed, { ...question, ...change });
  return decision.kind === 'refused' ? decision.reason : decision.kind;
}

describe('mayAsk', () => {
  it.each([
    ['a namespace that is named', {}],
    ['a namespace that fits a pattern', { namespace: 'team-a' }],
    ['a node where every namespace is allowed', { place: direct, namespace: '' }],
    ['everything in direct messages', { place: direct, namespace: 'kube-system' }],
  ])('allows %s', (_what, change) => {
    expect(refusal(change)).toBe('allowed');
  });

  it.each([
    ['a person of another workspace', { person: { ...ann, foreign: true } }, 'your account belongs to another one'],
    ['a deactivated account', { person: { ...ann, deactivated: true } }, 'is deactivated'],
    ['a bot', { person: { ...ann, bot: true } }, 'Bots and workflows may not ask'],
    ['a guest', { person: { ...ann, guest: true } }, 'Guests of this workspace may not ask'],
    ['a shared channel', { place: { ...shop, shared: true } }, 'shared with another organisation'],
    ['an archived channel', { place: { ...shop, archived: true } }, 'is archived'],
    ['a channel without a rule', { place: { ...shop, channel: 'C0OTHER' } }, 'no rule under `reading` allows it'],
    ['a person without a rule', { place: direct, person: { ...ann, user: 'U0BOB' } }, 'in direct messages'],
    ['another cluster', { place: direct, cluster: 'stage' }, 'about the cluster "stage" in direct messages'],
    ['another namespace', { namespace: 'pay' }, 'the namespace "pay" in this channel, only about shop and team-*.'],
    ['a node without a rule for every namespace', { namespace: '' }, 'only a rule with the namespace "*" allows it'],
    ['what is no namespace', { place: direct, namespace: '../secrets' }, 'the namespace "../secrets"'],
    ['a hostile text', { namespace: 'a\u0007\u202eb\nc' }, String.raw`"a\u{7}\u{202e}b c"`],
  ])('refuses %s and says why', (_what, change, words) => {
    expect(refusal(change)).toContain(words);
  });

  it('names the first of several reasons: person before channel before rules', () => {
    const person = { ...ann, foreign: true, deactivated: true, bot: true, guest: true };
    const place = { ...shop, shared: true, archived: true };

    const order = [
      refusal({ person, place }),
      refusal({ person: { ...person, foreign: false }, place }),
      refusal({ person: { ...person, foreign: false, deactivated: false }, place }),
      refusal({ person: { ...ann, guest: true }, place }),
      refusal({ place }),
      refusal({ place: { ...place, shared: false } }),
    ].map((reason) => reason.split(' ', 2).join(' '));

    expect(order).toEqual(['Only members', 'Your account', 'Bots and', 'Guests of', 'This channel', 'This channel']);
  });

  it.each([
    ['guests', { person: { ...ann, guest: true } }, { guests: 'allow' as const }],
    ['bots', { person: { ...ann, bot: true } }, { botsMayAsk: true }],
    ['shared channels', { place: { ...shop, shared: true } }, { sharedChannels: 'allow' as const }],
  ])('allows %s when the settings say so', (_what, change, setting) => {
    expect(refusal(change, { ...policy, ...setting })).toBe('allowed');
  });
});

describe('readableNamespaces', () => {
  it.each([
    ['a channel', shop, ann, ['shop', 'team-*']],
    ['direct messages', direct, ann, ['*']],
    ['direct messages of somebody else', direct, { ...ann, user: 'U0BOB' }, []],
    ['a guest', shop, { ...ann, guest: true }, []],
  ])('of %s', (_what, place, person, namespaces) => {
    expect(readableNamespaces(policy, place, person)).toEqual(namespaces);
  });

  it('of one cluster', () => {
    expect(readableNamespaces(policy, direct, ann, 'stage')).toEqual([]);
  });
});

const word = fc.constantFrom('shop', 'team-a', 'team-b', 'kube-system', 'x', 'UPPER', '');
const pattern = fc.constantFrom('shop', 'team-*', '*', '*-system', 'x*');
const channel = fc.constantFrom('C0A', 'C0B', 'D0A');
const person = fc.record({
  user: fc.constantFrom('U0A', 'U0B'),
  deactivated: fc.boolean(),
  guest: fc.boolean(),
  bot: fc.boolean(),
  foreign: fc.boolean(),
});
const place = fc.record({
  channel,
  kind: fc.constantFrom('channel', 'direct', 'group'),
  shared: fc.boolean(),
  archived: fc.boolean(),
});
const rule = fc.record(
  {
    channels: fc.array(fc.oneof(channel, fc.constant('direct')), { minLength: 1 }),
    users: fc.array(fc.constantFrom('U0A', 'U0B'), { minLength: 1 }),
    clusters: fc.array(fc.constantFrom('prod', 'stage'), { minLength: 1 }),
    namespaces: fc.array(pattern, { minLength: 1 }),
  },
  { requiredKeys: ['channels', 'namespaces'] },
);
const anyPolicy = fc.record({
  guests: fc.constantFrom('refuse', 'allow'),
  sharedChannels: fc.constantFrom('refuse', 'allow'),
  botsMayAsk: fc.boolean(),
  rules: fc.array(rule),
});
const anyQuestion = fc.record({ person, place, cluster: fc.constantFrom('prod', 'stage'), namespace: word });

describe('for every policy and question', () => {
  it('nothing is allowed without a rule', () => {
    fc.assert(
      fc.property(anyPolicy, anyQuestion, (some, asked) => {
        expect(mayAsk({ ...some, rules: [] }, asked).kind).toBe('refused');
      }),
    );
  });

  it('what speaks against the person or the channel beats every rule', () => {
    fc.assert(
      fc.property(anyPolicy, anyQuestion, (some, asked) => {
        const open = { ...some, rules: [{ channels: [asked.place.channel], namespaces: ['*'] }] };
        const against =
          asked.person.foreign ||
          asked.person.deactivated ||
          (asked.person.bot && !some.botsMayAsk) ||
          (asked.person.guest && some.guests === 'refuse') ||
          (asked.place.shared && some.sharedChannels === 'refuse') ||
          asked.place.archived;

        fc.pre(against);

        expect(mayAsk(open, asked).kind).toBe('refused');
        expect(readableNamespaces(open, asked.place, asked.person)).toEqual([]);
      }),
    );
  });

  it('rules of other channels change nothing, not even a word', () => {
    fc.assert(
      fc.property(anyPolicy, anyQuestion, (some, asked) => {
        const elsewhere = { channels: ['C0ELSEWHERE'], namespaces: ['*'] };

        expect(mayAsk({ ...some, rules: [...some.rules, elsewhere] }, asked)).toEqual(mayAsk(some, asked));
      }),
    );
  });

  it('a further rule never takes a permission away', () => {
    fc.assert(
      fc.property(anyPolicy, rule, anyQuestion, (some, further, asked) => {
        fc.pre(mayAsk(some, asked).kind === 'allowed');

        expect(mayAsk({ ...some, rules: [further, ...some.rules] }, asked).kind).toBe('allowed');
      }),
    );
  });

  it('an allowed question is one of those that the help lists', () => {
    fc.assert(
      fc.property(anyPolicy, anyQuestion, (some, asked) => {
        const listed = readableNamespaces(some, asked.place, asked.person, asked.cluster);

        expect(mayAsk(some, asked).kind === 'allowed' && listed.length === 0).toBe(false);
      }),
    );
  });
});
