import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { SlackChannel, SlackUser } from '../../src/sim/slack/world/world-types.ts';

/** Whoever asks does so in one of these channels, each of which has an approver of its own: nobody has two windows. */
export const CHANNELS = 16;

/** Who approves in the channel of that number. */
export function approverOf(index: number): SlackUser {
  const name = `approver-${index % CHANNELS}`;
  const id = `U0CHAOS${String(index % CHANNELS).padStart(2, '0')}`;
  return { ...USERS.bob, id, name, realName: name };
}

/** The channel of that number, with everybody in it. */
export function channelOf(index: number, approvers: readonly SlackUser[]): SlackChannel {
  const id = `C0CHAOS${String(index).padStart(2, '0')}`;
  const members = [...Object.values(USERS), ...approvers].map((user) => user.id);
  return { id, name: `chaos-${index}`, kind: 'public', members, isArchived: false, isExtShared: false };
}
