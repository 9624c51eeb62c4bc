import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { People, Person, Place } from '../../ports/people.ts';
import { cachedLookup } from './cached-lookup.ts';
import { listAt, textAt, trueAt, valueAt } from './fields.ts';
import type { CallResult, SlackClient } from './slack-client.ts';
import type { SlackFailure } from './slack-failure.ts';

/** What looking people up needs. */
export interface SlackPeopleDeps {
  /** With a short time-out, such as 1.5 seconds: somebody waits for an acknowledgement. */
  readonly client: SlackClient;
  /** The workspace that the bot belongs to. */
  readonly team: string;
}

const LIMITS = { milliseconds: 60_000, entries: 5000 } as const;

/**
 * People, and channels that the bot is in, kept for 60 seconds. What `…Now` and groups say decides who may do something:
 * it is asked for anew every time, is not shared with a look-up that is under way, and is not kept.
 */
export function createSlackPeople(deps: SlackPeopleDeps): People {
  return {
    person: cachedLookup((user) => readPerson(deps, user), LIMITS),
    // Who is told to invite the bot does so and asks again at once.
    place: cachedLookup((channel) => readPlace(deps, channel), { ...LIMITS, keeps: ({ member }) => member }),
    personNow: (user) => readPerson(deps, user),
    placeNow: (channel) => readPlace(deps, channel),
    groupMembers: (group) => readGroup(deps, group),
  };
}

async function readPerson(deps: SlackPeopleDeps, user: string): Promise<Person> {
  const answer = await deps.client.call('users.info', { user });
  if (answer.kind === 'failed' && isCode(answer, 'user_not_found', 'user_not_visible')) {
    // Whoever Slack does not know here is trusted with nothing.
    return { user, team: '', deactivated: true, guest: false, bot: false, foreign: true };
  }
  const found = valueAt(bodyOf(answer, 'user'), 'user');
  const team = textAt(found, 'team_id') ?? '';
  return {
    user,
    team,
    deactivated: trueAt(found, 'deleted'),
    guest: trueAt(found, 'is_restricted') || trueAt(found, 'is_ultra_restricted'),
    bot: trueAt(found, 'is_bot') || user === 'USLACKBOT',
    foreign: team !== deps.team || trueAt(found, 'is_stranger'),
    ...nameOf(found),
  };
}

function nameOf(found: unknown): Pick<Person, 'name'> {
  const names = [textAt(found, 'profile', 'display_name'), textAt(found, 'real_name'), textAt(found, 'name')];
  const name = names.find((one) => one !== undefined && one.trim() !== '');
  return name === undefined ? {} : { name: name.slice(0, 100) };
}

async function readGroup(deps: SlackPeopleDeps, group: string): Promise<readonly string[]> {
  const answer = await deps.client.call('usergroups.users.list', { usergroup: group });
  if (answer.kind === 'failed') {
    throw unavailable(answer.failure, 'is in the user group');
  }
  return listAt(answer.body, 'users').filter((user) => typeof user === 'string');
}

async function readPlace(deps: SlackPeopleDeps, channel: string): Promise<Place> {
  const answer = await deps.client.call('conversations.info', { channel });
  if (answer.kind === 'failed' && isCode(answer, 'channel_not_found')) {
    // A private channel or a conversation of others: all that is known is that the bot is not in it.
    return { channel, name: '', kind: kindOfId(channel), shared: false, archived: false, member: false };
  }
  const found = valueAt(bodyOf(answer, 'channel'), 'channel');
  const direct = trueAt(found, 'is_im');
  return {
    channel,
    name: textAt(found, 'name') ?? '',
    kind: direct ? 'direct' : trueAt(found, 'is_mpim') ? 'group' : 'channel',
    shared: trueAt(found, 'is_ext_shared') || trueAt(found, 'is_shared') || trueAt(found, 'is_org_shared'),
    archived: trueAt(found, 'is_archived'),
    // Slack shows a direct conversation to those who are in it only.
    member: direct || trueAt(found, 'is_member'),
  };
}

function kindOfId(channel: string): Place['kind'] {
  return channel.startsWith('D') ? 'direct' : 'channel';
}

function isCode(answer: Extract<CallResult, { readonly kind: 'failed' }>, ...codes: readonly string[]): boolean {
  return codes.includes(answer.failure.code);
}

function bodyOf(answer: CallResult, what: 'user' | 'channel'): unknown {
  if (answer.kind === 'ok') {
    return answer.body;
  }
  throw unavailable(answer.failure, `the ${what} is`);
}

/** `retryAfterMs` of its context: when Slack answers again, where it only limits how often it is asked. */
function unavailable({ code, retryAfterMs }: SlackFailure, who: string): KubewhyError {
  return new KubewhyError('CHAT_UNAVAILABLE', {
    message: `Slack did not say who ${who}: ${code}.`,
    context: { code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  });
}
