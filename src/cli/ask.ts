import type { OpenedQuestion } from '../app/open-question.ts';
import { parseSubject, type SubjectArgument } from '../core/command/subject-argument.ts';
import { usageError } from '../core/command/usage-error.ts';
import type { Diagnosis } from '../core/diagnosis/diagnosis.ts';
import { type SubjectQuery, subjectTitle } from '../core/subject/subject.ts';
import { diagnose } from '../usecases/diagnose.ts';
import type { CommandContext } from './context.ts';
import { parseRecordedSubject } from './recorded-subject.ts';

/** Looks at a question before it is asked. */
export type Prepare = (question: OpenedQuestion) => OpenedQuestion;

/** Asks about the subject of the command line, or the one that the recording was made of. */
export async function ask(context: CommandContext, prepare: Prepare = (question) => question): Promise<Diagnosis> {
  const { line, config, output, loadPlaybooks } = context;
  const { options, words, command } = line;
  const subject = parseSubject(words, options.value('namespace'));
  const from = options.value('from');
  if (subject === undefined && from === undefined) {
    throw usageError(`Which object? For example \`kubewhy ${command.name} deploy/web\`.`, command.name);
  }
  const { openQuestion } = await import('../app/open-question.ts');
  const startedAt = performance.now();
  const { diagnosis, requests } = await output.waiting(
    `asking${subject === undefined ? '' : ` about ${subject.name}`} …`,
    async () => {
      const choice = {
        from,
        context: options.value('context'),
        kubeconfig: options.value('kubeconfig'),
      };
      const playbooks = loadPlaybooks([...config.playbookFolders, ...options.values('playbooks')]);
      const { deps, ...place } = prepare(await openQuestion(choice, config, playbooks));
      const answer = await diagnose(queryOf(subject, options.value('namespace'), place), deps);
      return { diagnosis: answer, requests: deps.cluster.requestCount() };
    },
  );
  if (options.has('verbose')) {
    const spent = Math.round(performance.now() - startedAt);
    output.note(`${subjectTitle(diagnosis.subject)}: ${requests} requests, ${spent} ms`);
  }
  return diagnosis;
}

/** Fills in what the command line leaves open: the subject of the recording, the namespace of the context. */
function queryOf(
  subject: SubjectArgument | undefined,
  namespaceOption: string | undefined,
  question: Pick<OpenedQuestion, 'namespace' | 'recorded'>,
): SubjectQuery {
  const chosen = subject ?? parseRecordedSubject(question.recorded ?? '', namespaceOption);
  return { ...chosen, namespace: chosen.namespace ?? question.namespace };
}
