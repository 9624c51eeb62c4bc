import { type PlaybookSet, playbooksInvalid } from '../../core/playbook/compile-set.ts';
import { readPlaybookSet } from '../../core/playbook/read-set.ts';
import { bundleDocuments, type PlaybookBundle } from './playbook-bundle.ts';
import { readPlaybookFolder } from './playbook-files.ts';

/** Validates the playbooks of folders on top of the built-in ones. Throws PLAYBOOKS_INVALID with every problem. */
export async function readFolders(
  builtIn: PlaybookBundle | undefined,
  folders: readonly string[],
): Promise<PlaybookSet> {
  const read = await Promise.all(folders.map((folder) => readPlaybookFolder(folder)));
  const known = builtIn === undefined ? [] : bundleDocuments(builtIn);
  const { set, problems } = readPlaybookSet([...known, ...read.flatMap((one) => one.documents)]);
  const all = [...read.flatMap((one) => one.problems), ...problems];
  if (all.length > 0) {
    throw playbooksInvalid(all);
  }
  return set;
}
