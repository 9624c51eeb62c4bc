import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseDocument } from 'yaml';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { LoadProblem } from '../../core/playbook/compile-set.ts';
import type { PlaybookDocument } from '../../core/playbook/read-set.ts';

const LARGEST_FILE = 256 * 1024;
const DEEPEST_FOLDER = 5;

/** Reads every `.yaml` and `.yml` below a folder, in alphabetical order. Unreadable files are problems, a missing folder is an error. */
export async function readPlaybookFolder(
  folder: string,
): Promise<{ readonly documents: readonly PlaybookDocument[]; readonly problems: readonly LoadProblem[] }> {
  const files = await listFiles(folder, 0).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KubewhyError('PLAYBOOKS_INVALID', {
      message: `The playbook folder ${folder} cannot be read: ${reason}`,
      cause: error,
    });
  });
  const read = await Promise.all(files.toSorted().map((file) => readOne(file, join(folder, '..'))));
  return { documents: read.flatMap((one) => one.documents), problems: read.flatMap((one) => one.problems) };
}

async function listFiles(folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries
    .filter((entry) => entry.isDirectory() && depth < DEEPEST_FOLDER && !entry.name.startsWith('.'))
    .map((entry) => listFiles(join(folder, entry.name), depth + 1));
  const own = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(folder, entry.name));
  return [...own, ...(await Promise.all(nested)).flat()];
}

interface Read {
  readonly documents: readonly PlaybookDocument[];
  readonly problems: readonly LoadProblem[];
}

/** The text of a file; a ConfigMap volume holds links to files. */
async function readLimited(path: string): Promise<string | { readonly reason: string }> {
  const { size } = await stat(path);
  return size > LARGEST_FILE
    ? { reason: `the file is larger than ${LARGEST_FILE / 1024} KiB` }
    : readFile(path, 'utf8');
}

async function readOne(path: string, base: string): Promise<Read> {
  const file = relative(base, path);
  const problem = (reason: string): Read => ({ documents: [], problems: [{ file, path: '', reason }] });
  const text = await readLimited(path).catch((error: unknown) => {
    return { reason: error instanceof Error ? error.message : String(error) };
  });
  if (typeof text !== 'string') {
    return problem(text.reason);
  }
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return {
      documents: [],
      problems: faults.map((fault) => ({ file, path: '', reason: fault.message.split('\n', 1)[0] ?? '' })),
    };
  }
  try {
    // Few aliases: a playbook needs none, and many make an "alias bomb".
    const content: unknown = document.toJS({ maxAliasCount: 20 });
    return { documents: [{ file, content }], problems: [] };
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
}
