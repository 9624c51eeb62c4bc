import { listWords } from '../facts/text.ts';
import {
  ADMINISTRATOR,
  mayAskAnything,
  type PolicyDecision,
  type PolicyPerson,
  type PolicyPlace,
  type ReadingPolicy,
  reasonAgainst,
} from './reading-policy.ts';

/** What may be done to an incident. */
export type IncidentDeed = 'acknowledge' | 'silence';

/** A group as far as it could be looked up. */
export type GroupFact =
  | { readonly kind: 'members'; readonly group: string; readonly members: readonly string[] }
  | { readonly kind: 'unknown'; readonly group: string; readonly reason: string };

/** What the decision depends on. */
export interface DeedQuestion {
  readonly deed: IncidentDeed;
  /** IDs of people and groups, or `*` for everyone who may ask in the channel. */
  readonly allowed: readonly string[];
  readonly person: PolicyPerson;
  readonly place: PolicyPlace;
  /** Empty when the cluster is not known. */
  readonly cluster: string;
  /** Absent until they were looked up. */
  readonly groups?: readonly GroupFact[];
}

/** `groups` must be looked up before it can be decided. */
export type DeedDecision = PolicyDecision | { readonly kind: 'look-up'; readonly groups: readonly string[] };

const WORDS: Readonly<Record<IncidentDeed, string>> = {
  acknowledge: 'acknowledge or snooze alerts',
  silence: 'silence alerts in Alertmanager',
};

/**
 * Whether somebody may do something to an incident that is shown in a channel. Whoever is named, alone or in a group,
 * must be a full member of the workspace; what speaks against the channel beats everything.
 */
export function mayDo(policy: ReadingPolicy, question: DeedQuestion): DeedDecision {
  const { allowed, person, place, cluster, groups } = question;
  const against = reasonAgainst(policy, person, place);
  if (against !== undefined) {
    return refused(against);
  }
  const everyone = allowed.includes('*');
  if (everyone && mayAskAnything(policy, person, place, cluster)) {
    return { kind: 'allowed' };
  }
  const listed = isFullMember(person) ? allowed : [];
  if (listed.includes(person.user)) {
    return { kind: 'allowed' };
  }
  const asked = listed.filter((id) => id.startsWith('S'));
  if (asked.length > 0 && groups === undefined) {
    return { kind: 'look-up', groups: asked };
  }
  const ofGroups = (groups ?? []).filter(({ group }) => asked.includes(group));
  return ofGroups.some((fact) => fact.kind === 'members' && fact.members.includes(person.user))
    ? { kind: 'allowed' }
    : refused(reasonFor(question, everyone, ofGroups));
}

function reasonFor(
  { deed, allowed, person, place }: DeedQuestion,
  everyone: boolean,
  groups: readonly GroupFact[],
): string {
  const unknown = groups.filter((fact) => fact.kind === 'unknown');
  if (unknown.length > 0) {
    const words = unknown.map(({ group, reason }) => `${group} (${reason})`);
    return `Slack did not say who is in the user group ${listWords(words, 3)}, so nobody can be told to be in it. Try again; \`kubewhy doctor\` shows what is missing.`;
  }
  if (allowed.length === 0) {
    return `Nobody may ${WORDS[deed]}: \`alerts.people.${deed}\` is empty. ${ADMINISTRATOR}`;
  }
  if (everyone) {
    const here = place.kind === 'direct' ? 'in direct messages' : 'in this channel';
    return `Only those who may ask about this cluster ${here} may ${WORDS[deed]}, and no rule under \`reading\` lets you. ${ADMINISTRATOR}`;
  }
  return isFullMember(person)
    ? `You may not ${WORDS[deed]}: \`alerts.people.${deed}\` names neither you nor a group you are in. ${ADMINISTRATOR}`
    : `Only full members of this workspace may ${WORDS[deed]}.`;
}

function isFullMember({ guest, bot, foreign, deactivated }: PolicyPerson): boolean {
  return !guest && !bot && !foreign && !deactivated;
}

function refused(reason: string): PolicyDecision {
  return { kind: 'refused', reason };
}
