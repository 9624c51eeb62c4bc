import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import { type ApprovalQuestion, governedNamespace } from '../../core/policy/decide-remediation.ts';
import type { GroupFact } from '../../core/policy/incident-policy.ts';
import type { Acting, LookUp, PeopleRefusal, WhyNot } from '../../core/policy/remediation-people.ts';
import type { RemediationPolicy } from '../../core/policy/remediation-policy.ts';
import { planForgery } from '../../core/remediation/check-record.ts';
import type { RemediationTimes } from '../../core/remediation/limits.ts';
import type { RemediationRecord } from '../../core/remediation/remediation.ts';
import { planAudit, slackActor } from '../../core/remediation/store-audit.ts';
import type { Act } from '../../ports/bot.ts';
import type { BotDeps, RemediationPorts } from './bot-deps.ts';
import { groupFacts } from './group-facts.ts';

/** What deciding about changes needs, with the settings of the moment. */
export interface RemediationParts extends RemediationPorts {
  readonly policy: RemediationPolicy;
  readonly times: RemediationTimes;
}

/** What somebody wants to do, for the audit. */
export type RemediationDeed =
  | 'review'
  | 'open-approval'
  | 'approve'
  | 'deny'
  | 'cancel'
  | 'dry-run'
  | 'details'
  | 'propose-again'
  | 'stop'
  | 'resume'
  | 'audit';

/** Why somebody may not; for the person alone. */
export interface RemediationRefusal {
  readonly kind: 'refused';
  readonly reason: string;
}

/** A change that somebody pressed a button of, and who that is; whether it is allowed is not decided yet. */
export interface PressedChange {
  readonly kind: 'ok';
  readonly record: RemediationRecord;
  readonly parts: RemediationParts;
  readonly question: ApprovalQuestion;
}

/** What is refused, for the audit. */
export interface Refused {
  readonly deed: RemediationDeed;
  readonly why: WhyNot | 'not-here' | 'forged' | 'state' | 'stale' | 'input';
  readonly reason: string;
  /** What it was about, if that is known. */
  readonly record?: RemediationRecord;
  /** The cluster of what has no record; empty when it is about none. */
  readonly cluster?: string;
  /** The id of what is not known, as it came. */
  readonly asked?: string;
}

/** How much a refusal matters to security. */
const SECURITY: Readonly<Record<Refused['why'], number>> = {
  forged: 5,
  stale: 4,
  person: 3,
  place: 3,
  'not-named': 3,
  'four-eyes': 3,
  'not-here': 3,
  identity: 2,
  policy: 2,
  unknown: 2,
  state: 1,
  input: 1,
};
const LONGEST_REASON = 300;
const LONGEST_ID = 64;
const MINUTE = 60;
/** More of one person within a minute is no decision any more. */
const MOST_CLICKS = 30;
const NOTHING_HERE =
  'Kubewhy changes nothing here: no rule under `remediation` allows a change. An administrator of Kubewhy can change that in kubewhy.yaml.';
const NOT_HERE = 'This change is not known here. Press the button where the change is shown.';
const FORGED =
  'This change cannot be trusted, since what is stored about it was not made by Kubewhy, so nothing is done about it. Tell an administrator of Kubewhy.';
const TOO_FAST = `You have pressed more than ${MOST_CLICKS} buttons of changes within a minute. Wait a moment.`;

/** What deciding needs; undefined where nothing can be changed. */
export function remediationParts(deps: BotDeps): RemediationParts | undefined {
  const { remediations } = deps;
  const { remediation } = deps.settings();
  return remediations === undefined || remediation === undefined || remediation.policy.rules.length === 0
    ? undefined
    : { ...remediations, ...remediation };
}

/** The refusal of everything where nothing can be changed. */
export function nothingHere(): RemediationRefusal {
  return { kind: 'refused', reason: NOTHING_HERE };
}

/** Who acts where, asked of the chat system at this moment. Throws CHAT_UNAVAILABLE. */
async function actingNow(act: Act, { people }: Pick<BotDeps, 'people'>): Promise<Acting> {
  const [person, place] = await Promise.all([people.personNow(act.user), people.placeNow(act.channel)]);
  return { person: act.byBot === true ? { ...person, bot: true } : person, place, team: act.team };
}

