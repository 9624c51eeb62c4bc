import { expect, it } from 'vitest';
import type { ActionCode } from '../../../src/core/playbook/vocabulary.ts';
import type { RemediationPolicy, RemediationRule } from '../../../src/core/policy/remediation-policy.ts';
import { DEFAULT_LIMITS, DEFAULT_TIMES } from '../../../src/core/remediation/limits.ts';
import type { AccessRight, RemediationRecord } from '../../../src/core/remediation/remediation.ts';
import { TIERS, type Tier } from '../../../src/core/remediation/tier.ts';
import type { Person, Place } from '../../../src/ports/people.ts';
import { checkApprovers } from '../../../src/usecases/remediation/approvers.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { sampleSigned, sampleVote } from '../../fakes/remediation-samples.ts';
import { ApiServerWorld } from './api-server-world.ts';
import { FakePeople } from './executor-world.ts';

/** Who approved, and whether that counts where the rule and the channel allow it. */
const IDENTITIES: Readonly<
  Record<string, { readonly user: string; readonly counts: boolean; readonly is?: Partial<Person> }>
> = {
  'a person whom the rule names': { user: 'UANN', counts: true },
  'a member of a group that it names': { user: 'USRE', counts: true },
  'somebody whom it does not name': { user: 'UOUT', counts: false },
  'who asked for the change': { user: 'UREQ', counts: false },
  'a guest whom it names': { user: 'UGUEST', counts: false, is: { guest: true } },
  'somebody whom the cluster knows by no name': { user: 'UNOID', counts: false },
  'somebody whom the cluster does not let do it': { user: 'UWEAK', counts: false },
  'somebody about whom the cluster does not answer': { user: 'UMUTE', counts: false },
};

const CHANNELS: Readonly<Record<string, { readonly place: Partial<Place>; readonly open: boolean }>> = {
  'a channel': { place: {}, open: true },
  'a direct conversation': { place: { kind: 'direct' }, open: true },
  'a shared channel': { place: { shared: true }, open: false },
  'a channel that the bot was removed from': { place: { member: false }, open: false },
};

/** The tiers in which a rule allows an action, and what a person needs in the cluster to make the change. */
const ALLOWED: Readonly<Record<string, { readonly tiers: readonly Tier[]; readonly right: Partial<AccessRight> }>> = {
  'R-POD-DELETE': { tiers: ['T1', 'T2'], right: { verb: 'delete', resource: 'pods' } },
  'R-EVICT': { tiers: ['T1', 'T2'], right: { verb: 'create', resource: 'pods', subresource: 'eviction' } },
  'R-ROLLOUT-RESTART': { tiers: ['T1', 'T2'], right: { verb: 'patch', group: 'apps', resource: 'deployments' } },
  'R-OBJ-FINALIZER-REMOVE': { tiers: ['T3'], right: { verb: 'patch', resource: 'persistentvolumeclaims' } },
  'R-RBD-LOCK-RM': { tiers: ['T3'], right: { verb: 'delete', resource: 'pods' } },
  'R-CORDON': { tiers: [], right: { verb: 'patch', resource: 'nodes' } },
};

const NAMED = ['UANN', 'UOWNER', 'UREQ', 'UGUEST', 'UNOID', 'UWEAK', 'UMUTE', 'SSRE'];
const COMMON = { approvers: NAMED, namespaces: ['shop'], quorum: { T1: 1, T2: 1, T3: 2 } };
const RULES: readonly RemediationRule[] = [
  {
    ...COMMON,
    name: 'serving',
    actions: ['R-POD-DELETE', 'R-EVICT', 'R-ROLLOUT-RESTART'],
    tiers: ['T1', 'T2'],
    owners: [],
  },
  { ...COMMON, name: 'data', actions: ['R-OBJ-FINALIZER-REMOVE', 'R-RBD-LOCK-RM'], tiers: ['T3'], owners: ['UOWNER'] },
];
const policy: RemediationPolicy = {
  rules: RULES,
  identities: [...NAMED, 'USRE', 'UOUT']
    .filter((user) => user !== 'UNOID' && user !== 'SSRE')
    .map((slack) => ({ slack, user: `${slack}@example.com`, groups: ['people'] })),
  protectedNamespaces: [],
  freezes: [],
  limits: DEFAULT_LIMITS,
  operators: [],
  sharedChannels: 'refuse',
  upgrades: 'refuse',
};

