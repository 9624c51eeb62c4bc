import type { Action, Possible } from '../../actions/action.ts';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { type FittingRule, governedNamespace, ruleFor } from '../../core/policy/decide-remediation.ts';
import type { Question } from '../../core/question/question.ts';
import { askedWords } from '../../core/remediation/asked-words.ts';
import type { RemediationPlan, SignedPlan } from '../../core/remediation/remediation.ts';
import { planText, signedPlanText } from '../../core/remediation/signed-text.ts';
import { slackActor } from '../../core/remediation/store-audit.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { buildPlan } from './build-plan.ts';
import { approverShortage } from './capable-approvers.ts';
import { checkOffer } from './evidence.ts';
import type { Offer, ProposeJob } from './offer.ts';
import type { ExecutorDeps } from './remediation-deps.ts';
import { tryOut } from './request.ts';
import { brakeReason, switchedOff } from './standing.ts';
import { type NoticePlace, putNotice, tellRemediation } from './tell.ts';

/** What became of a wish to change something. */
export type Proposal =
  | { readonly kind: 'proposed'; readonly id: string }
  /** Said in the thread. `asked`: what somebody wanted to be done. */
  | { readonly kind: 'refused'; readonly reason: string; readonly asked?: string }
  /** There is nowhere to say anything. */
  | { readonly kind: 'nothing' };

const ANEW = 'Nothing was changed. Press "Check again" under the answer for a fresh diagnosis.';

/**
 * Proposes what the finding of an answer offers: looks at the cluster, at the rules and at what forbids it, asks the API
 * server what it would answer, and stores a signed plan. What speaks against it is said in the thread. Twice is once.
 * Throws STORE_UNAVAILABLE; then it comes again.
 */
export async function proposeRemediation(job: ProposeJob, deps: ExecutorDeps): Promise<Proposal> {
  if (job.cluster !== deps.cluster) {
    deps.logger.error('a change of another cluster is not proposed', { question: job.question, cluster: job.cluster });
    return { kind: 'nothing' };
  }
  const record = await deps.questions.read(job.question);
  const place = record && (await placeOf(record.question, deps));
  if (record === undefined || place === undefined) {
    deps.logger.info('nothing is proposed for an answer that is gone', { question: job.question });
    return { kind: 'nothing' };
  }
  const result = await decide(job, { question: record.question, place }, deps);
  if (result.kind === 'refused') {
    await refuse(job, { place, ...result }, deps);
  }
  return result;
}

/** The thread of the answer, wherever it was posted. */
async function placeOf({ id, replyTo }: Question, { outbox }: ExecutorDeps): Promise<NoticePlace | undefined> {
  const { team, channel, thread } = replyTo;
  const posted = await outbox.posted(id);
  if (thread !== undefined && (posted === undefined || posted.channel === channel)) {
    return { team, channel, thread };
  }
  return posted && { team, channel: posted.channel, thread: posted.ts };
}

async function decide(
  job: ProposeJob,
  { question, place }: Pick<Offer, 'question' | 'place'>,
  deps: ExecutorDeps,
): Promise<Exclude<Proposal, { kind: 'nothing' }>> {
  if ((await deps.store.now()).getTime() >= Date.parse(job.expiresAt)) {
    return refused(`It took too long to prepare this. ${ANEW}`);
  }
  const outcome = await deps.questions.outcome(job.question, job.run);
  const finding = outcome?.kind === 'answered' ? outcome.diagnosis.primary : undefined;
  if (outcome?.kind !== 'answered' || finding?.remediation === undefined) {
    return refused(`This answer offers no change that Kubewhy can make. ${ANEW}`);
  }
  const offer = { job, question, place, finding, offered: finding.remediation, playbooks: outcome.playbooks };
  const asked = askedWords(offer.offered);
  try {
    const result = await consider(offer, deps);
    return result.kind === 'refused' ? { ...result, asked } : result;
  } catch (error) {
    if (isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      throw error;
    }
    return { ...refused(failureWords(error, question, deps)), asked };
  }
}

