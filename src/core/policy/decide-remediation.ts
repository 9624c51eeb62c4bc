import { quoted } from '../command/usage-error.ts';
import { listWords } from '../facts/text.ts';
import type { ActionCode } from '../playbook/vocabulary.ts';
import type { Asker } from '../question/question.ts';
import type { ApprovalRule, RemediationPlan } from '../remediation/remediation.ts';
import type { Tier } from '../remediation/tier.ts';
import { governingNamespace } from '../subject/subject.ts';
import type { GroupFact } from './incident-policy.ts';
import { isNamespaceName, matchesPattern } from './namespace-pattern.ts';
import {
  type Acting,
  ASK_ADMINISTRATOR,
  actingProblem,
  isNamed,
  type LookUp,
  type PeopleRefusal,
  refused,
} from './remediation-people.ts';
import type { IdentityMapping, RemediationPolicy, RemediationRule } from './remediation-policy.ts';

/** A change as the rules see it. */
export interface Change {
  readonly action: ActionCode;
  readonly tier: Tier;
  /** The name of the cluster in the settings. */
  readonly cluster: string;
  /** `governedNamespace` of what is changed; empty for what is in no namespace. */
  readonly namespace: string;
}

/** The rule that lets people approve a change; `approval` lacks only what must be typed. */
export interface FittingRule {
  readonly kind: 'fits';
  readonly rule: RemediationRule;
  readonly approval: Omit<ApprovalRule, 'confirm'>;
}

/** A decision about one person. */
export type ApprovalDecision =
  /** `identity`: what the cluster knows the person as. */
  | {
      readonly kind: 'allowed';
      readonly rule: string;
      readonly identity: { readonly user: string; readonly groups: readonly string[] };
    }
  | LookUp
  | PeopleRefusal;

/** What is asked about somebody who wants to decide. */
export interface ApprovalQuestion extends Acting {
  readonly change: Change;
  /** As the plan has it. */
  readonly approval: Pick<ApprovalRule, 'rule' | 'required' | 'owners'>;
  readonly requester: Asker;
  readonly proposer: Asker;
  /** Absent until they were looked up. */
  readonly groups?: readonly GroupFact[];
}

/** Nothing is changed in these, whatever the settings say. */
const ALWAYS_PROTECTED = ['kube-system', 'kube-public', 'kube-node-lease'] as const;
/** The least number of different approvers. */
const LEAST_APPROVERS: ReadonlyMap<Tier, number> = new Map([
  ['T1', 1],
  ['T2', 1],
  ['T3', 2],
]);
const UNTOUCHED = 'Nothing was changed.';

/**
 * The namespace by whose rules a change is judged: of a Namespace its own name, of what is no Kubernetes object that of
 * the object that was diagnosed. Empty for what is in none, such as a node.
 */
export function governedNamespace({ target, input }: Pick<RemediationPlan, 'target' | 'input'>): string {
  if (target.kind === 'Namespace' && target.group === '') {
    return target.name;
  }
  if (target.namespace !== '') {
    return target.namespace;
  }
  // Kubernetes writes its kinds with a capital letter, and Kubewhy everything else with a small one.
  return /^[A-Z]/.test(target.kind) ? '' : governingNamespace(input.subject);
}

/** The first rule that fits a change, with what its approval needs; or why nobody may approve it. */
export function ruleFor(policy: RemediationPolicy, change: Change): FittingRule | PeopleRefusal {
  const { action, tier, cluster, namespace } = change;
  const least = LEAST_APPROVERS.get(tier);
  if (policy.rules.length === 0 || action === 'R-ADVICE' || least === undefined) {
    return refused('policy', `Kubewhy may not change this: no rule under \`remediation\` allows it. ${UNTOUCHED}`);
  }
  const problem = namespaceProblem(policy, namespace);
  if (problem !== undefined) {
    return refused('policy', problem);
  }
  const fitting = policy.rules.filter(
    (rule) => fits(rule, { action, cluster, namespace }) && rule.tiers.includes(tier),
  );
  const rule = fitting.find(({ owners }) => tier !== 'T3' || owners.length > 0);
  if (rule === undefined) {
    return refused('policy', fitting.length === 0 ? noRuleWords(change) : ownerlessWords(fitting));
  }
  const wanted = rule.quorum[tier];
  return {
    kind: 'fits',
    rule,
    approval: {
      rule: rule.name,
      required: Number.isSafeInteger(wanted) ? Math.max(wanted, least) : least,
      owners: tier === 'T3' ? rule.owners : [],
      reasonRequired: tier === 'T3',
    },
  };
}

/** Whether any rule could allow an action there, whatever its tier turns out to be: whether it is worth proposing. */
export function mightAllow(policy: RemediationPolicy, change: Omit<Change, 'tier'>): boolean {
  return [...LEAST_APPROVERS.keys()].some((tier) => ruleFor(policy, { ...change, tier }).kind === 'fits');
}

/** Who a person is to a cluster; the first mapping that fits. */
export function identityOf(
  { identities }: Pick<RemediationPolicy, 'identities'>,
  user: string,
  cluster: string,
): IdentityMapping | undefined {
  return identities.find(
    ({ slack, clusters }) => slack === user && (clusters === undefined || clusters.includes(cluster)),
  );
}

/**
 * Whether somebody may approve a change at this moment; the same before the act. In this order: the account, the channel,
 * the rule, its people and groups, four eyes, the Kubernetes identity. Whatever is not known is refused.
 */
