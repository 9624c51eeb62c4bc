import { answerDelivery } from '../../core/chat/answer-card.ts';
import type { ThreadPlace } from '../../core/chat/content.ts';
import type { Question } from '../../core/question/question.ts';
import type { Incident, IncidentCause } from '../../core/triage/incident.ts';
import type { TriageAnswer } from '../../ports/triage-store.ts';
import type { TellContext } from './tell-context.ts';

/** Answers of one thread; the details name the other causes. */
const MOST_ANSWERS = 5;
const NO_ANSWER: readonly IncidentCause['state'][] = ['healthy', 'failed'];

/** Puts one answer for each distinct cause into a thread, as the answer to a question that Kubewhy itself asked. Throws STORE_UNAVAILABLE. */
export async function tellAnswers(incident: Incident, thread: ThreadPlace, context: TellContext): Promise<void> {
  const causes = incident.causes.filter(({ state }) => !NO_ANSWER.includes(state)).slice(0, MOST_ANSWERS);
  for (const cause of causes) {
    const question = questionOf(incident, { cause, thread }, context);
    const answer = question === undefined ? undefined : await context.deps.store.answer(incident.cluster, cause.root);
    if (question !== undefined && answer !== undefined) {
      await tellAnswer(question, { cause, answer }, context);
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

/** The run of the question is the version of the cause, unless people asked again: what they were told is not older. */
async function tellAnswer(
  question: Question,
  { cause, answer }: { readonly cause: IncidentCause; readonly answer: TriageAnswer },
  { deps }: TellContext,
): Promise<void> {
  const { questions, outbox, clock } = deps;
  const known = await questions.read(question.id);
  if (known !== undefined && (known.run >= cause.version || known.answeredRun < known.run)) {
    return;
  }
  const begun = await (known === undefined ? questions.begin(question) : questions.beginAgain(question));
  if (begun.kind !== 'begun') {
    return;
  }
  await questions.finish(question.id, begun.run, answer.outcome, answer.recording);
  await outbox.put(answerDelivery(question, begun.run, answer.outcome, clock.now().toISOString()));
  await questions.delivered(question.id, begun.run);
}
