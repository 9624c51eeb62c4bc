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

function entryText({ id, question, at, by, text }: Feedback): string {
  const { subject, cluster } = question;
  const kind = subject.kind === undefined ? '' : `${subject.kind} `;
  const said = text === '' ? '(no words)' : shorten(printable(text).replaceAll('\n', ' '), LONGEST_TEXT);
  return `${id}  ${at}  by ${printable(by.user)}\n  ${kind}${subjectPath(subject)} in ${cluster}\n  ${said}`;
}
