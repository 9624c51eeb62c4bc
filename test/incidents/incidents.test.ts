import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import { openRecording } from '../../src/app/open-recording.ts';
import { parseRecordedSubject } from '../../src/cli/recorded-subject.ts';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import { renderText } from '../../src/core/render/render-text.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';

const ROOT = join(import.meta.dirname, '../..');
const playbooks = await loadPlaybooks({ folders: [join(ROOT, 'playbooks')] });

async function ask(example: string, subject?: string): Promise<Diagnosis> {
  const recording = await openRecording(join(ROOT, 'examples', example));
  const query = parseRecordedSubject(subject ?? recording.subject);
  const namespace = query.namespace ?? recording.namespace;
  return diagnose({ ...query, namespace }, { cluster: recording.cluster, clock: recording.clock, playbooks });
}

describe('a ConfigMap replaced under a running subPath mount', () => {
  it('is the proven cause of the workload that mounts it', async () => {
    const { primary, modifiers } = await ask('incident-a-subpath');

    expect(primary).toMatchObject({
      code: 'subpath-stale-bind-mount',
      state: 'confirmed',
      remediation: { action: 'R-POD-DELETE' },
      blames: 'ConfigMap shop/blog-api-appsettings',
    });
    expect(primary?.cause).toContain('blog-api-appsettings');
    expect(modifiers.map(({ code }) => code)).toEqual(['crashloop-backoff-ceiling']);
  });

  it('is the root of the trouble of the workload whose probes call it, and nothing else is a cause', async () => {
    const { primary, alternatives, others, consequences } = await ask('incident-a-subpath', 'deploy/i-web');

    expect(primary).toMatchObject({
      code: 'probe-dependency-cascade',
      root: { finding: { code: 'subpath-stale-bind-mount' } },
      blames: 'ConfigMap shop/blog-api-appsettings',
    });
    expect(primary?.cause).toContain('blog-api');
    expect([...alternatives, ...others]).toEqual([]);
    expect(consequences.map(({ code }) => code)).toEqual(['liveness-probe-kill']);
  });
});

describe('a chaos test that kills the main process every few minutes', () => {
  it('names the killer by elimination, the waits, and the time of the next try', async () => {
    const diagnosis = await ask('incident-b-backoff');

    expect(diagnosis.primary).toMatchObject({ code: 'killed-by-signal', container: 'web' });
    expect(diagnosis.primary?.cause).toContain('SIGKILL');
    expect(diagnosis.container).toMatchObject({ restarts: 7, nextTry: '2026-11-21T16:57:52Z', secondsLeft: 90 });
    const text = renderText(diagnosis, { width: 200, color: false });
    expect(text).toContain('0, 10, 20, 40, 80, 160, 300');
    expect(text).toContain('next try at 16:57:52');
  });

  it('is not blamed on the memory limit, a probe, eviction or the node', async () => {
    const { primary } = await ask('incident-b-backoff');

    const ruledOut = (primary?.checks ?? []).filter(({ supports, answer }) => supports === true && answer === 'no');
    expect(ruledOut.length).toBeGreaterThanOrEqual(4);
  });
});
