import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadEnvFile } from '../../src/config/env-file.ts';

const NAMES = ['KUBEWHY_TEST_NEW', 'KUBEWHY_TEST_SET'];

describe('loadEnvFile', () => {
  afterEach(() => {
    for (const name of NAMES) {
      delete process.env[name];
    }
  });

  it('adds what is not set', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kubewhy-env-')), '.env');
    writeFileSync(file, '# a comment\nKUBEWHY_TEST_NEW="from the file"\nKUBEWHY_TEST_SET=file\n');
    process.env['KUBEWHY_TEST_SET'] = 'environment';

    const found = loadEnvFile(file);

    expect([found, ...NAMES.map((name) => process.env[name])]).toEqual([true, 'from the file', 'environment']);
  });

  it('says that there is none', () => {
    expect(loadEnvFile(join(tmpdir(), 'kubewhy-none', '.env'))).toBe(false);
  });

  it('refuses what cannot be read', () => {
    expect(() => loadEnvFile(tmpdir())).toThrow(/cannot be read/);
  });
});
