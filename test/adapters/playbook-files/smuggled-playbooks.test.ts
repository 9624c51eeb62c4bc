import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../../src/adapters/playbook-files/load-playbooks.ts';
import { playbook } from '../../core/playbook/playbook-builder.ts';

let folder = '';

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kubewhy-')), 'mine');
  mkdirSync(folder);
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

/** A remediation is one code of a list, and nothing about how it is made. */
const CODES = [
  'R-EXEC',
  'R-SHELL',
  'r-pod-delete',
  'R-POD-DELETE; reboot',
  'R-POD-DELETE\n',
  'R-POD-DELETE\u200b',
  '../R-POD-DELETE',
  './src/actions/pod-delete.ts',
  'kubectl delete namespace shop',
  '${subject.name}',
  '*',
  '__proto__',
  'constructor',
  ['R-POD-DELETE', 'R-EVICT'],
].map((action) => ({ remediation: { action } }));

const DELETE = { action: 'R-POD-DELETE' };
const KEYS = [
  { command: 'reboot' },
  { args: ['-c', 'reboot'] },
  { exec: 'sh' },
  { script: 'process.exit()' },
  { run: './fix.sh' },
  { image: 'evil.example/fix' },
  { url: 'https://evil.example' },
  { path: '/api/v1/namespaces/shop' },
  { verb: 'delete' },
  { request: { method: 'DELETE', path: '/api/v1/nodes' } },
  { body: { gracePeriodSeconds: 0 } },
  { patch: [{ op: 'remove', path: '/metadata/finalizers' }] },
  { target: { kind: 'Node', name: 'node-1' } },
  { namespace: 'kube-system' },
  { cluster: 'prod' },
  { tier: 'T1' },
  { approvers: ['U0EVIL001'] },
  { quorum: 0 },
  { confirm: false },
  { dryRun: false },
  { policy: 'none' },
].map((more) => ({ remediation: { ...DELETE, ...more } }));

/** What an action is told are texts under plain names. */
const PARAMETERS = [
  ['pod=web-0'],
  'web-0',
  { pod: 0 },
  { pod: ['web-0', 'web-1'] },
  { pod: { $ne: '' } },
  { 'a b': 'x' },
  { '../pod': 'x' },
  { '--all': 'x' },
  { constructor: 'x' },
  { '${subject.name}': 'x' },
].map((parameters) => ({ remediation: { ...DELETE, parameters } }));

/** Expressions see facts and a few functions, and no language behind them. */
const CODE = [
  'process.exit()',
  'require("child_process").execSync("id")',
  'import("node:fs")',
  'globalThis.process.env',
  'this.constructor',
  'eval("1")',
  'fetch("https://evil.example")',
  'Function("return process")()',
  '(() => 1)()',
  'new Date()',
  'subject.constructor.constructor("return process")()',
  'subject.__proto__.polluted',
  'subject.name; reboot',
  '`id`',
  '$(id)',
  'readFile("/etc/passwd")',
  'env("KUBEWHY_SIGNING_KEY")',
].flatMap((code) => [{ trigger: code }, { remediation: { ...DELETE, parameters: { pod: `\${${code}}` } } }]);

/** Reads are of a kind on a list; a path, a subresource or a Secret is none. */
const READS = [
  { get: '../secrets', name: 'x' },
  { get: 'pods/exec', name: 'x' },
  { get: 'nodes/proxy', name: 'x' },
  { get: '/api/v1/secrets', name: 'x' },
  { get: 'https://evil.example', name: 'x' },
  { list: '*' },
  { list: 'pods?limit=0' },
  { log: '"app"', path: '/etc/passwd' },
  { runbook: 'rbd lock rm' },
  { runbook: 'rbd-lock-rm', pool: 'rbd', image: 'x' },
  { runbook: 'rbd-status', pool: 'rbd', image: 'x', args: ['--force'] },
  { runbook: 'sh' },
  { file: '/etc/passwd' },
  { url: 'https://evil.example' },
].map((need) => ({ needs: { a: need } }));

const SPECS: readonly object[] = [...CODES, ...KEYS, ...PARAMETERS, ...CODE, ...READS];

const START = 'apiVersion: kubewhy.dev/v1\nkind: Playbook\nmetadata: { name: sample, title: x }\n';
const SPEC = 'subject: Pod, stage: run, trigger: "true", finding: { cause: x }';
/** What YAML itself could do. */
const FILES = [
  `${START}spec: { ${SPEC}, remediation: !!js/function 'function () { return 1 }' }\n`,
  `${START}spec: { ${SPEC}, remediation: !!js/regexp /x/ }\n`,
  `${START}spec: { ${SPEC}, remediation: !!python/object/apply:os.system [id] }\n`,
  `${START}spec: { ${SPEC}, remediation: !include /etc/passwd }\n`,
  `${START}spec: { ${SPEC}, remediation: !ENV KUBEWHY_SIGNING_KEY }\n`,
  `${START}spec: { ${SPEC}, remediation: { action: !!binary Ui1QT0Q= } }\n`,
  `${START}spec: { ${SPEC}, remediation: { action: R-ADVICE, action: R-POD-DELETE } }\n`,
  `${START}spec: { ${SPEC}, remediation: { action: R-ADVICE, <<: { command: reboot } } }\n`,
  `${START}spec: { ${SPEC}, remediation: { action: R-ADVICE, __proto__: { polluted: 1 } } }\n`,
  `${START}spec: { ${SPEC} }\n---\n${START}spec: { ${SPEC} }\n`,
  `${START}spec: { ${SPEC} }\nexec: reboot\n`,
  START.replace('sample', '../../etc/cron.d/x') + `spec: { ${SPEC} }\n`,
  START.replace('sample', '"sample\\nx"') + `spec: { ${SPEC} }\n`,
  START.replace('kind: Playbook', 'kind: Script') + `spec: { ${SPEC} }\n`,
];

const ATTEMPTS = [...SPECS.map((spec) => JSON.stringify(playbook({ ...spec }))), ...FILES];

async function refusal(): Promise<unknown> {
  return loadPlaybooks({ folders: [folder] }).then(
    (playbooks) => playbooks.map(({ name }) => name),
    (error: unknown) => error,
  );
}

describe('a playbook that tries to be more than data', () => {
  it('has more than fifty ways to try', () => {
    expect(new Set(ATTEMPTS).size).toBeGreaterThanOrEqual(50);
  });

  it.each(ATTEMPTS)('stops the start: %s', async (text) => {
    writeFileSync(join(folder, 'sample.yaml'), text);

    const refused = await refusal();

    expect(refused).toMatchObject({
      code: 'PLAYBOOKS_INVALID',
      message: expect.stringContaining('mine/sample.yaml') as string,
    });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('loads without what it tried', async () => {
    writeFileSync(join(folder, 'sample.yaml'), JSON.stringify(playbook({ remediation: DELETE })));
    writeFileSync(join(folder, 'other.yaml'), `${START.replace('sample', 'other')}spec: { ${SPEC} }\n`);

    const loaded = await refusal();

    expect(loaded).toEqual(['other', 'sample']);
  });
});
