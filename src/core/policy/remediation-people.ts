import { listWords } from '../facts/text.ts';
import type { GroupFact } from './incident-policy.ts';
import type { PolicyPerson, PolicyPlace } from './reading-policy.ts';
import type { RemediationPolicy } from './remediation-policy.ts';

/** Who acts, as the chat system says at this moment. */
export interface ActingPerson extends PolicyPerson {
  /** The workspace that the account belongs to. */
  readonly team: string;
}

/** Where it is done. */
export interface ActingPlace extends PolicyPlace {
  /** Whether the bot is in it; nothing is known of a channel in which it is not. */
  readonly member: boolean;
}

/** Who acts where, and in which workspace Kubewhy is. */
export interface Acting {
  readonly person: ActingPerson;
  readonly place: ActingPlace;
  readonly team: string;
}

/** What speaks against it, for the audit. */
export type WhyNot =
  /** No rule, a protected namespace, or the settings changed. */
  | 'policy'
  /** A guest, a bot, a deactivated or foreign account. */
  | 'person'
  | 'place'
  /** The rule does not name that person. */
  | 'not-named'
  /** Requester or proposer. */
  | 'four-eyes'
  /** No Kubernetes identity. */
  | 'identity'
  /** The chat system did not say. */
  | 'unknown';

/** A refusal; `reason` is for the person who acted. */
export interface PeopleRefusal {
  readonly kind: 'refused';
  readonly why: WhyNot;
  readonly reason: string;
}

/** These groups must be looked up before it can be decided. */
export interface LookUp {
  readonly kind: 'look-up';
  readonly groups: readonly string[];
}

/** Codes of Slack that only say that it is asked too often. */
const LIMITED: readonly string[] = ['ratelimited', 'rate_limited', 'http_429'];

/** Ends a refusal that settings can change. */
export const ASK_ADMINISTRATOR = 'An administrator of Kubewhy can change that under `remediation` in kubewhy.yaml.';

/** What speaks against a person or a channel, whatever the rules say; in the order in which it is looked at. */
export function actingProblem(
  { sharedChannels }: Pick<RemediationPolicy, 'sharedChannels'>,
  { person, place, team }: Acting,
): PeopleRefusal | undefined {
  const ofPerson = personReason(person, team);
  if (ofPerson !== undefined) {
    return refused('person', ofPerson);
  }
  const ofPlace = placeReason(place, sharedChannels);
  return ofPlace === undefined ? undefined : refused('place', ofPlace);
}

function personReason(person: ActingPerson, team: string): string | undefined {
  if (person.foreign || person.team !== team) {
    return 'Only members of this workspace may decide about changes, and your account belongs to another one.';
  }
  if (person.deactivated) {
    return 'Your account is deactivated.';
  }
  if (person.bot) {
    return 'Bots and workflows may not decide about changes; a person must press the button.';
  }
  return person.guest
    ? 'Guests of this workspace may not decide about changes. Ask a full member of the workspace.'
    : undefined;
}

function placeReason(place: ActingPlace, shared: RemediationPolicy['sharedChannels']): string | undefined {
  if (!place.member) {
    return 'Kubewhy is not in this channel, so it cannot tell who reads it. Invite it with `/invite`, then try again.';
  }
  if (place.shared && shared !== 'allow') {
    return `This channel is shared with another organisation, and nothing is decided about changes in such channels. Ask in a channel of this workspace. ${ASK_ADMINISTRATOR}`;
  }
  return place.archived ? 'This channel is archived; nothing is decided there any more.' : undefined;
}