export function mayApprove(policy: RemediationPolicy, question: ApprovalQuestion): ApprovalDecision {
  const { change, person, groups } = question;
  const against = actingProblem(policy, question);
  if (against !== undefined) {
    return against;
  }
  const rule = sameRule(policy, question);
  if (rule.kind === 'refused') {
    return rule;
  }
  const named = isNamed(person.user, rule.rule.approvers, groups);
  if (named.kind === 'look-up') {
    return named;
  }
  if (named.kind === 'unknown') {
    return refused('unknown', named.reason);
  }
  if (named.kind === 'not-named') {
    return refused('not-named', notNamedWords(rule.rule.name));
  }
  const own = ownProblem(question);
  if (own !== undefined) {
    return refused('four-eyes', own);
  }
  const identity = identityOf(policy, person.user, change.cluster);
  return identity === undefined || identity.user === ''
    ? refused('identity', identityWords(change.cluster))
    : { kind: 'allowed', rule: rule.rule.name, identity: { user: identity.user, groups: identity.groups } };
}

/** What may be done about a change besides approving it. */
export type LesserDeed = 'deny' | 'cancel' | 'dry-run';

/**
 * Whether somebody may deny or cancel a change or ask for a dry run: whoever its rule names, and operators; who asked for
 * it or proposed it may take it back and ask for a dry run. What speaks against the account or the channel beats that.
 */
export function mayDecide(
  policy: RemediationPolicy,
  deed: LesserDeed,
  question: ApprovalQuestion,
): { readonly kind: 'allowed' } | LookUp | PeopleRefusal {
  const against = actingProblem(policy, question);
  if (against !== undefined) {
    return against;
  }
  if (deed !== 'deny' && ownProblem(question) !== undefined) {
    return { kind: 'allowed' };
  }
  const rule = policy.rules.find(({ name }) => name === question.approval.rule);
  const named = isNamed(question.person.user, [...(rule?.approvers ?? []), ...policy.operators], question.groups);
  switch (named.kind) {
    case 'named':
      return { kind: 'allowed' };
    case 'look-up':
      return named;
    case 'unknown':
      return refused('unknown', named.reason);
    case 'not-named':
      return refused('not-named', notNamedWords(question.approval.rule));
    default:
      return named satisfies never;
  }
}

/** The rule of the plan, if it is still the one that decides and asks for no more than the plan does. */
function sameRule(
  policy: RemediationPolicy,
  { change, approval }: Pick<ApprovalQuestion, 'change' | 'approval'>,
): FittingRule | PeopleRefusal {
  const now = ruleFor(policy, change);
  if (now.kind === 'refused') {
    return now;
  }
  const same =
    now.approval.rule === approval.rule &&
    now.approval.required <= approval.required &&
    [...now.approval.owners].toSorted().join() === [...approval.owners].toSorted().join();
  return same
    ? now
    : refused(
        'policy',
        'The settings changed since this change was proposed, so it cannot be approved as it is. Propose it again.',
      );
}

/**
 * Why it is the person's own change, or nothing. Within an organisation of several workspaces a person has the same ID in
 * each of them, so that the ID alone decides.
 */
function ownProblem({ person, requester, proposer }: ApprovalQuestion): string | undefined {
  if (person.user === requester.user) {
    return 'You asked the question that led to this change, so somebody else must approve it.';
  }
  return person.user === proposer.user ? 'You proposed this change, so somebody else must approve it.' : undefined;
}

function namespaceProblem({ protectedNamespaces }: RemediationPolicy, namespace: string): string | undefined {
  if (namespace === '') {
    return undefined;
  }
  if (!isNamespaceName(namespace)) {
    return `${quoted(namespace)} is no name of a namespace. ${UNTOUCHED}`;
  }
  const all = [...ALWAYS_PROTECTED, ...protectedNamespaces];
  return all.some((pattern) => matchesPattern(pattern, namespace))
    ? `The namespace ${quoted(namespace)} is protected: Kubewhy changes nothing there. ${UNTOUCHED} Repair it by hand.`
    : undefined;
}

function fits(rule: RemediationRule, { action, cluster, namespace }: Omit<Change, 'tier'>): boolean {
  return (
    rule.actions.some((one) => one === '*' || one === action) &&
    (rule.clusters === undefined || rule.clusters.includes(cluster)) &&
    rule.namespaces.some((pattern) => (namespace === '' ? pattern === '*' : matchesPattern(pattern, namespace)))
  );
}

function noRuleWords({ action, tier, cluster, namespace }: Change): string {
  const where = namespace === '' ? 'outside of namespaces' : `in the namespace ${quoted(namespace)}`;
  return `No rule under \`remediation.rules\` allows ${action} (${tier}) ${where} of the cluster ${quoted(cluster)}. ${UNTOUCHED} ${ASK_ADMINISTRATOR}`;
}

function ownerlessWords(rules: readonly RemediationRule[]): string {
  const names = listWords(
    rules.map(({ name }) => quoted(name)),
    3,
  );
  return `A T3 change needs the approval of an owner, and ${rules.length === 1 ? `the rule ${names} names` : `the rules ${names} name`} none. ${UNTOUCHED} ${ASK_ADMINISTRATOR}`;
}

function notNamedWords(rule: string): string {
  return `You may not decide about this change: the rule ${quoted(rule)} names neither you nor a group you are in. ${ASK_ADMINISTRATOR}`;
}

function identityWords(cluster: string): string {
  return `Kubewhy does not know who you are in the cluster ${quoted(cluster)}: \`remediation.identities\` has no entry for you. ${ASK_ADMINISTRATOR}`;
}
