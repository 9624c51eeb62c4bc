import type { SimState } from '../state.ts';
import type { SlackUser } from '../world/world-types.ts';
import type { ApiArguments } from './api-arguments.ts';
import { existingMessage, memberChannel } from './channel-access.ts';
import type { Methods } from './method.ts';
import { ApiRefusal } from './refusal.ts';

/** `users.*`, `usergroups.*` and `reactions.*` */
export const PEOPLE_METHODS: Methods = {
  'users.info': { tier: 4, scopes: ['users:read'], handle: userInfo },
  'usergroups.list': { tier: 2, scopes: ['usergroups:read'], handle: groups },
  'usergroups.users.list': { tier: 2, scopes: ['usergroups:read'], handle: groupUsers },
  'reactions.add': { tier: 3, scopes: ['reactions:write'], handle: addReaction },
  'reactions.remove': { tier: 2, scopes: ['reactions:write'], handle: removeReaction },
};

function userInfo(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const user = state.world.user(args.required('user'));
  if (user === undefined) {
    throw new ApiRefusal('user_not_found');
  }
  return { user: userJson(user) };
}

function userJson(user: SlackUser): Record<string, unknown> {
  const isGuest = user.kind === 'guest';
  const rights = user.deleted
    ? {}
    : {
        is_admin: false,
        is_owner: false,
        is_primary_owner: false,
        is_restricted: isGuest,
        is_ultra_restricted: false,
      };
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted,
    real_name: user.realName,
    tz: 'Europe/Berlin',
    tz_label: 'Central European Time',
    tz_offset: 3600,
    is_bot: user.kind === 'bot',
    is_app_user: false,
    ...rights,
    ...(user.kind === 'foreign' ? { is_stranger: true } : {}),
    profile: { real_name: user.realName, display_name: user.name, team: user.teamId },
    updated: 0,
  };
}

function groups(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const withUsers = args.flag('include_users') === true;
  return {
    usergroups: state.world.usergroups.map((group) => ({
      id: group.id,
      team_id: state.world.team.id,
      is_usergroup: true,
      name: group.name,
      handle: group.handle,
      date_delete: 0,
      user_count: group.users.length,
      ...(withUsers ? { users: group.users } : {}),
    })),
  };
}

function groupUsers(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const id = args.required('usergroup');
  const group = state.world.usergroups.find((candidate) => candidate.id === id);
  if (group === undefined) {
    throw new ApiRefusal('no_such_subteam');
  }
  return { users: group.users.filter((user) => state.world.user(user)?.deleted !== true) };
}

function addReaction(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const { message, name, me } = reactionTarget(state, args);
  const users = message.reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(me)) {
    throw new ApiRefusal('already_reacted');
  }
  const others = message.reactions.filter((reaction) => reaction.name !== name);
  state.messages.change({ ...message, reactions: [...others, { name, users: [...users, me] }] });
  return {};
}

function removeReaction(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const { message, name, me } = reactionTarget(state, args);
  const users = message.reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (!users.includes(me)) {
    throw new ApiRefusal('no_reaction');
  }
  const others = message.reactions.filter((reaction) => reaction.name !== name);
  const left = users.filter((user) => user !== me);
  state.messages.change({ ...message, reactions: left.length === 0 ? others : [...others, { name, users: left }] });
  return {};
}

function reactionTarget(state: SimState, args: ApiArguments) {
  const channel = memberChannel(state, args.required('channel'));
  const name = args.required('name');
  if (!/^[a-z0-9_+'-]{1,100}$/.test(name)) {
    throw new ApiRefusal('invalid_name', { isMistake: true, details: [`${name} is no emoji name`] });
  }
  if (channel.isArchived) {
    throw new ApiRefusal('is_archived');
  }
  const message = existingMessage(state, channel.id, args.required('timestamp'));
  return { message, name, me: state.world.app.botUserId };
}