/** Whether somebody is among people and groups. A group that could not be looked up has no members. */
export function isNamed(
  user: string,
  listed: readonly string[],
  groups: readonly GroupFact[] | undefined,
): { readonly kind: 'named' | 'not-named' } | LookUp | { readonly kind: 'unknown'; readonly reason: string } {
  if (listed.includes(user)) {
    return { kind: 'named' };
  }
  const asked = groupsAmong(listed);
  if (asked.length > 0 && groups === undefined) {
    return { kind: 'look-up', groups: asked };
  }
  const ofGroups = (groups ?? []).filter(({ group }) => asked.includes(group));
  if (ofGroups.some((fact) => fact.kind === 'members' && fact.members.includes(user))) {
    return { kind: 'named' };
  }
  const missing = asked.filter((group) => !ofGroups.some((fact) => fact.group === group && fact.kind === 'members'));
  return missing.length === 0 ? { kind: 'not-named' } : { kind: 'unknown', reason: unknownWords(missing, ofGroups) };
}

/** Groups of a list of people and groups, each once. */
export function groupsAmong(listed: readonly string[]): readonly string[] {
  return [...new Set(listed.filter((id) => id.startsWith('S')))];
}

function unknownWords(missing: readonly string[], facts: readonly GroupFact[]): string {
  const words = missing.map((group) => {
    const fact = facts.find((one) => one.group === group);
    return `${group} (${fact?.kind === 'unknown' ? fact.reason : 'not looked up'})`;
  });
  const isLimited = facts.some((fact) => fact.kind === 'unknown' && LIMITED.includes(fact.reason));
  const then = isLimited
    ? 'It lets nobody ask more than about 20 times a minute. Try again in a minute.'
    : 'Try again; `kubewhy doctor` shows what is missing.';
  return `Slack did not say who is in the user group ${listWords(words, 3)}, so nobody can be told to be in it. ${then}`;
}

/** Whether at least one voter is an owner; always where there are no owners to ask for. */
export function ownersSatisfied(
  owners: readonly string[],
  voters: readonly string[],
  groups?: readonly GroupFact[],
): { readonly kind: 'satisfied' } | LookUp | PeopleRefusal {
  if (owners.length === 0) {
    return { kind: 'satisfied' };
  }
  const found = voters.map((voter) => isNamed(voter, owners, groups));
  if (found.some(({ kind }) => kind === 'named')) {
    return { kind: 'satisfied' };
  }
  const asked = groupsAmong(owners);
  if (asked.length > 0 && groups === undefined) {
    return { kind: 'look-up', groups: asked };
  }
  const unknown = found.find((one) => one.kind === 'unknown');
  return unknown === undefined
    ? refused('not-named', 'One approval must come from an owner, and none of the approvers is one. Ask an owner.')
    : refused('unknown', unknown.reason);
}

/** Whether somebody may stop and resume changes and see the audit. */
export function mayOperate(
  policy: Pick<RemediationPolicy, 'operators' | 'sharedChannels'>,
  {
    groups,
    anywhere = false,
    ...acting
  }: Acting & { readonly groups?: readonly GroupFact[]; readonly anywhere?: boolean },
): { readonly kind: 'allowed' } | LookUp | PeopleRefusal {
  const ofPerson = personReason(acting.person, acting.team);
  const inPlace = anywhere ? undefined : actingProblem(policy, acting);
  const problem = ofPerson === undefined ? inPlace : refused('person', ofPerson);
  if (problem !== undefined) {
    return problem;
  }
  const named = isNamed(acting.person.user, policy.operators, groups);
  switch (named.kind) {
    case 'named':
      return { kind: 'allowed' };
    case 'look-up':
      return named;
    case 'unknown':
      return refused('unknown', named.reason);
    case 'not-named':
      return refused('not-named', operatorWords(policy));
    default:
      return named satisfies never;
  }
}

function operatorWords({ operators }: Pick<RemediationPolicy, 'operators'>): string {
  return operators.length === 0
    ? `Nobody may do that: \`remediation.operators\` is empty. ${ASK_ADMINISTRATOR}`
    : `You may not do that: \`remediation.operators\` names neither you nor a group you are in. ${ASK_ADMINISTRATOR}`;
}

/** A refusal. */
export function refused(why: WhyNot, reason: string): PeopleRefusal {
  return { kind: 'refused', why, reason };
}