/** The same; that nothing was said is kept in the audit as a refusal. Throws CHAT_UNAVAILABLE and STORE_UNAVAILABLE. */
export async function actingOrRefused(
  act: Act,
  refused: Omit<Refused, 'why' | 'reason'>,
  deps: BotDeps,
): Promise<Acting> {
  try {
    return await actingNow(act, deps);
  } catch (error) {
    if (isKubewhyError(error)) {
      await keepRefusal(act, { ...refused, why: 'unknown', reason: `Slack did not answer: ${error.code}` }, deps);
    }
    throw error;
  }
}

/**
 * The change that a button is about: it is known, is shown in the channel of the click, and an executor made it.
 * Throws STORE_UNAVAILABLE and CHAT_UNAVAILABLE.
 */
export async function pressedChange(
  act: Act,
  { remediation, deed }: { readonly remediation: string; readonly deed: RemediationDeed },
  deps: BotDeps,
): Promise<PressedChange | RemediationRefusal> {
  const parts = remediationParts(deps);
  if (parts === undefined) {
    return nothingHere();
  }
  if ((await deps.seen.count(`change-clicks-${act.team}-${act.user}`, MINUTE)) > MOST_CLICKS) {
    deps.logger.warn('somebody presses buttons of changes too often', { user: act.user, remediation });
    return { kind: 'refused', reason: TOO_FAST };
  }
  const record = await parts.store.read(remediation);
  if (record === undefined || !isShownAt(record, act)) {
    const about = record === undefined ? { asked: remediation } : { record };
    return refuse(act, { deed, why: 'not-here', reason: NOT_HERE, ...about }, deps);
  }
  const { plan } = record.signed;
  if (planForgery(record, { id: remediation, cluster: plan.cluster }, parts.signer) !== undefined) {
    return refuse(act, { deed, why: 'forged', reason: FORGED, record }, deps);
  }
  const acting = await actingOrRefused(act, { deed, record }, deps);
  return { kind: 'ok', record, parts, question: approvalQuestion(record, acting) };
}

function isShownAt({ message, signed: { plan } }: RemediationRecord, { team, channel }: Act): boolean {
  return plan.replyTo.team === team && (message?.channel ?? plan.replyTo.channel) === channel;
}

/** What the policy is asked about somebody who wants to decide about a change. */
export function approvalQuestion({ signed: { plan } }: RemediationRecord, acting: Acting): ApprovalQuestion {
  return {
    ...acting,
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
}

/** Decides, once the groups that the decision depends on were looked up. */
export async function decided<Other extends { readonly kind: string }>(
  decide: (groups?: readonly GroupFact[]) => Other | LookUp,
  deps: Pick<BotDeps, 'people' | 'logger'>,
): Promise<Other | PeopleRefusal> {
  const first = decide();
  if (!isLookUp(first)) {
    return first;
  }
  const second = decide(await groupFacts(first.groups, deps));
  return isLookUp(second)
    ? { kind: 'refused', why: 'unknown', reason: 'Slack did not say who is in the groups. Try again.' }
    : second;
}

function isLookUp(decision: { readonly kind: string } | LookUp): decision is LookUp {
  return decision.kind === 'look-up';
}

/** Keeps a refusal in the audit, and makes it a reply. Throws STORE_UNAVAILABLE. */
export async function refuse(act: Act, refused: Refused, deps: BotDeps): Promise<RemediationRefusal> {
  await keepRefusal(act, refused, deps);
  return { kind: 'refused', reason: refused.reason };
}

/**
 * Keeps a refusal in the audit; of somebody who is refused all the time no more than 30 within a minute, except forgeries.
 * Throws STORE_UNAVAILABLE.
 */
async function keepRefusal(act: Act, refused: Refused, deps: BotDeps): Promise<void> {
  const { deed, why, record, asked, cluster = '' } = refused;
  const refusals = await deps.seen.count(`change-refusals-${act.team}-${act.user}`, MINUTE);
  if (refusals > MOST_CLICKS && why !== 'forged') {
    deps.logger.warn('somebody is refused too often to keep it', { user: act.user, deed, why });
    return;
  }
  const reason = shorten(oneLine(refused.reason), LONGEST_REASON);
  const about = record === undefined ? { cluster, remediation: '' } : planAudit(record.signed.plan);
  await deps.remediations?.audit.append({
    ...about,
    event: 'refused',
    actor: slackActor(act),
    detail: {
      deed,
      why,
      reason,
      channel: act.channel,
      ...(asked === undefined ? {} : { asked: shorten(oneLine(asked), LONGEST_ID) }),
    },
    security: SECURITY[why],
  });
  deps.logger.warn('an act on a change was refused', {
    deed,
    why,
    user: act.user,
    channel: act.channel,
    remediation: about.remediation,
  });
}
