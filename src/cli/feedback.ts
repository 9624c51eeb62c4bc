import { printable, shorten } from '../core/facts/text.ts';
import type { Feedback } from '../core/question/question.ts';
import { subjectPath } from '../core/subject/subject.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

const LONGEST_TEXT = 500;

/** `kubewhy feedback`: what people said about answers; with `-o` the facts behind them as recordings. */
export async function runFeedback({ line, output }: CommandContext): Promise<number> {
  const { loadServiceConfig } = await import('../app/load-service-config.ts');
  const { openFeedback } = await import('../app/feedback.ts');
  const feedback = await openFeedback(loadServiceConfig());
  try {
    const folder = line.options.value('output');
    const entries = await feedback.list();
    output.print(entries.length === 0 ? 'nobody has called a diagnosis wrong' : entries.map(entryText).join('\n\n'));
    if (folder !== undefined && entries.length > 0) {
      const folders = await feedback.exportTo(folder);
      output.print(['', 'written, without secrets:', ...folders.map((path) => `  ${path}`)].join('\n'));
      output.print('\nask again with: kubewhy why --from FOLDER');
    }
  } finally {
    feedback.close();
  }
  return EXIT.healthy;
}

/** An entry as lines that show in any terminal. */
export function entryText({ id, question, at, by, text }: Feedback): string {
  const { subject, cluster } = question;
  const kind = subject.kind === undefined ? '' : `${subject.kind} `;
  const said = text === '' ? '(no words)' : shorten(oneLine(text), LONGEST_TEXT);
  const head = [id, at, `by ${by.user}`].map(oneLine).join('  ');
  return `${head}\n  ${oneLine(`${kind}${subjectPath(subject)} in ${cluster}`)}\n  ${said}`;
}

function oneLine(text: string): string {
  return printable(text).replaceAll('\n', ' ');
}
