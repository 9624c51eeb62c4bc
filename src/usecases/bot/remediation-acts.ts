import { oneLine, shorten } from '../../core/facts/text.ts';
import { governedNamespace, type LesserDeed, mayDecide } from '../../core/policy/decide-remediation.ts';
import { mayAsk } from '../../core/policy/reading-policy.ts';
import { isBeforeExecution } from '../../core/remediation/transitions.ts';
import type { Act, ClickReply } from '../../ports/bot.ts';
import type { DecideResult } from '../../ports/remediation-store.ts';
import type { BotDeps } from './bot-deps.ts';
import { judgeClick, renewAnswer } from './clicks.ts';
import { alreadyWords, undecidedWords } from './decision-words.ts';
import { isFirstClick } from './first-click.ts';
import { detailLines } from './remediation-details.ts';
import {
  decided,
  type PressedChange,
  pressedChange,
  type RemediationDeed,
  type RemediationRefusal,
  refuse,
  remediationParts,
} from './remediation-permission.ts';

const LONGEST_REASON = 500;
/** A dry run that waited longer says nothing about now. */
const DRY_RUN_MS = 60_000;

/** The button "Deny": one denial is enough. */
export async function denyRemediation(
  act: Act,
  asked: { readonly remediation: string; readonly reason: string },
  deps: BotDeps,
): Promise<ClickReply> {
  return endByPerson(act, { ...asked, deed: 'deny' }, deps);
}

/** The button "Cancel": takes a change back before anything was sent. */
export async function cancelRemediation(act: Act, remediation: string, deps: BotDeps): Promise<ClickReply> {
  return endByPerson(act, { remediation, reason: '', deed: 'cancel' }, deps);
}

