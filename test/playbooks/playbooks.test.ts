import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import { differences } from '../../src/app/expected-answer.ts';
import { openCase } from '../../src/app/playbook-cases.ts';
import { parseRecordedSubject } from '../../src/cli/recorded-subject.ts';
import { outcomeSchema } from '../../src/core/question/question-schema.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';

const HERE = import.meta.dirname;
const playbooks = await loadPlaybooks({ folders: [join(HERE, '../../playbooks')] });
const blaming = playbooks.filter(({ blames }) => blames.length > 0);

function folders(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

const entries = folders(HERE).map((entry) => ({ entry, cases: folders(join(HERE, entry)) }));

describe('every playbook', () => {
  it.each(playbooks.map(({ name, role }) => ({ name, role })))('$name has a hit and a near miss', ({ name }) => {
    const cases = entries.find(({ entry }) => entry === name)?.cases ?? [];

    expect(cases.filter((one) => one.startsWith('hit-')).length, 'cases hit-…').toBeGreaterThan(0);
    expect(cases.filter((one) => one.startsWith('near-')).length, 'cases near-…').toBeGreaterThan(0);
  });

  it.each(blaming.map(({ name }) => ({ name })))('$name has a hit that says what is to blame', async ({ name }) => {
    const hits = entries.find(({ entry }) => entry === name)?.cases.filter((one) => one.startsWith('hit-')) ?? [];

    const shown = await Promise.all(hits.map((hit) => openCase(join(HERE, name, hit))));

    const keys = shown
      .filter(({ expected }) => expected.code === name)
      .map(({ expected }) => expected.blames ?? 'none');
    expect(keys.filter((key) => key !== 'none').length).toBeGreaterThan(0);
  });

  it('stands behind each folder of cases', () => {
    const names = playbooks.map(({ name }) => name);

    expect(entries.map(({ entry }) => entry).filter((entry) => !names.includes(entry))).toEqual([]);
  });
});

describe.each(entries)('$entry', ({ entry, cases }) => {
  it.each([...cases])('%s', async (name) => {
    const { recording, expected } = await openCase(join(HERE, entry, name));
    const subject = parseRecordedSubject(expected.subject ?? recording.subject);
    const query = { ...subject, namespace: subject.namespace ?? recording.namespace };

    const diagnosis = await diagnose(query, { cluster: recording.cluster, clock: recording.clock, playbooks });

    expect(differences(diagnosis, expected)).toEqual([]);
    const outcome = { kind: 'answered', diagnosis, tookMs: 1, requests: 1, playbooks: '' };
    expect(outcomeSchema.parse(outcome), 'it is stored without a loss').toEqual(outcome);
    if (name.startsWith('near-')) {
      expect(expected.code, 'a near miss expects another playbook').not.toBe(entry);
      expect(expected.not, 'a near miss excludes its own playbook').toContain(entry);
    } else {
      const told = [diagnosis.primary, ...diagnosis.alternatives, ...diagnosis.modifiers];
      expect(told.map((finding) => finding?.code)).toContain(entry);
    }
  });
});
