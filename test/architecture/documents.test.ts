import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const manifest = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
    optionalDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));
const packages = Object.entries({
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
});

describe('docs/dependencies.md', () => {
  it.each(packages.map(([name]) => name))('says why %s is needed', (name) => {
    expect(read('docs/dependencies.md')).toContain(`\`${name}\``);
  });
});

describe('package.json', () => {
  it.each(packages)('pins %s to the exact version %s', (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('package-lock.json', () => {
  it('names no host and needs no install script of ours', () => {
    const lock = read('package-lock.json');

    expect(lock).not.toContain('"resolved"');
    expect(read('.npmrc')).toContain('ignore-scripts=true');
  });
});

const documents = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];

describe.each(documents.filter((path) => path.endsWith('.md')))('%s', (path) => {
  it('links only to what exists', () => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');

    expect(links.filter((link) => !existsSync(join(ROOT, dirname(path), link)))).toEqual([]);
  });
});
