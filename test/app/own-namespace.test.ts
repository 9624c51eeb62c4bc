import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownNamespace } from '../../src/app/own-namespace.ts';

it('is what the service account of the pod says, and nothing outside of a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-namespace-'));
  writeFileSync(join(folder, 'namespace'), 'kubewhy\n');
  writeFileSync(join(folder, 'empty'), '');

  const found = ['namespace', 'empty', 'missing'].map((name) => ownNamespace(join(folder, name)));

  rmSync(folder, { recursive: true });
  expect(found).toEqual(['kubewhy', undefined, undefined]);
});
