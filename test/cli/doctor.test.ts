import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadAllPlaybooks } from '../../src/app/playbooks.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { readConfig } from '../../src/config/config.ts';

const RULE = 'reading: [{ channels: [direct], namespaces: [shop] }]\n';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubewhy-doctor-'));
  const names = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'REDIS_URL', 'KUBEWHY_CONFIG'];
  for (const name of names) {
    vi.stubEnv(name, '');
  }
  vi.stubEnv('KUBEWHY_ROLE', 'gateway');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function run(
  settings: string,
  ...args: readonly string[]
): Promise<{ code: number; out: string; notes: string }> {
  const file = join(folder, 'kubewhy.yaml');
  writeFileSync(file, settings);
  const out: string[] = [];
  const notes: string[] = [];
  const output = {
    width: 80,
    noteWidth: 80,
    terminal: false,
    print: (text: string) => void out.push(text),
    note: (text: string) => void notes.push(text),
    waiting: <T>(_text: string, task: () => Promise<T>) => task(),
  };
  const surroundings = { output, readConfig, loadPlaybooks: loadAllPlaybooks };
  const code = await runCommandLine(['doctor', '--config', file, ...args], surroundings);
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}

describe('kubewhy doctor', () => {
  it('is content with what is there and not configured: exit code 0', async () => {
    const { code, out } = await run(RULE);

    expect(code).toBe(0);
    expect(out.split('\n').at(-1)).toBe('Everything that was looked at is in order. 4 not looked at.');
  });

  it('exits with 1 for warnings', async () => {
    expect((await run('')).code).toBe(1);
  });

  it('exits with 2 for failures, and gives the report as JSON', async () => {
    const { code, out } = await run('nothing: 1\n', '-o', 'json');

    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      apiVersion: 'kubewhy.dev/v1',
      kind: 'DoctorReport',
      verdict: 'failures',
      checks: expect.arrayContaining([
        expect.objectContaining({
          id: 'settings.valid',
          status: 'failure',
          lines: ['line 1: nothing: there is no such key'],
        }),
      ]),
    });
  });

  it('reports a wrong environment instead of failing', async () => {
    vi.stubEnv('KUBEWHY_DEBUG', 'perhaps');

    const { code, out } = await run(RULE);

    expect([code, out]).toEqual([2, expect.stringContaining('KUBEWHY_DEBUG must be one of')]);
  });

  it('takes no arguments: exit code 3', async () => {
    const { code, notes } = await run(RULE, 'web-0');

    expect([code, notes]).toEqual([3, expect.stringContaining('takes no arguments')]);
  });
});
