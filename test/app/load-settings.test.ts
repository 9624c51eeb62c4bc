import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSettingsFile, loadSettings } from '../../src/app/load-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubewhy-settings-'));
let files = 0;

function fileOf(text: string): string {
  files += 1;
  const path = join(folder, `${files}.yaml`);
  writeFileSync(path, text);
  return path;
}

async function messageOf(text: string): Promise<string> {
  const path = fileOf(text);
  return loadSettings(path).then(
    () => 'valid',
    (error: unknown) => (error instanceof Error ? error.message.replace(path, 'FILE') : String(error)),
  );
}

describe('loadSettings', () => {
  it('resolves the paths of executors, of the stop file and of Ceph against the folder of the file', async () => {
    const path = fileOf(
      [
        'clusters: [{ name: prod, executor: { kubeconfig: writer.config } }]',
        'remediation:',
        '  stopFile: switch',
        '  runbooks: [{ cluster: prod, place: local, config: ceph.conf, keyring: /etc/ceph/keyring }]',
      ].join('\n'),
    );

    const { clusters, remediation } = await loadSettings(path);

    expect(clusters[0]?.executor).toEqual({ kubeconfig: join(folder, 'writer.config') });
    expect(remediation.stopFile).toBe(join(folder, 'switch'));
    expect(remediation.runbooks).toEqual([
      {
        cluster: 'prod',
        place: 'local',
        identity: 'kubewhy',
        config: join(folder, 'ceph.conf'),
        keyring: '/etc/ceph/keyring',
      },
    ]);
  });

  it('resolves paths against the folder of the file', async () => {
    const path = fileOf('clusters: [{ name: prod, kubeconfig: prod.config }]\nplaybooks: [./more, /abs]\n');

    const settings = await loadSettings(path);

    expect(settings.clusters).toEqual([{ name: 'prod', kubeconfig: join(folder, 'prod.config') }]);
    expect(settings.playbooks).toEqual([join(folder, 'more'), '/abs']);
  });

  it('has settings without a file', async () => {
    const settings = await loadSettings(undefined);

    expect([settings.clusters, settings.reading]).toEqual([[{ name: 'default', default: true }], []]);
  });

  it('takes an empty file for one that changes nothing', async () => {
    expect(await loadSettings(fileOf('# nothing yet\n'))).toEqual(await loadSettings(undefined));
  });

  it('lists every problem with its line, and what may have been meant', async () => {
    const text = `clusters:
  - name: prod
slack:
  mode: web
chanels: []
reading:
  - channels: [C0SHOP]
    clusters: [prd]
    namespaces:
      - "*"
      - a b
`;

    expect(await messageOf(text)).toBe(
      [
        '3 problems in FILE:',
        '  line 4: slack.mode: expected one of "socket" or "http"',
        '  line 5: chanels: there is no such key. Did you mean `channels`?',
        '  line 11: reading[0].namespaces[1]: expected the name of a namespace, in which * stands for any characters',
      ].join('\n'),
    );
  });

  it('suggests the cluster that was meant', async () => {
    const text = 'clusters: [{ name: prod }]\nchannels:\n  - id: C0SHOP\n    cluster: prd\n';

    expect(await messageOf(text)).toBe(
      'One problem in FILE:\n  line 4: channels[0].cluster: there is no such cluster under `clusters`. Did you mean `prod`?',
    );
  });

  it.each([
    ['a key twice', 'slack: {}\nslack: {}\n', /line 2: Map keys must be unique/],
    ['no YAML', 'slack: [\n', /One problem in FILE:\n {2}line \d: .*flow/i],
    ['two documents', 'slack: {}\n---\nslack: {}\n', /multiple documents/i],
    ['an alias bomb', bomb(), /alias/],
    ['a deep nest', '['.repeat(20_000), /problem/],
    ['a list', '- a\n', /expected object/],
    ['a large file', `#${'x'.repeat(256 * 1024)}`, /larger than 256 KiB/],
    ['control characters', '"a\\u001b[31m\\u202e": 1\n', /\\u\{202e\}: there is no such key/],
    ['a key with a meaning of its own', '__proto__: { a: 1 }\nconstructor: 1\n', /constructor: there is no such key/],
  ])('refuses %s', async (_what, text, words) => {
    expect(await messageOf(text)).toMatch(words);
  });

  it('refuses a file that is not there, or no file', async () => {
    await expect(loadSettings(join(folder, 'none.yaml'))).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringContaining('There is no settings file'),
    });
    await expect(loadSettings(folder)).rejects.toThrow(/cannot be read \(EISDIR\)/);
  });
});

describe('findSettingsFile', () => {
  it('is the configured one, even when it does not exist', () => {
    expect(findSettingsFile('/none.yaml')).toBe('/none.yaml');
  });
});

function bomb(): string {
  const levels = Array.from({ length: 12 }, (_, level) =>
    level === 0 ? 'l0: &l0 [x, x]' : `l${level}: &l${level} [${`*l${level - 1}, `.repeat(9)}x]`,
  );
  return levels.join('\n');
}
