import type { RecordedQuestion } from '../app/keep-recording.ts';
import { usageError } from '../core/command/usage-error.ts';
import { renderFirstLines } from '../core/render/render-text.ts';
import { subjectPath } from '../core/subject/subject.ts';
import { ask } from './ask.ts';
import { usesColor } from './color.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** `kubewhy record`: asks and writes down everything that was read. */
export async function runRecord(context: CommandContext): Promise<number> {
  const { line, config, output } = context;
  const folder = line.options.value('output');
  if (folder === undefined) {
    throw usageError('Where to? Name a new folder: -o FOLDER.', line.command.name);
  }
  const { keepReads } = await import('../app/keep-recording.ts');
  let kept: RecordedQuestion | undefined;
  const diagnosis = await ask(context, (question) => {
    kept = keepReads(question);
    return kept.question;
  });
  // The answer comes first: it is not lost when the folder cannot be written.
  output.print(renderFirstLines(diagnosis, { width: output.width, color: usesColor(line.options, config, output) }));
  const { kind } = diagnosis.subject;
  const files = await kept?.write(folder, {
    subject: `${kind} ${subjectPath(diagnosis.subject)}`,
    now: new Date(diagnosis.clock),
  });
  output.print(['', 'written, without secrets:', ...(files ?? []).map((file) => `  ${file}`)].join('\n'));
  output.print(`\nask again with: kubewhy why --from ${folder}`);
  return EXIT.healthy;
}