function failureWords(error: unknown, { id }: Question, { logger }: ExecutorDeps): string {
  if (isKubewhyError(error) && error.kind !== 'bug') {
    return `${error.message} Nothing was changed. ${error.hint}`;
  }
  logger.error('a change could not be proposed', { question: id, error });
  return `Kubewhy failed while it looked at this; nothing was changed. Please report it with the reference ${id}.`;
}

async function consider(offer: Offer, deps: ExecutorDeps): Promise<Exclude<Proposal, { kind: 'nothing' }>> {
  const { offered } = offer;
  const action = deps.actionOf(offered.action);
  if (action === undefined) {
    return refused(`Kubewhy has no action for ${offered.action}; the answer says what to do by hand.`);
  }
  const off = await switchedOff(deps);
  if (off !== undefined) {
    return refused(off);
  }
  const evidence = await checkOffer(offer, deps);
  if (evidence.kind !== 'same') {
    return refused(evidence.reason);
  }
  return inspect(offer, action, deps);
}

async function inspect(offer: Offer, action: Action, deps: ExecutorDeps) {
  const reader = await deps.openPlainReader();
  const { content, clock, runbook, pause } = deps;
  const found = await action.inspect(offer.offered, {
    reader,
    content,
    ...(runbook === undefined ? {} : { runbook: (step) => runbook.run(step) }),
    purpose: 'propose',
    pause,
    now: () => reader.serverTime() ?? clock.now(),
  });
  if (found.kind === 'refused') {
    return refused(found.reason);
  }
  const { target, tier } = found;
  const { action: code } = offer.offered;
  const namespace = governedNamespace({ target, input: offer.offered });
  const rule = ruleFor(deps.settings().policy, { action: code, tier, cluster: deps.cluster, namespace });
  return rule.kind === 'refused' ? refused(rule.reason) : propose(offer, { found, rule, action, reader }, deps);
}

interface Judged {
  readonly found: Possible;
  readonly rule: FittingRule;
  readonly action: Action;
  readonly reader: ClusterReader;
}

async function propose(offer: Offer, judged: Judged, deps: ExecutorDeps) {
  const plan = buildPlan(offer, { ...judged, now: await deps.store.now() }, deps);
  const against =
    (await brakeReason(plan, judged.reader, deps)) ?? (await approverShortage(plan, judged.rule.rule, deps));
  if (against !== undefined) {
    return refused(against);
  }
  const tried = await tryOut(judged.found.effect, plan.id, deps);
  if (tried.kind === 'refused') {
    return refused(tried.end.reason);
  }
  const result = await deps.store.propose(signPlan(plan, deps), deps.settings().policy.limits);
  if (result.kind === 'blocked') {
    return refused(result.reason);
  }
  const id = result.kind === 'exists' ? result.id : plan.id;
  await tellRemediation(id, deps);
  return id === plan.id
    ? { kind: 'proposed' as const, id }
    : refused(`The same change is proposed already (${id}); decide about that one.`);
}

function signPlan(plan: RemediationPlan, { signer }: ExecutorDeps): SignedPlan {
  const digest = signer.digest(planText(plan));
  return { plan, digest, signature: signer.sign(signedPlanText(digest)) };
}

interface RefusedAsk {
  readonly place: NoticePlace;
  readonly reason: string;
  readonly asked?: string;
}

async function refuse(
  job: ProposeJob,
  { place, reason, asked = 'make the change that this answer offers' }: RefusedAsk,
  deps: ExecutorDeps,
): Promise<void> {
  await deps.audit.append({
    event: 'refused',
    cluster: deps.cluster,
    remediation: '',
    actor: slackActor(job),
    detail: { question: job.question, run: job.run, reason },
    security: 1,
  });
  const text = `asked to ${asked}. That is not proposed. ${reason}`;
  // Each click has its refusal: what speaks against it may be something else the next time.
  const click = deps.ids.derive('refused', job.user, job.expiresAt);
  await putNotice(place, { key: `${job.question}-refused-${job.run}-${click}`, by: job.user, text }, deps);
}

function refused(reason: string) {
  return { kind: 'refused' as const, reason };
}
