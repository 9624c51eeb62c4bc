import { listWords } from '../../core/facts/text.ts';
import type { ApprovalDecision } from '../../core/policy/decide-remediation.ts';
import { groupsAmong, type WhyNot } from '../../core/policy/remediation-people.ts';
import type { RemediationRule } from '../../core/policy/remediation-policy.ts';
import type { AccessRight } from '../../core/remediation/remediation.ts';
import type { Person } from '../../ports/people.ts';

/** Ends a refusal after which nothing but another try helps. */
export const PROPOSE_AGAIN = 'Nothing was changed. Propose it again.';

const SOMEBODY_ELSE = 'or let somebody else approve';

type Lost = Exclude<WhyNot, 'policy' | 'place' | 'unknown'>;

/** What is lost, then what gives it back. */
const WORDS: Readonly<Record<Lost, (rule: string, groups: string) => readonly [what: string, back: string]>> = {
  person: () => [
    'the account is deactivated, a guest, a bot or of another workspace',
    'Let somebody else approve: propose it again.',
  ],
  'not-named': (rule, groups) => [
    `the rule "${rule}" names neither that person nor a group that the person is in`,
    `First name that person under \`approvers\` of the rule${groups === '' ? '' : ` or take them into ${groups}`}, ${SOMEBODY_ELSE}; then propose it again.`,
  ],
  'four-eyes': () => [
    'it is the same person who asked for the change or proposed it',
    'Let somebody else approve: propose it again.',
  ],
  identity: () => [
    '`remediation.identities` does not say any more who that person is to the cluster',
    `First add the entry again, ${SOMEBODY_ELSE}; then propose it again.`,
  ],
};

/** Why an approval does not count any more, then what to do. */
export function refusalWords(
  decision: Exclude<ApprovalDecision, { kind: 'allowed' }>,
  { name }: Person,
  rule: Pick<RemediationRule, 'name' | 'approvers'>,
): string {
  if (decision.kind === 'look-up') {
    return `Who is in the groups of the rule is not known. ${PROPOSE_AGAIN}`;
  }
  const { why, reason } = decision;
  if (why === 'policy' || why === 'place' || why === 'unknown') {
    return reason;
  }
  const who = name === undefined ? 'An approver' : `The approver ${name}`;
  const [what, back] = WORDS[why](rule.name, groupWords(groupsAmong(rule.approvers)));
  return `${who} may not approve this any more: ${what}. Nothing was changed. ${back}`;
}

/** `the group S1`, `one of the groups S1 and S2`. */
function groupWords(groups: readonly string[]): string {
  return groups.length < 2
    ? groups.map((group) => `the group ${group}`).join('')
    : `one of the groups ${listWords(groups, 3)}`;
}

/** That the cluster does not let an approver do it, then what to do. */
export function lackingWords(user: string, rights: readonly AccessRight[]): string {
  const words = listWords(rights.map(rightWords), 3);
  return `The cluster does not let the approver ${user} do this: the right to ${words} is missing. Nothing was changed. First give that right back (RBAC of the cluster), ${SOMEBODY_ELSE}; then propose it again.`;
}

/** That no approver is an owner any more, then what to do. */
export function ownerlessWords(rule: string): string {
  return `None of the approvers is an owner of the rule "${rule}" any more. Nothing was changed. First make one of them an owner again, or let an owner approve; then propose it again.`;
}

/** `delete pods in shop`. */
function rightWords({ verb, resource, subresource, namespace }: AccessRight): string {
  const where = namespace === '' ? '' : ` in ${namespace}`;
  return `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}${where}`;
}
