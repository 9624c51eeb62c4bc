import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { type ApprovalQuestion, governedNamespace, mayApprove } from '../../core/policy/decide-remediation.ts';
import type { GroupFact } from '../../core/policy/incident-policy.ts';
import { ownersSatisfied } from '../../core/policy/remediation-people.ts';
import type { AccessRight, RemediationRecord, Vote } from '../../core/remediation/remediation.ts';
import type { KubernetesIdentity } from '../../ports/cluster-writer.ts';
import type { Place } from '../../ports/people.ts';
import { lackingWords, ownerlessWords, PROPOSE_AGAIN, refusalWords } from './approver-words.ts';
import { notingLimits } from './noting-limits.ts';
import type { ExecutorDeps } from './remediation-deps.ts';

/** Whether the approvals still count. */
export type ApproversCheck =
  /** Who they are to the cluster. */
  | { readonly kind: 'ok'; readonly identities: readonly KubernetesIdentity[] }
  /**
   * `by`: whose approval does not count; absent where it is about none of them. `retryAfterMs`: when Slack says what it did
   * not say only because it was asked too often.
   */
  | { readonly kind: 'refused'; readonly reason: string; readonly by?: string; readonly retryAfterMs?: number };

type PeopleDeps = Pick<ExecutorDeps, 'people' | 'settings' | 'writer' | 'logger' | 'cluster'>;

/**
 * Looks at every approver anew: the account, the channel, the rule and its groups, the identity, and every right in the
 * cluster. Whatever does not answer is a refusal.
 */
export async function checkApprovers(record: RemediationRecord, deps: PeopleDeps): Promise<ApproversCheck> {
  const limits: number[] = [];
  const checked = await checkSafely(record, { ...deps, people: notingLimits(deps.people, limits) });
  if (checked.kind === 'ok') {
    return checked;
  }
  const { unsure = false, ...refusal } = checked;
  return unsure && limits.length > 0 ? { ...refusal, retryAfterMs: Math.max(...limits) } : refusal;
}

/** `unsure`: only because Slack did not say something. */
type Checked =
  | Extract<ApproversCheck, { kind: 'ok' }>
  | (Extract<ApproversCheck, { kind: 'refused' }> & { readonly unsure?: boolean });

async function checkSafely(record: RemediationRecord, deps: PeopleDeps): Promise<Checked> {
  try {
    return await check(record, deps);
  } catch (error) {
    if (!isKubewhyError(error, 'CHAT_UNAVAILABLE') && !isKubewhyError(error, 'CHAT_REJECTED')) {
      throw error;
    }
    deps.logger.warn('approvers could not be looked up', { remediation: record.signed.plan.id, error });
    const reason = `Slack did not say whether the approvers may still approve this. ${PROPOSE_AGAIN}`;
    return { ...refused(reason), unsure: true };
  }
}

async function check(record: RemediationRecord, deps: PeopleDeps): Promise<Checked> {
  const { plan } = record.signed;
  const groups = groupLookUp(deps);
  const place = deps.people.placeNow(record.message?.channel ?? plan.replyTo.channel);
  const checks = await Promise.all(record.votes.map((vote) => checkVote(vote, { record, place, groups }, deps)));
  const problem = checks.find((one) => one.kind === 'refused');
  if (problem !== undefined) {
    return problem;
  }
  const voters = record.votes.map(({ user }) => user);
  const first = ownersSatisfied(plan.approval.owners, voters);
  const owners =
    first.kind === 'look-up' ? ownersSatisfied(plan.approval.owners, voters, await groups(first.groups)) : first;
  if (owners.kind !== 'satisfied') {
    const unsure = owners.kind === 'refused' && owners.why === 'unknown';
    const reason = unsure ? `${owners.reason} ${PROPOSE_AGAIN}` : ownerlessWords(plan.approval.rule);
    return { ...refused(reason), unsure };
  }
  const identities = checks.flatMap((one) => (one.kind === 'ok' ? one.identities : []));
  return new Set(identities.map(({ user }) => user)).size < record.votes.length
    ? refused(`Two of the approvers are the same person to the cluster. ${PROPOSE_AGAIN}`)
    : { kind: 'ok', identities };
}

