import type { Delivery } from '../../src/sim/slack/delivery/delivery-types.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import { askAndWait, placeOf } from './bot-talk.ts';
import { type BotWorld, type BotWorldOptions, openBotWorld } from './bot-world.ts';

/** Alice asks, Bob approves. */
const { alice, bob } = USERS;

/** The group of RBAC that approvers are in. */
export const APPROVERS = 'approvers';

/** What a world with changes may differ in. */
export interface RemediationWorldOptions extends Omit<BotWorldOptions, 'settings'> {
  /** Changes `remediation` as it is written in kubewhy.yaml. */
  readonly remediation?: Readonly<Record<string, unknown>>;
  /** Folders of further playbooks. */
  readonly playbooks?: readonly string[];
}

/** Starts Slack, Redis and the cluster of the examples, with rules by which Alice and Bob may approve; no bot yet. */
export async function openRemediationWorld(options: RemediationWorldOptions = {}): Promise<BotWorld> {
  const { remediation, playbooks = [], ...rest } = options;
  const world = await openBotWorld({
    ...rest,
    environment: { KUBEWHY_SIGNING_KEY: '5f3b1c9a7e2d4086b1f0c3a95d7e8246', ...rest.environment },
    settings: { playbooks, remediation: { ...RULES, ...remediation } },
  });
  world.cluster.setIdentities([{ group: APPROVERS, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }]);
  return world;
}

const RULES = {
  rules: [
    {
      name: 'everything',
      approvers: [alice.id, bob.id],
      owners: [bob.id],
      actions: ['*'],
      tiers: ['T1', 'T2', 'T3'],
      namespaces: ['*'],
    },
  ],
  identities: [alice, bob].map(({ id, name }) => ({ slack: id, user: name, groups: [APPROVERS] })),
  operators: [bob.id],
  // The examples were recorded in different clusters.
  upgrades: 'allow',
  limits: {
    perClusterHour: 100,
    perNamespaceHour: 100,
    perTargetMinutes: 1,
    inFlightPerNamespace: 20,
    inFlightPerCluster: 20,
  },
};

/** The newest message of a change, as it stands now; waits until its text has these words. */
export async function changeSaying(world: BotWorld, words: string, milliseconds = 20_000): Promise<MessageRecord> {
  return world.slack.waitFor(
    () => changesOf(world).findLast(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`.includes(words)),
    milliseconds,
  );
}

/** All messages of changes. */
export function changesOf({ slack }: BotWorld): readonly MessageRecord[] {
  return slack.sent().filter(({ metadata, deleted }) => {
    const key = metadata?.event_payload['key'];
    return !deleted && typeof key === 'string' && key.startsWith('m-');
  });
}

/** Alice asks about the broken workload of the examples, and presses the button of the answer; the proposal, open for decisions. */
export async function proposeFix(world: BotWorld): Promise<MessageRecord> {
  const answer = await askAndWait(world);
  await press(world, answer, 'remediation.review', alice.id);
  return changeSaying(world, 'proposal.approve');
}

/** Presses a button of a message. */
export async function press(
  { slack }: BotWorld,
  message: MessageRecord,
  actionId: string,
  user: string = bob.id,
): Promise<Delivery> {
  return slack.drivers.action({ place: placeOf(message), actionId, user });
}

/** What somebody fills into the window of an approval. */
export interface Approving {
  readonly user?: string;
  readonly confirm?: string;
  readonly reason?: string;
}

/** Opens the window of an approval, fills it in and submits it. */
export async function approve(
  world: BotWorld,
  proposal: MessageRecord,
  { user = bob.id, confirm, reason }: Approving = {},
): Promise<Delivery> {
  const { slack } = world;
  const known = slack.views().length;
  await press(world, proposal, 'proposal.approve', user);
  const viewId = await slack.waitFor(() => {
    const view = slack
      .views()
      .slice(known)
      .find((one) => one.open && JSON.stringify(one.view).includes('approval-reason'));
    return view?.id;
  }, 30_000);
  return slack.drivers.submit({
    viewId,
    values: {
      ...(confirm === undefined
        ? {}
        : { 'approval-confirm': { confirm: { type: 'plain_text_input', value: confirm } } }),
      'approval-reason': { reason: { type: 'plain_text_input', value: reason ?? null } },
    },
  });
}
