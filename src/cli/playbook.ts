import { didYouMean, quoted, usageError } from '../core/command/usage-error.ts';
import { printable } from '../core/facts/text.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';
import { jsonText } from '../core/render/escape.ts';
import { usesColor } from './color.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** `kubewhy playbook list` */
export async function runPlaybookList(context: CommandContext): Promise<number> {
  const { renderPlaybookList } = await import('../core/render/render-playbook.ts');
  context.output.print(renderPlaybookList(await loadChosen(context)));
  return EXIT.healthy;
}

/** `kubewhy playbook explain NAME` */
export async function runPlaybookExplain(context: CommandContext): Promise<number> {
  const { line, config, output } = context;
  const [name, ...more] = line.words;
  if (name === undefined || more.length > 0) {
    throw usageError('Name one playbook; `kubewhy playbook list` shows all.', line.command.name);
  }
  const playbooks = await loadChosen(context);
  const playbook = playbooks.find((one) => one.name === name);
  if (playbook === undefined) {
    const near = didYouMean(
      name,
      playbooks.map((one) => one.name),
    );
    throw usageError(`There is no playbook ${quoted(name)}.${near}`, line.command.name);
  }
  const { renderPlaybook } = await import('../core/render/render-playbook.ts');
  output.print(renderPlaybook(playbook, { width: output.width, color: usesColor(line.options, config, output) }));
  return EXIT.healthy;
}

/** `kubewhy playbook lint FOLDER...` */
export async function runPlaybookLint({ line, output }: CommandContext): Promise<number> {
  if (line.words.length === 0) {
    throw usageError('Which folder?', line.command.name);
  }
  const { lintPlaybooks } = await import('../app/lint-playbooks.ts');
  const { documents, problems } = await lintPlaybooks(line.words);
  for (const { file, path, reason } of problems) {
    output.print(printable(`${file}${path === '' ? '' : `: ${path}`}: ${reason}`));
  }
  if (documents === 0 && problems.length === 0) {
    throw usageError(`There is no playbook (*.yaml) in ${line.words.map(quoted).join(', ')}.`, line.command.name);
  }
  output.note(
    problems.length === 0 ? `${count(documents, 'file')} without a problem` : count(problems.length, 'problem'),
  );
  return problems.length === 0 ? EXIT.healthy : EXIT.usage;
}

/** `kubewhy playbook schema` */
export async function runPlaybookSchema({ output }: CommandContext): Promise<number> {
  const { playbookJsonSchema } = await import('../app/lint-playbooks.ts');
  output.print(jsonText(playbookJsonSchema()));
  return EXIT.healthy;
}

function loadChosen({ line, config, loadPlaybooks }: CommandContext): Promise<readonly CompiledPlaybook[]> {
  return loadPlaybooks([...config.playbookFolders, ...line.options.values('playbooks')]);
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
