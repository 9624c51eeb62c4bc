import { quoted, usageError } from '../core/command/usage-error.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';
import { wrapText } from '../core/render/wrap.ts';
import { diagnose } from '../usecases/diagnose.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { parseRecordedSubject } from './recorded-subject.ts';
import { errorText } from './report-error.ts';

/** `kubewhy playbook test FOLDER...`: exit code 1 when a case fails. */
export async function runPlaybookTest({ line, config, output, loadPlaybooks }: CommandContext): Promise<number> {
  const { words, options, command } = line;
  if (words.length === 0) {
    throw usageError('Which folder?', command.name);
  }
  const { findCases } = await import('../app/playbook-cases.ts');
  const playbooks = await loadPlaybooks([...config.playbookFolders, ...options.values('playbooks')]);
  const cases = (await Promise.all(words.map((folder) => findCases(folder)))).flat();
  if (cases.length === 0) {
    throw usageError(`There is no case (recording.yaml) in ${words.map(quoted).join(', ')}.`, command.name);
  }
  let failed = 0;
  for (const folder of cases) {
    const wrong = await runCase(folder, playbooks, output.width);
    failed += wrong.length > 0 ? 1 : 0;
    output.print(
      [`${wrong.length > 0 ? 'FAILED' : 'ok    '}  ${folder}`, ...wrong.map((text) => `          ${text}`)].join('\n'),
    );
  }
  output.print(`${cases.length - failed} passed, ${failed} failed`);
  return failed > 0 ? EXIT.cause : EXIT.healthy;
}

/** What is wrong with a case; a case that cannot be run fails. */
async function runCase(
  folder: string,
  playbooks: readonly CompiledPlaybook[],
  width: number,
): Promise<readonly string[]> {
  const [{ openCase }, { differences }] = await Promise.all([
    import('../app/playbook-cases.ts'),
    import('../app/expected-answer.ts'),
  ]);
  try {
    const { recording, expected } = await openCase(folder);
    const subject = parseRecordedSubject(expected.subject ?? recording.subject);
    const query = { ...subject, namespace: subject.namespace ?? recording.namespace };
    const diagnosis = await diagnose(query, { cluster: recording.cluster, clock: recording.clock, playbooks });
    return differences(diagnosis, expected).flatMap((text) => wrapText(text, width - 10));
  } catch (error) {
    return errorText(error, width - 10, false).split('\n');
  }
}
