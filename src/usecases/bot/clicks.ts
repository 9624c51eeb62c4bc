import { cardVersion, forCard, questionCard } from '../../core/chat/answer-card.ts';
import type { Content } from '../../core/chat/content.ts';
import { quoted } from '../../core/command/usage-error.ts';
import type { Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import { commonPatterns } from '../../core/policy/namespace-pattern.ts';
import type { Question, QuestionRecord } from '../../core/question/question.ts';
import { nextCommands } from '../../core/render/next-commands.ts';
import { renderText } from '../../core/render/render-text.ts';
import { governingNamespace } from '../../core/subject/subject.ts';
import type { Act, ClickReply } from '../../ports/bot.ts';
import type { BotDeps } from './bot-deps.ts';
import { isFirstClick } from './first-click.ts';
import { decide, readableOf, type Setting, settingOf } from './setting.ts';
import { startRun } from './start-run.ts';

const TOO_OLD = 'This answer is too old: Kubewhy does not keep it any more. Ask again.';
/** Wider than a terminal: Slack scrolls it sideways. */
const EVIDENCE_WIDTH = 100;

/** What a click is about, once it is known to be allowed. */
export interface Clicked {
  readonly kind: 'ok';
  readonly record: QuestionRecord;
  readonly setting: Setting;
}

/** A click that may be acted on, or why not. */
export type Checked = Clicked | Exclude<ClickReply, { kind: 'done' }>;

/** The button "Check again": begins the next run of a question. */
export async function checkAgain(act: Act, questionId: string, deps: BotDeps): Promise<ClickReply> {
  const checked = await checkClick(act, questionId, deps);
  return checked.kind === 'ok' ? renewAnswer(checked, deps) : checked;
}

/** Begins the next run of a question for somebody who may ask it. Throws QUEUE_UNAVAILABLE. */
export async function renewAnswer(checked: Clicked, deps: BotDeps): Promise<ClickReply> {
  const { record } = checked;
  const problem = renewalProblem(record, deps);
  if (problem !== undefined) {
    return { kind: 'refused', reason: problem };
  }
  const question = narrowed(checked, deps);
  const begun = await deps.questions.beginAgain(question);
  if (begun.kind === 'busy') {
    return { kind: 'done', say: 'It is being checked already.' };
  }
  if (begun.kind === 'unknown') {
    return { kind: 'refused', reason: TOO_OLD };
  }
  const before = await deps.questions.outcome(question.id, record.answeredRun);
  await startRun(question, begun, deps);
  const content: Content = {
    kind: 'waiting',
    question,
    run: begun.run,
    why: 'again',
    ...(before === undefined ? {} : { before: forCard(before) }),
  };
  await deps.outbox.put(questionCard(question, cardVersion(begun.run, 'again'), content));
  return { kind: 'done' };
}

function renewalProblem({ question }: QuestionRecord, deps: BotDeps): string | undefined {
  if (question.replyTo.responseUrl !== undefined) {
    return 'This answer cannot be renewed, since I am not in the channel. Ask again.';
  }
  return deps.settings().clusters.includes(question.cluster)
    ? undefined
    : `Kubewhy does not serve the cluster ${quoted(question.cluster)} any more, so this answer cannot be renewed.`;
}

/** Everybody in the channel sees the answer, but whoever renews it must not see more by it, nor the first asker. */
function narrowed({ record: { question }, setting }: Clicked, deps: BotDeps): Question {
  const readable = readableOf(deps.settings(), setting, question.cluster);
  return { ...question, readable: commonPatterns(question.readable, readable) };
}

/** The button "All evidence": the whole diagnosis into the thread, once for each run. */
export async function showEvidence(act: Act, questionId: string, deps: BotDeps): Promise<ClickReply> {
  const checked = await checkClick(act, questionId, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const { question, answeredRun } = checked.record;
  const diagnosis = await diagnosisOf(checked.record, deps);
  if (diagnosis === undefined || act.thread === undefined) {
    return { kind: 'refused', reason: 'There is no diagnosis to show.' };
  }
  const text = renderText(diagnosis, { width: EVIDENCE_WIDTH, color: false, explain: true });
  const stored = await deps.outbox.put({
    kind: 'file',
    key: `${question.id}-evidence-${answeredRun}`,
    team: act.team,
    channel: act.channel,
    thread: act.thread,
    priority: 'answer',
    version: 1,
    content: { kind: 'evidence', question, run: answeredRun, text },
  });
  return stored === 'stored' ? { kind: 'done' } : { kind: 'done', say: 'All evidence is in the thread already.' };
}

/** "Copy kubectl": commands with which a person can look further. */
export async function kubectlCommands(act: Act, questionId: string, deps: BotDeps): Promise<ClickReply> {
  const checked = await checkClick(act, questionId, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const diagnosis = await diagnosisOf(checked.record, deps);
  const code = diagnosis === undefined ? [] : nextCommands(diagnosis);
  return code.length === 0
    ? { kind: 'refused', reason: 'There is no command that would be safe to copy.' }
    : { kind: 'done', say: 'To look for yourself:', code };
}

/** "Wrong diagnosis": keeps what somebody says about an answer, with the facts that it was made of. */
export async function giveFeedback(act: Act, questionId: string, text: string, deps: BotDeps): Promise<ClickReply> {
  // Sent once more after a failure it is the same delivery, and must count; what is saved twice is kept once.
  const checked = await judgeClick(act, questionId, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const { question, answeredRun } = checked.record;
  await deps.questions.saveFeedback({
    id: `f-${deps.ids.derive(act.team, act.delivery)}`,
    question,
    run: answeredRun,
    by: { team: act.team, user: act.user },
    at: deps.clock.now().toISOString(),
    text,
  });
  return {
    kind: 'done',
    say: 'Thank you. What you wrote is kept together with everything that this diagnosis was made of, so that it can be corrected.',
  };
}

/** A click is acted on once, for a question that is still known, by somebody who might ask it himself. */
async function checkClick(act: Act, questionId: string, deps: BotDeps): Promise<Checked> {
  return (await isFirstClick(act, deps)) ? judgeClick(act, questionId, deps) : { kind: 'duplicate' };
}

/** Whether the question is still known, and somebody might ask it himself. */
export async function judgeClick(act: Act, questionId: string, deps: BotDeps): Promise<Checked> {
  const record = await deps.questions.read(questionId);
  if (record === undefined || record.question.asker.team !== act.team) {
    return { kind: 'refused', reason: TOO_OLD };
  }
  const { cluster, subject } = record.question;
  const setting = await settingOf(act, deps.people);
  const decision = decide(deps.settings(), setting, { cluster, namespace: governingNamespace(subject) });
  return decision.kind === 'refused' ? decision : { kind: 'ok', record, setting };
}

async function diagnosisOf({ question, answeredRun }: QuestionRecord, deps: BotDeps): Promise<Diagnosis | undefined> {
  const outcome = await deps.questions.outcome(question.id, answeredRun);
  return outcome?.kind === 'answered' ? outcome.diagnosis : undefined;
}
