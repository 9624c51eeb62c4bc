import { compilePlaybookSet, playbooksInvalid } from '../../core/playbook/compile-set.ts';
import type { CompiledPlaybook } from '../../core/playbook/compiled.ts';
import { readBundle } from './playbook-bundle.ts';

/** Where playbooks come from. */
export interface PlaybookSources {
  /** A bundle file written by the build; the fast way for the built-in playbooks. */
  readonly bundle?: string;
  /** Folders, each replacing playbooks of the same name in what came before. */
  readonly folders: readonly string[];
}

/** Loads all playbooks. Throws PLAYBOOKS_INVALID with every problem of every file. */
export async function loadPlaybooks({ bundle, folders }: PlaybookSources): Promise<readonly CompiledPlaybook[]> {
  const builtIn = bundle === undefined ? undefined : await readBundle(bundle);
  const trusted = builtIn !== undefined && folders.length === 0;
  // The bundle alone needs neither YAML nor schemas, and a start is quicker without them.
  const set = trusted ? builtIn.set : await (await import('./read-folders.ts')).readFolders(builtIn, folders);
  const { playbooks, problems } = compilePlaybookSet(set, builtIn?.parsed, trusted);
  if (problems.length > 0) {
    throw playbooksInvalid(problems);
  }
  return playbooks;
}
