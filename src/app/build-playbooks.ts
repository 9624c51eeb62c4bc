import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlaybookBundle } from '../adapters/playbook-files/playbook-bundle.ts';
import { readPlaybookFolder } from '../adapters/playbook-files/playbook-files.ts';
import { storeExpression } from '../core/expression/cel.ts';
import { compilePlaybookSet, playbooksInvalid } from '../core/playbook/compile-set.ts';
import { readPlaybookSet } from '../core/playbook/read-set.ts';

/** Writes the built-in playbooks, validated and with their expressions parsed, as one file that a start reads quickly. */
async function buildPlaybooks(target: string): Promise<void> {
  const { documents, problems: unread } = await readPlaybookFolder(join(import.meta.dirname, '../../playbooks'));
  const { set, problems: invalid } = readPlaybookSet(documents);
  const { expressions, problems: wrong } = compilePlaybookSet(set);
  const problems = [...unread, ...invalid, ...wrong];
  if (problems.length > 0) {
    process.stderr.write(`${playbooksInvalid(problems).message}\n`);
    process.exitCode = 1;
    return;
  }
  const parsed = Object.fromEntries(expressions.map((source) => [source, storeExpression(source)]));
  const bundle: PlaybookBundle = { set, parsed };
  await writeFile(target, JSON.stringify(bundle));
}

const [, , target] = process.argv;
if (target === undefined) {
  throw new Error('usage: build-playbooks.ts TARGET');
}
await buildPlaybooks(target);
