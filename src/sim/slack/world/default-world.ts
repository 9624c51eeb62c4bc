import type {
  ChannelKind,
  SlackApp,
  SlackChannel,
  SlackTeam,
  SlackUser,
  SlackUserGroup,
  UserKind,
} from './world-types.ts';

export const TEAM: SlackTeam = { id: 'T0ACME001', name: 'Acme', domain: 'acme' };

/** The workspace of the foreign user, and of deliveries that pretend to come from somewhere else. */
export const OTHER_TEAM: SlackTeam = { id: 'T0OTHER01', name: 'Other', domain: 'other' };

export const APP: SlackApp = { id: 'A0KUBEWHY', name: 'Kubewhy', botId: 'B0KUBEWHY', botUserId: 'U0KUBEWHY' };

/** The accounts of every stand-in. */
export const USERS = {
  alice: user('U0ALICE01', 'alice', 'Alice Archer'),
  bob: user('U0BOB0001', 'bob', 'Bob Baker'),
  guest: user('U0GUEST01', 'gwen', 'Gwen Guest', 'guest'),
  deactivated: { ...user('U0DEACT01', 'dora', 'Dora Deactivated'), deleted: true },
  bot: user(APP.botUserId, 'kubewhy', APP.name, 'bot'),
  otherBot: user('U0OTHBOT1', 'deploybot', 'Deploy Bot', 'bot'),
  foreign: { ...user('U0FOREIGN', 'frank', 'Frank Foreign', 'foreign'), teamId: OTHER_TEAM.id },
} satisfies Record<string, SlackUser>;

const EVERYBODY = Object.values(USERS).map(({ id }) => id);
const WITHOUT_BOT = EVERYBODY.filter((id) => id !== APP.botUserId);

/** The channels of every stand-in. The bot is not a member of `random`. */
export const CHANNELS = {
  ops: channel('C0OPS0001', 'ops', EVERYBODY),
  shopAlerts: channel('C0SHOPAL1', 'shop-alerts', EVERYBODY),
  random: channel('C0RANDOM1', 'random', WITHOUT_BOT),
  dm: channel('D0ALICE01', 'kubewhy', [USERS.alice.id, APP.botUserId], 'im'),
} satisfies Record<string, SlackChannel>;

export const USER_GROUPS: readonly SlackUserGroup[] = [
  { id: 'S0SRE0001', handle: 'sre', name: 'Site reliability', users: [USERS.alice.id, USERS.bob.id] },
];

function user(id: string, name: string, realName: string, kind: UserKind = 'member'): SlackUser {
  return { id, teamId: TEAM.id, name, realName, kind, deleted: false };
}

function channel(id: string, name: string, members: readonly string[], kind: ChannelKind = 'public'): SlackChannel {
  return { id, name, kind, members, isArchived: false, isExtShared: false };
}
