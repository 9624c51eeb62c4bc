import type { ThreadPlace } from '../../core/chat/content.ts';
import type { Outcome, Question, QuestionRecord } from '../../core/question/question.ts';
import { blamedBy } from '../../core/triage/cause-list.ts';
import type { Incident, IncidentCause } from '../../core/triage/incident.ts';
import { keyEntry } from '../../core/triage/incident-keys.ts';
import { verdictOfDiagnosis } from '../../core/triage/look-verdict.ts';
import { isSharedNodeKey } from '../../core/triage/node-causes.ts';
import { handOver } from '../hand-over.ts';
import type { TellContext } from './tell-context.ts';

/** Answers of one thread; the details name the other causes. */
const MOST_ANSWERS = 5;
const NO_ANSWER: readonly IncidentCause['state'][] = ['healthy', 'failed'];

/** Puts one answer for each distinct cause into a thread, as the answer to a question that Kubewhy itself asked. Throws STORE_UNAVAILABLE. */
export async function tellAnswers(incident: Incident, thread: ThreadPlace, context: TellContext): Promise<void> {
  const causes = incident.causes.filter(({ state }) => !NO_ANSWER.includes(state)).slice(0, MOST_ANSWERS);
  for (const cause of causes) {
    const question = questionOf(incident, { cause, thread }, context);
    if (question !== undefined) {
      await tellAnswer(question, { cause, channel: incident.channel }, context);
    }
  }
}

/** A thread whose parent was deleted is told again under the new one, so the question depends on the parent. */
function questionOf(
  { id, cluster, roots, readable, names, openedAt }: Incident,
  { cause, thread }: { readonly cause: IncidentCause; readonly thread: ThreadPlace },
  { workspace, deps }: TellContext,
): Question | undefined {
  const subject = roots.find(({ key }) => key === cause.root)?.query;
  const { team, botUser } = workspace;
  return (
    subject && {
      id: `q-${deps.ids.derive('incident', id, cause.key, thread.ts)}`,
      cluster,
      subject,
      readable,
      asker: { team, user: botUser },
      incident: { id, alerts: names },
      replyTo: { team, channel: thread.channel, thread: thread.ts },
      askedAt: openedAt,
    }
  );
}

interface Answering {
  readonly cause: IncidentCause;
  /** Of its incident. */
  readonly channel: string;
}

/** Asks again when the answer says something else by now. */
async function tellAnswer(question: Question, { cause, channel }: Answering, { deps }: TellContext): Promise<void> {
  const { questions, store } = deps;
  const known = await questions.read(question.id);
  if (known !== undefined && isNewer(known, cause)) {
    return;
  }
  const answer = await store.answer(question.cluster, keyEntry(channel, cause.root));
  if (answer === undefined || !isAbout(answer.outcome, cause)) {
    return;
  }
  const shown = known === undefined ? undefined : await questions.outcome(question.id, known.answeredRun);
  const run = saysTheSame(shown, answer.outcome) ? undefined : await beginRun(question, known, deps);
  if (run !== undefined) {
    await questions.finish(question.id, run, answer.outcome, answer.recording);
    // Somebody else may have answered this run before; then that is the answer.
    await handOver({ question, run }, (await questions.outcome(question.id, run)) ?? answer.outcome, deps);
  }
}

/** Somebody has asked again since: what they are told is not older than what is known here. */
function isNewer({ run, runAt, answeredRun }: QuestionRecord, { at }: IncidentCause): boolean {
  return answeredRun < run ? run > 1 : Date.parse(runAt) > Date.parse(at);
}

/** The object that answers may have answered about something else before; what troubles several nodes has a key of its own. */
function isAbout(outcome: Outcome, cause: IncidentCause): boolean {
  const found = causeOf(outcome, cause.root);
  return found?.key === cause.key || (found?.code === cause.code && isSharedNodeKey(blamedBy(cause)));
}

function saysTheSame(shown: Outcome | undefined, answer: Outcome): boolean {
  const [was, is] = [shown && causeOf(shown), causeOf(answer)];
  return was !== undefined && was.headline === is?.headline && was.state === is.state && was.code === is.code;
}

function causeOf(outcome: Outcome, key = '') {
  const verdict = outcome.kind === 'answered' ? verdictOfDiagnosis({ key }, outcome.diagnosis) : undefined;
  return verdict?.kind === 'cause' ? verdict.cause : undefined;
}

/** The number of the run that is to be answered; one that was begun here and left without an answer goes on. */
async function beginRun(
  question: Question,
  known: QuestionRecord | undefined,
  { questions }: TellContext['deps'],
): Promise<number | undefined> {
  if (known !== undefined && known.answeredRun < known.run) {
    return known.run;
  }
  const begun = await (known === undefined ? questions.begin(question) : questions.beginAgain(question));
  return begun.kind === 'begun' ? begun.run : undefined;
}
