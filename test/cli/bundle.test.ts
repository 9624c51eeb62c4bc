import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const BUILD_MS = 120_000;
const LIMIT_MS = 30_000;
const folder = mkdtempSync(join(tmpdir(), 'kubewhy-bundle-'));
const target = join(folder, 'dist');

// Bundling changes how packages are imported, which no test of the sources can see.
describe('the bundled command', () => {
  beforeAll(() => {
    const { status, stderr } = run(join(ROOT, 'scripts', 'build.ts'), target);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }, BUILD_MS);

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it(
    'answers in every form',
    () => {
      const ask = ['why', '--from', join(ROOT, 'examples', 'incident-b-backoff')];
      const [text, json, yaml] = ['text', 'json', 'yaml'].map((form) => kubewhy(...ask, '-o', form));

      expect([text, json, yaml].map((answer) => [answer?.status, answer?.stderr])).toEqual([
        [1, ''],
        [1, ''],
        [1, ''],
      ]);
      expect(parse(yaml?.stdout ?? '')).toEqual(JSON.parse(json?.stdout ?? ''));
    },
    LIMIT_MS,
  );

  it(
    'completes the contexts of a kubeconfig',
    () => {
      const kubeconfig = join(folder, 'config');
      writeFileSync(kubeconfig, JSON.stringify({ contexts: [{ name: 'staging', context: {} }] }));

      const { stdout } = kubewhy('__complete', 'why', '--kubeconfig', kubeconfig, '--context', '');

      expect(stdout).toBe('staging\n');
    },
    LIMIT_MS,
  );

  it(
    'checks and tests playbooks',
    () => {
      const lint = kubewhy('playbook', 'lint', join(ROOT, 'playbooks', 'b-crashes'));
      const test = kubewhy('playbook', 'test', join(ROOT, 'test', 'playbooks', 'invalid-image-name'));

      expect([lint.status, lint.stderr, test.status, test.stderr]).toEqual([
        0,
        expect.stringMatching(/^\d+ files without a problem\n$/),
        0,
        '',
      ]);
    },
    LIMIT_MS,
  );
});

function kubewhy(...args: readonly string[]) {
  return run(join(target, 'kubewhy.mjs'), ...args);
}

function run(script: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
}
