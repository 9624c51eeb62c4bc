import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { ChaosOptions } from './arguments.ts';

const FILE = join(import.meta.dirname, '../../docs/reliability.md');
const END = '\n<!-- end -->';

/** Puts the tables between their marks in docs/reliability.md; those of a real cluster, and of a row alone, have marks of their own. */
export async function writeReport(
  lines: readonly string[],
  { cluster, rounds }: Pick<ChaosOptions, 'cluster' | 'rounds'>,
): Promise<void> {
  const what = rounds === 0 ? 'chaos in a row' : 'chaos';
  const start = `<!-- ${cluster ? 'chaos on a cluster' : what} -->\n`;
  const where = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const against = cluster ? 'a real API server' : 'the stand-in for a cluster';
  const head = `Played ${new Date().toISOString().slice(0, 10)} on ${where}, against ${against}.`;
  const text = await readFile(FILE, 'utf8');
  const [before = '', rest] = text.split(start);
  if (rest === undefined || !rest.includes(END)) {
    throw new Error(`${FILE} has no ${start.trim()} with an end`);
  }
  await writeFile(FILE, `${before}${start}${[head, '', ...lines].join('\n')}${rest.slice(rest.indexOf(END))}`);
}
