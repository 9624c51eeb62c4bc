import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCases, openCase } from '../../src/app/playbook-cases.ts';
import { parseRecordedSubject } from '../../src/cli/recorded-subject.ts';
import { summaryLine } from '../../src/core/render/headline.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import type { Played } from './play-scenarios.ts';
import { builtInPlaybooks } from './scenario-answer.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Writes docs/verified.md: what was broken on the real cluster, and what is known from recordings only. */
export async function writeVerified(answered: readonly Extract<Played, { kind: 'answered' }>[]): Promise<void> {
  const live = answered
    .toSorted((a, b) => (a.settled.scenario.name < b.settled.scenario.name ? -1 : 1))
    .map(({ settled, answer }) =>
      row(settled.scenario.description, answer.firstLine, settled.expect.code, settled.namespace),
    );
  const covered = new Set(answered.map(({ settled }) => settled.expect.code));
  const recorded = await recordedRows(covered);
  const text = [
    '# Verified',
    '',
    'Written by `node test/cluster/play.ts --verified`: every scenario of `test/cluster/scenarios/` is set up on a real',
    'cluster (Kubernetes 1.34), `kubewhy why` is asked, and the first line of its answer is compared and listed here.',
    '',
    `## On the real cluster (${live.length})`,
    '',
    '| broken how | playbook | first line |',
    '|---|---|---|',
    ...live,
    '',
    `## From recordings (${recorded.length})`,
    '',
    'Failures that this cluster cannot show, such as texts of other runtimes and versions, or lost nodes. The cases are in',
    '`test/playbooks/`.',
    '',
    '| case | playbook | first line |',
    '|---|---|---|',
    ...recorded,
    '',
  ];
  await writeFile(join(ROOT, 'docs', 'verified.md'), text.join('\n'));
}

async function recordedRows(covered: ReadonlySet<string>): Promise<readonly string[]> {
  const playbooks = await builtInPlaybooks();
  const folders = await findCases(join(ROOT, 'test', 'playbooks'));
  const rows: string[] = [];
  for (const folder of folders) {
    const [name = '', entry = ''] = folder.split('/').toReversed();
    if (!name.startsWith('hit-') || covered.has(entry)) {
      continue;
    }
    const { recording, expected } = await openCase(folder);
    const subject = parseRecordedSubject(expected.subject ?? recording.subject);
    const query = { ...subject, namespace: subject.namespace ?? recording.namespace };
    const diagnosis = await diagnose(query, { cluster: recording.cluster, clock: recording.clock, playbooks });
    rows.push(row(name.replace(/^hit-/, '').replaceAll('-', ' '), summaryLine(diagnosis), entry, query.namespace));
  }
  return rows;
}

/** The random part of a namespace would change the table at every run. */
function row(how: string, firstLine: string, code: string, namespace: string): string {
  const line = firstLine.replaceAll(namespace, namespace.replace(/-[a-z0-9]{5}$/, ''));
  return `| ${cell(how)} | ${cell(code)} | ${cell(line)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
