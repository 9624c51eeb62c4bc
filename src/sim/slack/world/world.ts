import { APP, CHANNELS, TEAM, USER_GROUPS, USERS } from './default-world.ts';
import type { SlackApp, SlackChannel, SlackTeam, SlackUser, SlackUserGroup } from './world-types.ts';

/** What a test adds to the default workspace. */
export interface WorldAdditions {
  readonly users?: readonly SlackUser[];
  readonly channels?: readonly SlackChannel[];
  readonly usergroups?: readonly SlackUserGroup[];
}

/** The workspace with its accounts and channels; they can change while the stand-in runs. */
export class World {
  readonly team: SlackTeam = TEAM;
  readonly app: SlackApp = APP;
  readonly usergroups: readonly SlackUserGroup[];
  private readonly usersById: Map<string, SlackUser>;
  private readonly channelsById: Map<string, SlackChannel>;

  constructor(additions: WorldAdditions = {}) {
    const users = [...Object.values(USERS), ...(additions.users ?? [])];
    const channels = [...Object.values(CHANNELS), ...(additions.channels ?? [])];
    this.usersById = new Map(users.map((user) => [user.id, user]));
    this.channelsById = new Map(channels.map((channel) => [channel.id, channel]));
    this.usergroups = [...USER_GROUPS, ...(additions.usergroups ?? [])];
  }

  get users(): readonly SlackUser[] {
    return [...this.usersById.values()];
  }

  get channels(): readonly SlackChannel[] {
    return [...this.channelsById.values()];
  }

  user(id: string): SlackUser | undefined {
    return this.usersById.get(id);
  }

  channel(id: string): SlackChannel | undefined {
    return this.channelsById.get(id);
  }

  /** Adds it, or replaces the one with the same id. */
  putUser(user: SlackUser): void {
    this.usersById.set(user.id, user);
  }

  /** Adds it, or replaces the one with the same id. */
  putChannel(channel: SlackChannel): void {
    this.channelsById.set(channel.id, channel);
  }

  hasBot(channel: SlackChannel): boolean {
    return channel.members.includes(this.app.botUserId);
  }

  /** The direct conversation of a user with the bot; made when it does not exist yet. */
  directChannel(userId: string): SlackChannel {
    const existing = this.channels.find(({ kind, members }) => kind === 'im' && members.includes(userId));
    if (existing !== undefined) {
      return existing;
    }
    const members = [userId, this.app.botUserId];
    const made: SlackChannel = {
      id: `D${userId.slice(1)}`,
      name: 'kubewhy',
      kind: 'im',
      members,
      isArchived: false,
      isExtShared: false,
    };
    this.putChannel(made);
    return made;
  }
}
