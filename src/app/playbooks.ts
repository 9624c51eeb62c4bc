import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlaybooks, type PlaybookSources } from '../adapters/playbook-files/load-playbooks.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';

/** Loads the built-in playbooks and those of the given folders. */
export type LoadPlaybooks = (folders: readonly string[]) => Promise<readonly CompiledPlaybook[]>;

/** The built-in playbooks and those of the given folders, a later one of the same name winning. Throws PLAYBOOKS_INVALID. */
export function loadAllPlaybooks(folders: readonly string[]): Promise<readonly CompiledPlaybook[]> {
  const builtIn = builtInPlaybooks();
  return loadPlaybooks({ ...builtIn, folders: [...builtIn.folders, ...folders] });
}

/** The bundle beside the built program, or the folder of the sources. */
export function builtInPlaybooks(): PlaybookSources {
  const bundle = join(import.meta.dirname, 'playbooks.json');
  return existsSync(bundle) ? { bundle, folders: [] } : { folders: [join(import.meta.dirname, '../../playbooks')] };
}
