import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../../src/adapters/playbook-files/load-playbooks.ts';
import { readPlaybookFolder } from '../../../src/adapters/playbook-files/playbook-files.ts';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';

const VALID = `apiVersion: kubewhy.dev/v1
kind: Playbook
metadata: { name: sample, title: A sample }
spec:
  subject: Pod
  stage: run
  trigger: "true"
  finding: { cause: it is broken }
`;

let folder = '';

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kubewhy-')), 'mine');
  mkdirSync(folder);
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(folder, name), content);
}

/** The problems that stop the start; none when the folder loads. */
async function problems(): Promise<readonly string[]> {
  try {
    await loadPlaybooks({ folders: [folder] });
    return [];
  } catch (error) {
    if (error instanceof KubewhyError && error.code === 'PLAYBOOKS_INVALID') {
      return error.message.split('\n').slice(1);
    }
    throw error;
  }
}

const BOMB = `a: &a [x, x, x, x, x, x, x, x, x]
${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index] ?? ''}, `.repeat(9)}]`).join('\n')}
`;

describe('a file that cannot be used', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['duplicate keys', `${VALID}spec: {}\n`, 'Map keys must be unique'],
    ['an alias bomb', BOMB, 'Excessive alias count'],
    ['more than 256 KiB', `${VALID}# ${'x'.repeat(256 * 1024)}\n`, 'the file is larger than 256 KiB'],
    ['nothing', '', 'Invalid input: expected object'],
    ['a comment only', '# later\n', 'Invalid input: expected object'],
    ['two documents', `${VALID}---\n${VALID}`, 'multiple documents'],
    ['a bad indentation', 'a:\n  b: 1\n c: 2\n', 'at line 3'],
    ['a function', `${VALID}x: !!js/function 'function () { return 1 }'\n`, 'Unresolved tag'],
    ['a prototype', `${VALID}__proto__: { polluted: 1 }\n`, 'Unrecognized key: "__proto__"'],
  ])('holds %s', async (_, content, reason) => {
    write('bad.yaml', content);

    const lines = await problems();

    expect(lines.filter((line) => !line.startsWith('  mine/bad.yaml'))).toEqual([]);
    expect(lines.join('\n')).toContain(reason);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('holds bytes that are no text', async () => {
    write(
      'bad.yaml',
      Uint8Array.from({ length: 2000 }, (_, index) => (index * 7919) % 256),
    );

    expect((await problems()).length).toBeGreaterThan(0);
  });

  it('is a link to nothing', async () => {
    symlinkSync(join(folder, 'gone.yaml'), join(folder, 'bad.yaml'));

    expect((await problems()).join('\n')).toMatch(/mine\/bad\.yaml: ENOENT/);
  });

  it('is named together with all the others', async () => {
    write('a.yaml', '');
    write('b.yml', 'a: 1\na: 2\n');
    write('good.yaml', VALID);

    const lines = await problems();

    expect(lines.map((line) => line.trim().split(':', 1)[0])).toEqual(['mine/b.yml', 'mine/a.yaml']);
  });
});

describe('a folder', () => {
  it('is read with its folders, in alphabetical order, and nothing else in it', async () => {
    mkdirSync(join(folder, 'b'));
    mkdirSync(join(folder, '.git'));
    for (const name of ['c.yaml', 'a.yml', 'b/x.yaml', '.git/d.yaml', 'readme.md', 'e.yaml.bak']) {
      write(name, VALID);
    }

    const { documents } = await readPlaybookFolder(folder);

    expect(documents.map(({ file }) => file)).toEqual(['mine/a.yml', 'mine/b/x.yaml', 'mine/c.yaml']);
  });

  it('may be a volume made of a ConfigMap, whose files are links', async () => {
    mkdirSync(join(folder, '..data'));
    write('..data/a.yaml', VALID);
    symlinkSync(join('..data', 'a.yaml'), join(folder, 'a.yaml'));

    const playbooks = await loadPlaybooks({ folders: [folder] });

    expect(playbooks.map(({ name }) => name)).toEqual(['sample']);
  });

  it('replaces the playbooks of the folders before it', async () => {
    const second = join(folder, '../second');
    mkdirSync(second);
    write('a.yaml', VALID);
    write('b.yaml', VALID.replace('name: sample', 'name: other'));
    writeFileSync(join(second, 'x.yaml'), VALID.replace('A sample', 'Mine'));
    writeFileSync(join(second, 'y.yaml'), VALID.replace('name: sample', 'disabled: true, name: other'));

    const playbooks = await loadPlaybooks({ folders: [folder, second] });

    expect(playbooks.map(({ name, title }) => ({ name, title }))).toEqual([{ name: 'sample', title: 'Mine' }]);
  });

  it('that does not exist is an error', async () => {
    await expect(readPlaybookFolder(join(folder, 'gone'))).rejects.toMatchObject({ code: 'PLAYBOOKS_INVALID' });
  });
});
