import { createHash } from 'node:crypto';
import type { Logger } from '../../ports/logger.ts';
import type { LoadedPlaybooks } from '../../usecases/find-outcome.ts';
import { loadAllPlaybooks } from '../playbooks.ts';

/** The playbooks of a running bot. */
export interface PlaybookSet {
  current(): Promise<LoadedPlaybooks>;
  /** Loads other folders; when that fails the set before stays, and the log says why. */
  reload(folders: readonly string[]): Promise<void>;
}

/** Loads the playbooks once. Throws PLAYBOOKS_INVALID. */
export async function loadPlaybookSet(folders: readonly string[], logger: Logger): Promise<PlaybookSet> {
  let set = await load(folders);
  return {
    current: async () => set,
    async reload(changed) {
      try {
        set = await load(changed);
      } catch (error) {
        logger.warn('the playbooks are not valid; those before stay in force', { error });
      }
    },
  };
}

async function load(folders: readonly string[]): Promise<LoadedPlaybooks> {
  const playbooks = await loadAllPlaybooks(folders);
  return { playbooks, digest: createHash('sha256').update(JSON.stringify(playbooks)).digest('hex').slice(0, 12) };
}