interface Known {
  readonly record: RemediationRecord;
  readonly place: Promise<Place>;
  readonly groups: GroupLookUp;
}

async function checkVote(vote: Vote, { record, place, groups }: Known, deps: PeopleDeps): Promise<Checked> {
  const { plan } = record.signed;
  const { policy } = deps.settings();
  const [person, where] = await Promise.all([deps.people.personNow(vote.user), place]);
  const question: ApprovalQuestion = {
    person,
    place: where,
    team: plan.replyTo.team,
    change: {
      action: plan.input.action,
      tier: plan.tier,
      cluster: plan.cluster,
      namespace: governedNamespace(plan),
    },
    approval: plan.approval,
    requester: plan.requester,
    proposer: plan.proposer,
  };
  const first = mayApprove(policy, question);
  const decision =
    first.kind === 'look-up' ? mayApprove(policy, { ...question, groups: await groups(first.groups) }) : first;
  if (decision.kind === 'allowed') {
    return checkRights({ identity: decision.identity, by: vote.user }, plan.rights, deps);
  }
  const rule = policy.rules.find(({ name }) => name === plan.approval.rule);
  return {
    ...refused(
      refusalWords(decision, person, { name: plan.approval.rule, approvers: rule?.approvers ?? [] }),
      vote.user,
    ),
    unsure: decision.kind === 'look-up' || decision.why === 'unknown',
  };
}

interface Rightful {
  readonly identity: KubernetesIdentity;
  readonly by: string;
}

/** What the cluster itself lets a person do. */
async function checkRights(
  { identity, by }: Rightful,
  rights: readonly AccessRight[],
  { writer }: Pick<ExecutorDeps, 'writer'>,
): Promise<ApproversCheck> {
  const answers = await Promise.all(
    rights.map(async (right) => ({ right, answer: await writer.mayUser(identity, right) })),
  );
  const unread = answers.find(({ answer }) => answer.kind === 'unreadable');
  if (unread !== undefined) {
    return refused(`The cluster did not say what the approver ${identity.user} may do. ${PROPOSE_AGAIN}`, by);
  }
  const lacking = answers.filter(({ answer }) => answer.kind === 'known' && !answer.allowed);
  if (lacking.length === 0) {
    return { kind: 'ok', identities: [identity] };
  }
  return refused(
    lackingWords(
      identity.user,
      lacking.map(({ right }) => right),
    ),
    by,
  );
}

type GroupLookUp = (groups: readonly string[]) => Promise<readonly GroupFact[]>;

/** Each group is looked up once; one that cannot be looked up has no members. */
export function groupLookUp({ people, logger }: Pick<ExecutorDeps, 'people' | 'logger'>): GroupLookUp {
  const asked = new Map<string, Promise<GroupFact>>();
  const lookUp = async (group: string): Promise<GroupFact> => {
    try {
      return { kind: 'members', group, members: await people.groupMembers(group) };
    } catch (error) {
      if (!isKubewhyError(error)) {
        throw error;
      }
      logger.warn('a user group could not be looked up', { group, error });
      const { code } = error.context;
      return { kind: 'unknown', group, reason: typeof code === 'string' ? code : 'no answer' };
    }
  };
  return (groups) =>
    Promise.all(
      groups.map((group) => {
        const known = asked.get(group) ?? lookUp(group);
        asked.set(group, known);
        return known;
      }),
    );
}

function refused(reason: string, by?: string): Extract<ApproversCheck, { kind: 'refused' }> {
  return { kind: 'refused', reason, ...(by === undefined ? {} : { by }) };
}
