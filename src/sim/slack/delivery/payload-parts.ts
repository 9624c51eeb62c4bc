import type { SimState } from '../state.ts';
import type { TriggerOrigin } from '../store/triggers.ts';
import { OTHER_TEAM } from '../world/default-world.ts';
import type { SlackChannel, SlackUser } from '../world/world-types.ts';
import type { DeliveryOptions } from './delivery-types.ts';

export const VERIFICATION_TOKEN = 'sim-verification-token';

/** The fields that every interaction carries. */
export function interactionBase(
  state: SimState,
  user: SlackUser,
  options: DeliveryOptions,
  origin: TriggerOrigin,
): Record<string, unknown> {
  const { world } = state;
  const team = options.team ?? world.team.id;
  return {
    team: { id: team, domain: team === world.team.id ? world.team.domain : OTHER_TEAM.domain },
    api_app_id: world.app.id,
    token: VERIFICATION_TOKEN,
    trigger_id: state.triggers.issue(origin, world.app.id, state.clock()),
    enterprise: null,
    is_enterprise_install: false,
    user: { id: user.id, username: user.name, name: user.name, team_id: userTeam(state, user, options) },
  };
}

/** The workspace of the user, unless the delivery pretends to come from another one. */
export function userTeam(state: SimState, user: SlackUser, options: DeliveryOptions): string {
  return options.team !== undefined && user.teamId === state.world.team.id ? options.team : user.teamId;
}

/** The envelope of the Events API around an inner event. */
export function eventPayload(
  state: SimState,
  event: Readonly<Record<string, unknown>>,
  options: DeliveryOptions,
  channel?: SlackChannel,
): Record<string, unknown> {
  const { world } = state;
  const team = options.team ?? world.team.id;
  return {
    token: VERIFICATION_TOKEN,
    team_id: team,
    context_team_id: team,
    context_enterprise_id: null,
    api_app_id: world.app.id,
    event,
    type: 'event_callback',
    event_id: state.ids.next('Ev'),
    event_time: Math.floor(state.clock() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team,
        user_id: world.app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: channel?.isExtShared ?? false,
    event_context: `4-${state.ids.next('')}`,
  };
}

export function userOf(state: SimState, id: string): SlackUser {
  const user = state.world.user(id);
  if (user === undefined) {
    throw new Error(`slack-sim: there is no user ${id}`);
  }
  return user;
}

export function channelOf(state: SimState, id: string): SlackChannel {
  const channel = state.world.channel(id);
  if (channel === undefined) {
    throw new Error(`slack-sim: there is no channel ${id}`);
  }
  return channel;
}