async function endByPerson(
  act: Act,
  {
    remediation,
    reason,
    deed,
  }: { readonly remediation: string; readonly reason: string; readonly deed: 'deny' | 'cancel' },
  deps: BotDeps,
): Promise<ClickReply> {
  const again = !(await isFirstClick(act, deps));
  // The mark outlives an attempt in which the store failed, and must not swallow the next one.
  if (again && !(await isUndecided(remediation, deps))) {
    return { kind: 'duplicate' };
  }
  const checked = await decidable(act, { remediation, deed }, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const { store } = checked.parts;
  const by = { team: act.team, user: act.user, reason: shorten(oneLine(reason), LONGEST_REASON) };
  const result = await (deed === 'deny' ? store.deny(remediation, by) : store.cancel(remediation, by));
  if (again && result.kind !== 'decided') {
    // The other delivery was faster.
    return { kind: 'duplicate' };
  }
  return ended(act, { result, checked, deed }, deps);
}

async function isUndecided(remediation: string, deps: BotDeps): Promise<boolean> {
  const record = await remediationParts(deps)?.store.read(remediation);
  return record !== undefined && isBeforeExecution(record.state);
}

async function ended(
  act: Act,
  {
    result,
    checked,
    deed,
  }: { readonly result: DecideResult; readonly checked: PressedChange; readonly deed: 'deny' | 'cancel' },
  deps: BotDeps,
): Promise<ClickReply> {
  if (result.kind === 'decided' || result.kind === 'counted') {
    return { kind: 'done' };
  }
  const record = (await checked.parts.store.read(checked.record.signed.plan.id)) ?? checked.record;
  const began = result.kind === 'already' && (result.state === 'executing' || result.state === 'verifying');
  const reason = began
    ? 'It is too late: the change has begun. Its message shows what becomes of it.'
    : await undecidedWords(result, record, deps);
  return refuse(act, { deed, why: 'state', reason, record }, deps);
}

/** The button "Dry run": an executor asks the API server what it would answer, into the thread. */
export async function dryRunRemediation(act: Act, remediation: string, deps: BotDeps): Promise<ClickReply> {
  if (!(await isFirstClick(act, deps))) {
    return { kind: 'duplicate' };
  }
  const checked = await decidable(act, { remediation, deed: 'dry-run' }, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const { record, parts } = checked;
  if (!isBeforeExecution(record.state)) {
    const reason = await alreadyWords(record.state, record, deps);
    return refuse(act, { deed: 'dry-run', why: 'state', reason, record }, deps);
  }
  const expiresAt = new Date((await parts.store.now()).getTime() + DRY_RUN_MS).toISOString();
  const { cluster } = record.signed.plan;
  const key = `dryrun-${remediation}-${deps.ids.derive(act.team, act.delivery)}`;
  await parts.queue.enqueue({ kind: 'dry-run', cluster, remediation, user: act.user, expiresAt }, key);
  return { kind: 'done', say: 'The dry run is on its way; what the API server says comes into the thread.' };
}

/** The button "Details": everything about a change, for the person alone. */
export async function remediationDetails(act: Act, remediation: string, deps: BotDeps): Promise<ClickReply> {
  if (!(await isFirstClick(act, deps))) {
    return { kind: 'duplicate' };
  }
  const pressed = await pressedChange(act, { remediation, deed: 'details' }, deps);
  if (pressed.kind !== 'ok') {
    return pressed;
  }
  const { record, question } = pressed;
  const { plan } = record.signed;
  const asked = { ...question, cluster: plan.cluster, namespace: governedNamespace(plan) };
  const reading = mayAsk(deps.settings().reading, asked);
  const checked = reading.kind === 'allowed' ? pressed : await mayPress(act, pressed, { deed: 'details' }, deps);
  return checked.kind === 'ok'
    ? { kind: 'done', say: `Everything about ${oneLine(plan.words.title)}:`, code: detailLines(record) }
    : checked;
}

/** The button "Propose again": looks anew, so that what is proposed next rests on what is there now. */
export async function proposeAgain(act: Act, remediation: string, deps: BotDeps): Promise<ClickReply> {
  if (!(await isFirstClick(act, deps))) {
    return { kind: 'duplicate' };
  }
  const pressed = await pressedChange(act, { remediation, deed: 'propose-again' }, deps);
  if (pressed.kind !== 'ok') {
    return pressed;
  }
  const { record } = pressed;
  if (isBeforeExecution(record.state) || record.state === 'executing' || record.state === 'verifying') {
    const reason = 'This change is still open; decide about it first.';
    return refuse(act, { deed: 'propose-again', why: 'state', reason, record }, deps);
  }
  const checked = await judgeClick(act, record.signed.plan.finding.question, deps);
  if (checked.kind !== 'ok') {
    return checked.kind === 'refused'
      ? refuse(act, { deed: 'propose-again', why: 'policy', reason: checked.reason, record }, deps)
      : checked;
  }
  const renewed = await renewAnswer(checked, deps);
  return renewed.kind === 'done' && renewed.say === undefined
    ? {
        kind: 'done',
        say: 'It is being diagnosed anew. If a change is still needed, press Review fix on the new answer.',
      }
    : renewed;
}

async function decidable(
  act: Act,
  { remediation, deed }: { readonly remediation: string; readonly deed: LesserDeed },
  deps: BotDeps,
): Promise<PressedChange | RemediationRefusal> {
  const pressed = await pressedChange(act, { remediation, deed }, deps);
  return pressed.kind === 'ok' ? mayPress(act, pressed, { deed }, deps) : pressed;
}

async function mayPress(
  act: Act,
  pressed: PressedChange,
  { deed }: { readonly deed: RemediationDeed & (LesserDeed | 'details') },
  deps: BotDeps,
): Promise<PressedChange | RemediationRefusal> {
  const { question, parts, record } = pressed;
  // Whoever may ask for a dry run may see what it would be of.
  const lesser = deed === 'details' ? 'dry-run' : deed;
  const decision = await decided(
    (groups) => mayDecide(parts.policy, lesser, groups === undefined ? question : { ...question, groups }),
    deps,
  );
  return decision.kind === 'allowed'
    ? pressed
    : refuse(act, { deed, why: decision.why, reason: decision.reason, record }, deps);
}
