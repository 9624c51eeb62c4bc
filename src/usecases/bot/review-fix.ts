import { canReview } from '../../core/policy/can-review.ts';
import { actingProblem } from '../../core/policy/remediation-people.ts';
import type { ProposedAction } from '../../core/remediation/proposed-action.ts';
import type { Act, ClickReply } from '../../ports/bot.ts';
import type { BotDeps } from './bot-deps.ts';
import { type Clicked, judgeClick } from './clicks.ts';
import { isFirstClick } from './first-click.ts';
import {
  actingOrRefused,
  nothingHere,
  type RemediationParts,
  refuse,
  remediationParts,
} from './remediation-permission.ts';

const PREPARING =
  'Preparing the change. What would be done appears in the thread; nothing is changed before it is approved.';
const UNDER_WAY = 'The change is being prepared already.';
/** Whoever presses again later asks for it again. */
const UNDER_WAY_SECONDS = 30;
const NO_FIX = 'This answer offers no change that could be approved. Check again, or follow its advice by hand.';
const RUNNING = 'This is being checked again at the moment. Wait for the new answer, then press Review fix there.';

/** The button "Review fix": asks an executor to look at the cluster and propose what the answer offers. */
export async function reviewFix(act: Act, question: string, deps: BotDeps): Promise<ClickReply> {
  const parts = remediationParts(deps);
  if (parts === undefined) {
    return nothingHere();
  }
  if (!(await isFirstClick(act, deps))) {
    return { kind: 'duplicate' };
  }
  const checked = await judgeClick(act, question, deps);
  if (checked.kind === 'refused') {
    return refuse(act, { deed: 'review', why: 'policy', reason: checked.reason, asked: question }, deps);
  }
  return checked.kind === 'ok' ? review(act, { checked, parts }, deps) : checked;
}

interface Reviewed {
  readonly checked: Clicked;
  readonly parts: RemediationParts;
}

async function review(act: Act, { checked, parts }: Reviewed, deps: BotDeps): Promise<ClickReply> {
  const { question } = checked.record;
  const about = { deed: 'review', cluster: question.cluster, asked: question.id } as const;
  const acting = await actingOrRefused(act, about, deps);
  const against = actingProblem(parts.policy, acting);
  if (against !== undefined) {
    return refuse(act, { ...about, why: against.why, reason: against.reason }, deps);
  }
  if (checked.record.run !== checked.record.answeredRun) {
    return { kind: 'refused', reason: RUNNING };
  }
  const offered = await offeredBy(checked, deps);
  const cluster = question.cluster;
  if (offered === undefined || !canReview(parts.policy, { cluster, remediation: offered })) {
    return refuse(act, { ...about, why: 'policy', reason: NO_FIX }, deps);
  }
  return (await enqueue(act, { checked, parts }, deps))
    ? { kind: 'done', say: PREPARING }
    : { kind: 'done', say: UNDER_WAY };
}

async function offeredBy(
  { record: { question, answeredRun } }: Clicked,
  { questions }: Pick<BotDeps, 'questions'>,
): Promise<ProposedAction | undefined> {
  const outcome = await questions.outcome(question.id, answeredRun);
  return outcome?.kind === 'answered' ? outcome.diagnosis.primary?.remediation : undefined;
}

/**
 * The job comes first: a gateway that dies in between has promised nothing that nobody does. Those of the same time slot are
 * one job, and a later one finds what is proposed already. False: it is under way.
 */
async function enqueue(act: Act, { checked, parts }: Reviewed, deps: BotDeps): Promise<boolean> {
  const { question, answeredRun: run } = checked.record;
  // The clock by which executors judge whether it is too late.
  const now = (await parts.store.now()).getTime();
  const expiresAt = new Date(now + deps.settings().questionExpirySeconds * 1000).toISOString();
  const { team, user, channel } = act;
  const job = {
    kind: 'propose',
    cluster: question.cluster,
    question: question.id,
    run,
    team,
    user,
    channel,
    expiresAt,
  } as const;
  const mark = `propose-${question.id}-${run}`;
  await parts.queue.enqueue(job, `${mark}-${Math.floor(now / (UNDER_WAY_SECONDS * 1000))}`);
  return deps.seen.firstTime(mark, UNDER_WAY_SECONDS);
}
