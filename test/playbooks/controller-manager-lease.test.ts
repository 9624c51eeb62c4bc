import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import { openCase } from '../../src/app/playbook-cases.ts';
import { parseRecordedSubject } from '../../src/cli/recorded-subject.ts';
import type { Finding } from '../../src/core/diagnosis/finding.ts';
import type { CompiledPlaybook } from '../../src/core/playbook/compiled.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';

const ENTRY = 'namespace-terminating-controller-not-running';
const NO_LEASE =
  'lease kube-system/kube-controller-manager: not found (404), so it does not tell whether the kube-controller-manager works';
let playbooks: readonly CompiledPlaybook[];

async function foundIn(name: string): Promise<Finding | undefined> {
  const { recording } = await openCase(join(import.meta.dirname, ENTRY, name));
  const subject = parseRecordedSubject(recording.subject);
  const query = { ...subject, namespace: subject.namespace ?? recording.namespace };
  return (await diagnose(query, { cluster: recording.cluster, clock: recording.clock, playbooks })).primary;
}

describe('the lease of the kube-controller-manager', () => {
  beforeAll(async () => {
    playbooks = await loadPlaybooks({ folders: [join(import.meta.dirname, '../../playbooks')] });
  });

  it('tells that it is silent', async () => {
    const found = await foundIn('hit-manager-gone');

    const [check] = found?.checks ?? [];
    expect(check).toMatchObject({ id: 'manager-silent', answer: 'yes', supports: true });
    expect(found?.evidence).not.toContain(NO_LEASE);
  });

  it('tells nothing where there is none', async () => {
    const found = await foundIn('hit-never-looked');

    expect(found?.checks.map(({ id }) => id)).toEqual(['others-wait', 'apis-answer']);
    expect(found?.evidence).toContain(NO_LEASE);
    expect(found?.checks[0]?.evidence).toBe('1 more of 6 namespaces has been waiting for more than a minute');
  });
});
