import { z } from 'zod';
import { bundleDocuments, readBundle } from '../adapters/playbook-files/playbook-bundle.ts';
import { readPlaybookFolder } from '../adapters/playbook-files/playbook-files.ts';
import { compilePlaybookSet, type LoadProblem } from '../core/playbook/compile-set.ts';
import { playbookSchema } from '../core/playbook/definition.ts';
import { type PlaybookDocument, readPlaybookSet } from '../core/playbook/read-set.ts';
import { builtInPlaybooks } from './playbooks.ts';

/** Every problem of the playbooks in the given folders, and how many documents there are. Throws when a folder cannot be read. */
export async function lintPlaybooks(
  folders: readonly string[],
): Promise<{ readonly documents: number; readonly problems: readonly LoadProblem[] }> {
  const read = await Promise.all(folders.map((folder) => readPlaybookFolder(folder)));
  const own = read.flatMap((one) => one.documents);
  if (own.length === 0) {
    return { documents: 0, problems: read.flatMap((one) => one.problems) };
  }
  const { set, problems: invalid } = readPlaybookSet([...(await builtInDocuments()), ...own]);
  const { problems: wrong } = compilePlaybookSet(set);
  const files = new Set(own.map(({ file }) => file));
  // Playbooks that this folder replaces are not its own; what is wrong with the others is not asked.
  const relevant = [...invalid, ...wrong].filter(({ file }) => files.has(file));
  return { documents: own.length, problems: [...read.flatMap((one) => one.problems), ...relevant] };
}

/** The JSON Schema of a playbook file. */
export function playbookJsonSchema(): object {
  return z.toJSONSchema(playbookSchema);
}

async function builtInDocuments(): Promise<readonly PlaybookDocument[]> {
  const { bundle, folders } = builtInPlaybooks();
  if (bundle !== undefined) {
    return bundleDocuments(await readBundle(bundle));
  }
  const read = await Promise.all(folders.map((folder) => readPlaybookFolder(folder)));
  return read.flatMap((one) => one.documents.map(({ file, content }) => ({ file: `built-in ${file}`, content })));
}