interface Row {
  readonly who: string;
  readonly channel: string;
  readonly action: string;
  readonly tier: Tier;
}

const ROWS: readonly Row[] = Object.keys(IDENTITIES).flatMap((who) =>
  Object.keys(CHANNELS).flatMap((channel) =>
    Object.keys(ALLOWED).flatMap((action) => TIERS.map((tier) => ({ who, channel, action, tier }))),
  ),
);

function isAllowed({ who, channel, action, tier }: Row): boolean {
  const mayBeChanged = ALLOWED[action]?.tiers.includes(tier) === true;
  return IDENTITIES[who]?.counts === true && CHANNELS[channel]?.open === true && mayBeChanged;
}

/** Whether the approval counts at the moment of the act, and on whose behalf the cluster was asked. */
async function look(row: Row): Promise<{ readonly counts: boolean; readonly asked: readonly string[] }> {
  const { user, is = {} } = IDENTITIES[row.who] ?? { user: '' };
  const people = new FakePeople();
  people.groups.set('SSRE', ['USRE']);
  people.changes.set(user, is);
  people.place = CHANNELS[row.channel]?.place ?? {};
  const api = new ApiServerWorld(new FakeClock());
  api.powerless.add('UWEAK@example.com');
  api.reviews = user === 'UMUTE' ? 'unreadable' : 'known';
  const settings = { policy, times: DEFAULT_TIMES, killSwitch: async () => undefined };
  const logger = new RecordingLogger();
  const checked = await checkApprovers(recordOf(row, user), {
    cluster: 'prod',
    people,
    settings: () => settings,
    writer: api,
    logger,
  });
  return { counts: checked.kind === 'ok', asked: api.asked.map((one) => one.user) };
}

/** T3 has the approval of an owner besides. */
function recordOf({ action, tier }: Row, user: string): RemediationRecord {
  const rule = RULES.find((one) => one.tiers.includes(tier));
  const right = {
    verb: '',
    group: '',
    resource: '',
    subresource: '',
    namespace: 'shop',
    name: 'web',
    ...ALLOWED[action]?.right,
  };
  const voters = tier === 'T3' ? [user, 'UOWNER'] : [user];
  const signed = sampleSigned('m-1', {
    tier,
    input: {
      action: action as ActionCode,
      subject: { kind: 'Pod', namespace: 'shop', name: 'web', uid: 'uid-web' },
      parameters: {},
    },
    rights: [right],
    requester: { team: 'T1', user: 'UREQ' },
    approval: { rule: rule?.name ?? '', required: voters.length, owners: rule?.owners ?? [], reasonRequired: false },
  });
  const at = '2026-01-31T12:05:00.000Z';
  return {
    signed,
    state: 'executing',
    revision: 4,
    votes: voters.map((voter) => ({ ...sampleVote(voter), at })),
    history: [{ state: 'executing', at }],
    fence: 1,
    steps: [],
  };
}

it('of all identities, actions, channels and tiers, only the approvals that the table names count at the act', async () => {
  const wrong: object[] = [];

  for (const row of ROWS) {
    const { counts } = await look(row);
    if (counts !== isAllowed(row)) {
      wrong.push({ ...row, counts });
    }
  }

  expect([wrong, ROWS.length]).toEqual([[], 8 * 6 * 4 * 3]);
});

it('the table allows two people in two channels what eight pairs of action and tier are', () => {
  expect(ROWS.filter(isAllowed)).toHaveLength(2 * 2 * 8);
});

it('the cluster is asked on behalf of nobody whom the rule or Slack refuses', async () => {
  const asked = new Set<string>();

  for (const row of ROWS) {
    for (const user of (await look(row)).asked) {
      asked.add(user.split('@')[0] ?? '');
    }
  }

  expect(asked).toEqual(new Set(['UANN', 'USRE', 'UWEAK', 'UMUTE', 'UOWNER']));
});
