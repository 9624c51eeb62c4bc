import { findSubjects } from '../../core/command/find-subjects.ts';
import { kindWord } from '../../core/command/subject-argument.ts';
import type { Question } from '../../core/question/question.ts';
import { namespaceOption } from '../../core/subject/subject.ts';
import type { Act, AskReply } from '../../ports/bot.ts';
import { askQuestion } from './ask-question.ts';
import type { BotDeps } from './bot-deps.ts';
import { commandText } from './command-text.ts';
import { helpFor, suggestionNote } from './help-content.ts';
import { settingOf } from './setting.ts';

const CANDIDATE = /^(q-[a-z0-9]{16}):(\d{1,2})$/;

/** A suggestion's button: the command that was kept for it, or a name that an answer has offered. */
export async function askSuggested(act: Act, suggestion: string, deps: BotDeps): Promise<AskReply> {
  const command = await commandOf(suggestion, deps);
  return command === undefined
    ? { kind: 'refused', reason: 'This suggestion is too old. Ask again.' }
    : askQuestion(act, command, deps);
}

async function commandOf(suggestion: string, { notes, questions }: BotDeps): Promise<string | undefined> {
  const [, questionId, index] = CANDIDATE.exec(suggestion) ?? [];
  if (questionId === undefined) {
    return notes.read(suggestionNote(suggestion));
  }
  const record = await questions.read(questionId);
  const outcome = record === undefined ? undefined : await questions.outcome(questionId, record.answeredRun);
  const candidate = outcome?.kind === 'failed' ? outcome.candidates[Number(index)] : undefined;
  return record === undefined || candidate === undefined
    ? undefined
    : `why ${candidateText(record.question, candidate)} -c ${record.question.cluster}`;
}

/** Names of nodes are offered without their kind, and are in no namespace. */
function candidateText({ subject }: Question, candidate: string): string {
  const { kind, namespace } = subject;
  return namespace === '' && kind !== undefined && !candidate.includes('/')
    ? `${kindWord(kind)}/${candidate}`
    : `${candidate}${namespaceOption(namespace)}`;
}

/** The message shortcut: asks about the one name in a message, or lets choose between several. */
export async function askAboutMessage(act: Act, message: string, deps: BotDeps): Promise<AskReply> {
  const subjects = findSubjects(message);
  const [first, ...others] = subjects;
  if (first !== undefined && others.length === 0) {
    return askQuestion(act, commandText({ subject: first }), deps);
  }
  const setting = await settingOf(act, deps.people);
  const problem = {
    message:
      first === undefined
        ? 'I found no name of a pod or workload in this message.'
        : 'This message speaks of several objects. Which one?',
    commands: subjects.map((subject) => commandText({ subject })),
  };
  return { kind: 'help', help: await helpFor(act, setting, deps, problem) };
}
