import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { listWords } from '../../core/facts/text.ts';
import {
  type ApprovalDecision,
  type ApprovalQuestion,
  governedNamespace,
  mayApprove,
} from '../../core/policy/decide-remediation.ts';
import type { GroupFact } from '../../core/policy/incident-policy.ts';
import { ownersSatisfied, type WhyNot } from '../../core/policy/remediation-people.ts';
import type { AccessRight, RemediationRecord, Vote } from '../../core/remediation/remediation.ts';
import type { KubernetesIdentity } from '../../ports/cluster-writer.ts';
import type { Person, Place } from '../../ports/people.ts';
import type { ExecutorDeps } from './remediation-deps.ts';

/** Whether the approvals still count. */
export type ApproversCheck =
  /** Who they are to the cluster. */
  | { readonly kind: 'ok'; readonly identities: readonly KubernetesIdentity[] }
  /** `by`: whose approval does not count; absent where it is about none of them. */
  | { readonly kind: 'refused'; readonly reason: string; readonly by?: string };

type PeopleDeps = Pick<ExecutorDeps, 'people' | 'settings' | 'writer' | 'logger' | 'cluster'>;

const PROPOSE_AGAIN = 'Nothing was changed. Propose it again.';

const WORDS: Readonly<Record<Exclude<WhyNot, 'policy' | 'place' | 'unknown'>, string>> = {
  person: 'the account is deactivated, a guest, a bot or of another workspace',
  'not-named': 'the rule names neither that person nor a group that the person is in',
  'four-eyes': 'it is the same person who asked for the change or proposed it',
  identity: 'the settings do not say any more who that person is to the cluster',
};

/**
 * Looks at every approver anew: the account, the channel, the rule and its groups, the identity, and every right in the
 * cluster. Whatever does not answer is a refusal.
 */
export async function checkApprovers(record: RemediationRecord, deps: PeopleDeps): Promise<ApproversCheck> {
  try {
    return await check(record, deps);
  } catch (error) {
    if (!isKubewhyError(error, 'CHAT_UNAVAILABLE') && !isKubewhyError(error, 'CHAT_REJECTED')) {
      throw error;
    }
    deps.logger.warn('approvers could not be looked up', { remediation: record.signed.plan.id, error });
    return refused(`Slack did not say whether the approvers may still approve this. ${PROPOSE_AGAIN}`);
  }
}

async function check(record: RemediationRecord, deps: PeopleDeps): Promise<ApproversCheck> {
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
    return refused(`None of the approvers is known to be an owner any more. ${PROPOSE_AGAIN}`);
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

async function checkVote(vote: Vote, { record, place, groups }: Known, deps: PeopleDeps): Promise<ApproversCheck> {
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
  return decision.kind === 'allowed'
    ? checkRights({ identity: decision.identity, by: vote.user }, plan.rights, deps)
    : refused(refusalWords(decision, question.person), vote.user);
}

function refusalWords(decision: Exclude<ApprovalDecision, { kind: 'allowed' }>, { name }: Person & object): string {
  if (decision.kind === 'look-up') {
    return `Who is in the groups of the rule is not known. ${PROPOSE_AGAIN}`;
  }
  const { why, reason } = decision;
  if (why === 'policy' || why === 'place' || why === 'unknown') {
    return reason;
  }
  const who = name === undefined ? 'An approver' : `The approver ${name}`;
  return `${who} may not approve this any more: ${WORDS[why]}. ${PROPOSE_AGAIN}`;
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
  const words = listWords(
    lacking.map(({ right }) => rightWords(right)),
    3,
  );
  return refused(
    `The cluster does not let the approver ${identity.user} do this: ${words} is missing. ${PROPOSE_AGAIN}`,
    by,
  );
}

/** `delete pods in shop`. */
function rightWords({ verb, resource, subresource, namespace }: AccessRight): string {
  const where = namespace === '' ? '' : ` in ${namespace}`;
  return `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}${where}`;
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
