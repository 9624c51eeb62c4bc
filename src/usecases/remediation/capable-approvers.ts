import { identityOf } from '../../core/policy/decide-remediation.ts';
import type { GroupFact } from '../../core/policy/incident-policy.ts';
import { groupsAmong } from '../../core/policy/remediation-people.ts';
import type { RemediationRule } from '../../core/policy/remediation-policy.ts';
import type { RemediationPlan } from '../../core/remediation/remediation.ts';
import type { KubernetesIdentity } from '../../ports/cluster-writer.ts';
import { groupLookUp } from './approvers.ts';
import type { ExecutorDeps } from './remediation-deps.ts';

/** People of a rule that the cluster is asked about; larger groups are judged by the first of them. */
const MOST_ASKED = 50;

/**
 * Why not enough people could approve a change, or nothing: the rule must name them, the settings must say who they are to
 * the cluster, and the cluster must let them do it themselves. They are looked at again when they approve, and at the act.
 */
export async function approverShortage(
  plan: RemediationPlan,
  rule: RemediationRule,
  deps: ExecutorDeps,
): Promise<string | undefined> {
  const { required } = plan.approval;
  const { people, unknown } = await peopleOf(plan, rule, deps);
  const identities = people.flatMap((user) => identityOf(deps.settings().policy, user, plan.cluster) ?? []);
  let capable = 0;
  for (const identity of identities.slice(0, MOST_ASKED)) {
    capable += Number(await mayDo(identity, plan, deps));
    if (capable >= required) {
      return undefined;
    }
  }
  if (unknown !== undefined) {
    return `Slack did not say who is in the user group ${unknown.group} (${unknown.reason}), so nobody can tell whether enough people could approve this. Nothing was changed. Try again in a minute.`;
  }
  const some = capable === 0 ? 'Nobody' : `Only ${capable} of ${required} people`;
  return `${some} whom the rule "${rule.name}" names could approve this: the settings must say who they are to the cluster, the cluster itself must let them do it, and whoever asked or proposed it does not count. Nothing was changed. Ask an administrator of Kubewhy.`;
}

type UnknownGroup = Extract<GroupFact, { kind: 'unknown' }>;

async function peopleOf(
  { requester, proposer }: RemediationPlan,
  { approvers }: RemediationRule,
  deps: ExecutorDeps,
): Promise<{ readonly people: readonly string[]; readonly unknown: UnknownGroup | undefined }> {
  const groups = await groupLookUp(deps)(groupsAmong(approvers));
  const members = groups.flatMap((fact) => (fact.kind === 'members' ? fact.members : []));
  const all = new Set([...approvers.filter((id) => !groupsAmong([id]).includes(id)), ...members]);
  return {
    people: [...all].filter((user) => user !== requester.user && user !== proposer.user),
    unknown: groups.find((fact) => fact.kind === 'unknown'),
  };
}

async function mayDo(
  { user, groups }: KubernetesIdentity,
  { rights }: RemediationPlan,
  { writer }: ExecutorDeps,
): Promise<boolean> {
  const answers = await Promise.all(rights.map((right) => writer.mayUser({ user, groups }, right)));
  return answers.every((answer) => answer.kind === 'known' && answer.allowed);
}
