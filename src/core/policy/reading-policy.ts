import { quoted } from '../command/usage-error.ts';
import { listWords } from '../facts/text.ts';
import { isNamespaceName, matchesPattern } from './namespace-pattern.ts';

/** Allows people of channels to ask about namespaces. */
export interface ReadingRule {
  /** Channel IDs; `direct` stands for every direct message. */
  readonly channels: readonly string[];
  /** Everyone when absent. */
  readonly users?: readonly string[];
  /** All clusters when absent. */
  readonly clusters?: readonly string[];
  /** Names, in which `*` stands for any characters. */
  readonly namespaces: readonly string[];
}

/** Who may ask. */
export interface ReadingPolicy {
  readonly guests: 'refuse' | 'allow';
  /** Channels that other organisations see. */
  readonly sharedChannels: 'refuse' | 'allow';
  readonly botsMayAsk: boolean;
  /** One that fits allows; nothing is allowed without one. */
  readonly rules: readonly ReadingRule[];
}

/** What the policy wants to know about the person. */
export interface PolicyPerson {
  readonly user: string;
  readonly deactivated: boolean;
  readonly guest: boolean;
  readonly bot: boolean;
  /** Of another workspace. */
  readonly foreign: boolean;
}

/** What the policy wants to know about the channel. */
export interface PolicyPlace {
  readonly channel: string;
  readonly kind: 'channel' | 'direct' | 'group';
  readonly shared: boolean;
  readonly archived: boolean;
}

/** A question as the policy sees it. */
export interface PolicyQuestion {
  readonly person: PolicyPerson;
  readonly place: PolicyPlace;
  readonly cluster: string;
  /** Empty for what is in no namespace, such as a node: only the pattern `*` allows that. */
  readonly namespace: string;
}

export type PolicyDecision =
  | { readonly kind: 'allowed' }
  /** `reason` is for the person who asked; it never says whether a namespace exists. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Ends a refusal that settings can change. */
export const ADMINISTRATOR = 'An administrator of Kubewhy can change that in kubewhy.yaml.';

/** Whether somebody may ask about a namespace. What speaks against the person or the channel beats every rule. */
export function mayAsk(policy: ReadingPolicy, { person, place, cluster, namespace }: PolicyQuestion): PolicyDecision {
  const reason =
    reasonAgainst(policy, person, place) ??
    reasonAgainstNamespace(rulesOf(policy, place, person), place, { cluster, namespace });
  return reason === undefined ? { kind: 'allowed' } : { kind: 'refused', reason };
}

/** The namespaces or patterns that somebody may ask about in a channel, in the order of the rules; empty: none. */
export function readableNamespaces(
  policy: ReadingPolicy,
  place: PolicyPlace,
  person: PolicyPerson,
  cluster?: string,
): readonly string[] {
  if (reasonAgainst(policy, person, place) !== undefined) {
    return [];
  }
  const rules = rulesOf(policy, place, person).filter((rule) => cluster === undefined || isOfCluster(rule, cluster));
  return patternsOf(rules);
}

/** The rules that let somebody ask somewhere; none for those who may ask nowhere. */
export function rulesFor(policy: ReadingPolicy, person: PolicyPerson): readonly ReadingRule[] {
  return reasonAgainstPerson(policy, person) === undefined
    ? policy.rules.filter(({ users }) => users === undefined || users.includes(person.user))
    : [];
}

/** What speaks against a person or a channel, whatever the rules say, as a sentence for that person. */
export function reasonAgainst(policy: ReadingPolicy, person: PolicyPerson, place: PolicyPlace): string | undefined {
  return reasonAgainstPerson(policy, person) ?? reasonAgainstPlace(policy, place);
}

/** Whether somebody may ask anything about a cluster in a channel; about any cluster when it is empty. */
export function mayAskAnything(
  policy: ReadingPolicy,
  person: PolicyPerson,
  place: PolicyPlace,
  cluster: string,
): boolean {
  return readableNamespaces(policy, place, person, cluster === '' ? undefined : cluster).length > 0;
}

function reasonAgainstPerson({ guests, botsMayAsk }: ReadingPolicy, person: PolicyPerson): string | undefined {
  if (person.foreign) {
    return 'Only members of this workspace may ask, and your account belongs to another one.';
  }
  if (person.deactivated) {
    return 'Your account is deactivated.';
  }
  if (person.bot && !botsMayAsk) {
    return `Bots and workflows may not ask. ${ADMINISTRATOR}`;
  }
  return person.guest && guests === 'refuse' ? `Guests of this workspace may not ask. ${ADMINISTRATOR}` : undefined;
}

function reasonAgainstPlace({ sharedChannels }: ReadingPolicy, place: PolicyPlace): string | undefined {
  if (place.shared && sharedChannels === 'refuse') {
    return `This channel is shared with another organisation, which would see the answer. Ask in a channel of this workspace. ${ADMINISTRATOR}`;
  }
  return place.archived ? 'This channel is archived; ask in another one.' : undefined;
}

function reasonAgainstNamespace(
  rules: readonly ReadingRule[],
  place: PolicyPlace,
  { cluster, namespace }: Pick<PolicyQuestion, 'cluster' | 'namespace'>,
): string | undefined {
  const here = place.kind === 'direct' ? 'in direct messages' : 'in this channel';
  if (rules.length === 0) {
    return `You may not ask about anything ${here}: no rule under \`reading\` allows it. ${ADMINISTRATOR}`;
  }
  const ofCluster = rules.filter((rule) => isOfCluster(rule, cluster));
  if (ofCluster.length === 0) {
    return `You may not ask about the cluster ${quoted(cluster)} ${here}. ${ADMINISTRATOR}`;
  }
  const patterns = patternsOf(ofCluster);
  if (namespace === '') {
    return patterns.includes('*')
      ? undefined
      : `You may not ask about nodes ${here}: they belong to no namespace, so only a rule with the namespace "*" allows it. ${ADMINISTRATOR}`;
  }
  if (isNamespaceName(namespace) && patterns.some((pattern) => matchesPattern(pattern, namespace))) {
    return undefined;
  }
  return `You may not ask about the namespace ${quoted(namespace)} ${here}, only about ${listWords(patterns, 10)}. ${ADMINISTRATOR}`;
}

function rulesOf({ rules }: ReadingPolicy, place: PolicyPlace, person: PolicyPerson): readonly ReadingRule[] {
  const names = place.kind === 'direct' ? [place.channel, 'direct'] : [place.channel];
  return rules.filter(
    ({ channels, users }) =>
      channels.some((channel) => names.includes(channel)) && (users === undefined || users.includes(person.user)),
  );
}

function isOfCluster({ clusters }: ReadingRule, cluster: string): boolean {
  return clusters === undefined || clusters.includes(cluster);
}

function patternsOf(rules: readonly ReadingRule[]): readonly string[] {
  return [...new Set(rules.flatMap(({ namespaces }) => namespaces))];
}
