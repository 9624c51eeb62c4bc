import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadPlaybooks as loadOnly } from '../../src/adapters/playbook-files/load-playbooks.ts';
import { VERSION } from '../../src/app/version.ts';
import type { Output } from '../../src/cli/output.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { type Config, parseConfig } from '../../src/config/config.ts';
import { diagnosisDocumentSchema } from '../../src/core/render/diagnosis-schema.ts';

// `playbook lint` compiles the built-in playbooks as well, which takes a while on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'kubewhy-cli-'));
const own = join(folder, 'playbooks');
mkdirSync(own);
writeFileSync(
  join(own, 'missing-config.yaml'),
  `apiVersion: kubewhy.dev/v1
kind: Playbook
metadata: { name: missing-config, title: A ConfigMap does not exist }
spec:
  subject: Pod
  stage: config
  forEach: { container: 'containers.filter(c, c.failing)' }
  trigger: has(container.now.message) && container.now.message.contains("not found")
  needs: { config: { get: configmaps, name: app-confg, metadataOnly: true } }
  checks: [{ id: missing, ask: Is it still missing?, when: '!config.exists' }]
  finding: { cause: 'container \`\${container.name}\` needs a ConfigMap that does not exist', advice: create it }
`,
);
/** Only this playbook, loaded once: the built-in ones have tests of their own. */
const playbooks = await loadOnly({ folders: [own] });
const loadPlaybooks = (): Promise<typeof playbooks> => Promise.resolve(playbooks);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs a command line as the program does, with an output that remembers. */
async function run(line: string, readConfig: () => Config = () => parseConfig({})): Promise<Ran> {
  const out: string[] = [];
  const notes: string[] = [];
  const output: Output = {
    width: 80,
    noteWidth: Number.POSITIVE_INFINITY,
    terminal: false,
    print: (text) => void out.push(text),
    note: (text) => void notes.push(text),
    waiting: (_text, task) => task(),
  };
  const code = await runCommandLine(
    line.split(' ').filter((word) => word !== ''),
    { output, readConfig, loadPlaybooks },
  );
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}

const WAITING = `{ waiting: { reason: CreateContainerConfigError, message: 'configmap "app-confg" not found' } }`;
const RUNNING = `{ running: { startedAt: 2026-11-20T01:00:04Z } }`;

function podCase(name: string, { ready, state }: { ready: boolean; state: string }): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, 'recording.yaml'),
    `apiVersion: kubewhy.dev/v1
kind: Recording
metadata: { subject: pod/web-0 }
clock: 2026-11-20T07:47:00Z
closedWorld: true
namespace: shop
objects:
  - { apiVersion: v1, kind: Namespace, metadata: { name: shop } }
  - apiVersion: v1
    kind: Pod
    metadata: { name: web-0, namespace: shop, uid: u1, creationTimestamp: 2026-11-20T01:00:00Z }
    spec:
      nodeName: n1
      containers:
        - { name: web, image: "web:1", envFrom: [ { configMapRef: { name: app-confg } } ] }
    status:
      phase: ${ready ? 'Running' : 'Pending'}
      conditions:
        - { type: PodScheduled, status: "True" }
        - { type: Ready, status: "${ready ? 'True' : 'False'}", lastTransitionTime: 2026-11-20T01:00:05Z }
      containerStatuses:
        - { name: web, ready: ${String(ready)}, restartCount: 0, image: "web:1", imageID: "", state: ${state} }
  - { apiVersion: v1, kind: Node, metadata: { name: n1 }, status: { conditions: [ { type: Ready, status: "True" } ] } }
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: app-config, namespace: shop, uid: u2 } }
`,
  );
  return path;
}

const broken = podCase('cases/broken', { ready: false, state: WAITING });
const healthy = podCase('healthy', { ready: true, state: RUNNING });
const odd = podCase('odd', { ready: false, state: '{ waiting: { reason: NeverHeardOf } }' });

describe('kubewhy why --from', () => {
  it('names the cause: exit code 1', async () => {
    const { code, out, notes } = await run(`why --from ${broken}`);

    expect(out.split('\n')[0]).toBe('● shop/web-0: container `web` needs a ConfigMap that does not exist');
    expect({ code, notes }).toEqual({ code: 1, notes: '' });
  });

  it('calls a healthy pod healthy: exit code 0', async () => {
    const { code, out } = await run(`why --from ${healthy} web-0`);

    expect(out.split('\n')[0]).toBe('✓ shop/web-0: nothing is wrong');
    expect(code).toBe(0);
  });

  it('says when it cannot tell: exit code 2', async () => {
    const { code, out } = await run(`why --from ${odd}`);

    expect(out.split('\n')[0]).toBe('? shop/web-0: cannot tell why it is NeverHeardOf');
    expect(code).toBe(2);
  });

  it('says what does not exist: exit code 3', async () => {
    const { code, out, notes } = await run(`why --from ${healthy} web-1 -n shop`);

    expect(notes).toContain('kubewhy: There is no pod or workload "web-1" in namespace shop');
    expect({ code, out }).toEqual({ code: 3, out: '' });
  });

  it('prints data that fits the schema', async () => {
    const { code, out } = await run(`why --from ${broken} -o json --explain`);

    expect(diagnosisDocumentSchema.parse(JSON.parse(out))).toMatchObject({
      verdict: 'cause',
      primary: { code: 'missing-config', state: 'confirmed' },
    });
    expect(code).toBe(1);
  });

  it('prints YAML', async () => {
    const { out } = await run(`why --from ${broken} -o yaml`);

    expect(out).toContain('\nverdict: cause\n');
  });

  it('uses colours when it is asked to', async () => {
    expect((await run(`why --from ${broken} --color=always`)).out).toContain('\u001b[31m●');
    expect((await run(`why --from ${broken} --color=always --no-color`)).out).not.toContain('\u001b');
  });

  it('says how long it took', async () => {
    expect((await run(`why --from ${broken} -v`)).notes).toMatch(/^shop\/web-0: \d+ requests, \d+ ms$/);
  });

  it('refuses what is no recording', async () => {
    const { code, notes } = await run(`why --from ${join(folder, 'nothing')}`);

    expect(notes).toContain('There is no recording at');
    expect(code).toBe(3);
  });
});

describe('a cluster', () => {
  let server: Server;
  let kubeconfig: string;

  function answer(url: string): { status: number; body: object } {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-0', namespace: 'shop', uid: 'u1', creationTimestamp: '2026-11-20T01:00:00Z' },
      spec: { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'PASSWORD', value: 'hunter2-hunter2' }] }] },
      status: { phase: 'Succeeded' },
    };
    if (url.startsWith('/api/v1/namespaces/shop/pods/web-0')) {
      return { status: 200, body: pod };
    }
    if (url.startsWith('/api/v1/namespaces/shop/events')) {
      return { status: 200, body: { kind: 'EventList', apiVersion: 'v1', metadata: {}, items: [] } };
    }
    const reason = url.includes('/namespaces/secret/') ? 'Forbidden' : 'NotFound';
    const code = reason === 'Forbidden' ? 403 : 404;
    return {
      status: code,
      body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message: reason },
    };
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { status, body } = answer(request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, config(typeof address === 'object' ? (address?.port ?? 0) : 0));
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  function config(port: number): string {
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'shop' } }],
      clusters: [{ name: 'test', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'test', user: { token: 'abc' } }],
    });
  }

  it('is asked in the namespace of the context', async () => {
    const { code, out } = await run(`why web-0 --kubeconfig ${kubeconfig}`);

    expect(out).toContain('✓ shop/web-0 has finished');
    expect(code).toBe(0);
  });

  it('is recorded without secrets and can be asked again', async () => {
    const target = join(folder, 'recorded');

    const recorded = await run(`record web-0 -o ${target}`, () => parseConfig({ KUBECONFIG: kubeconfig }));
    const again = await run(`why --from ${target}`);
    const twice = await run(`record web-0 -o ${target} --kubeconfig ${kubeconfig}`);

    expect(recorded.code).toBe(0);
    expect(recorded.out).toContain('✓ shop/web-0 has finished');
    expect(recorded.out).toContain(`${target}/recording.yaml`);
    expect(readFileSync(join(target, 'recording.yaml'), 'utf8')).not.toContain('hunter2');
    expect(again.out).toContain('✓ shop/web-0 has finished');
    expect(twice.notes).toContain('is not empty; nothing was written.');
    expect(twice.code).toBe(3);
  });

  it('that forbids the subject: exit code 4', async () => {
    const { code, notes } = await run(`why web-0 -n secret --kubeconfig ${kubeconfig}`);

    expect(notes).toContain('`get pods`');
    expect(code).toBe(4);
  });

  it('that is not there: exit code 4', async () => {
    const gone = join(folder, 'gone');
    writeFileSync(gone, config(1));

    const { code, notes } = await run(`why web-0 --kubeconfig ${gone}`);

    expect(notes).toContain('127.0.0.1:1');
    expect(code).toBe(4);
  });

  it('without a kubeconfig: exit code 3', async () => {
    const { code, notes } = await run('why web-0');

    expect(notes).toContain('There is no kubeconfig');
    expect(code).toBe(3);
  });
});

describe('kubewhy playbook', () => {
  const bad = join(folder, 'bad');
  mkdirSync(bad);
  const badPlaybook = ['apiVersion: kubewhy.dev/v1', 'kind: Playbook', 'metadata: { name: a, title: A }'];
  writeFileSync(
    join(bad, 'a.yaml'),
    [...badPlaybook, 'spec: { subject: Pod, stage: run, trigger: "pood.x == 1", finding: { cause: "${(" } }'].join(
      '\n',
    ),
  );
  writeFileSync(
    join(bad, 'b.yaml'),
    [...badPlaybook, 'spec: { subject: Podd, stage: run, triger: "true" }'].join('\n'),
  );

  it('list shows them by stage', async () => {
    const { code, out } = await run('playbook list');

    expect(out).toMatch(/^config +missing-config +A ConfigMap does not exist$/m);
    expect(code).toBe(0);
  });

  it('explain says what it reads and which permissions that needs', async () => {
    const { code, out } = await run('playbook explain missing-config');

    expect(out).toContain('rights  get configmaps');
    expect(code).toBe(0);
  });

  it('explain knows close names', async () => {
    const { code, notes } = await run('playbook explain missing-cofnig');

    expect(notes).toContain('Did you mean `missing-config`?');
    expect(code).toBe(3);
  });

  it('lint shows every problem of every file: exit code 3', async () => {
    const { code, out, notes } = await run(`playbook lint ${bad}`);

    expect(out).toContain('bad/a.yaml: spec.trigger: there is no fact "pood"; "pod" exists');
    expect(out).toContain('bad/a.yaml: spec.finding.cause: ');
    expect(out).toContain('bad/b.yaml: spec.subject: ');
    expect(out).toContain('bad/b.yaml: spec: ');
    expect(notes).toMatch(/^\d problems$/);
    expect(code).toBe(3);
  });

  it('lint wants a folder that holds playbooks', async () => {
    expect((await run('playbook lint')).notes).toContain('Which folder?');
    expect((await run(`playbook lint ${healthy}/..`)).code).toBe(3);
    expect((await run(`playbook lint ${folder}/nowhere`)).code).toBe(3);
  });

  it('test runs the cases below a folder', async () => {
    writeFileSync(
      join(broken, 'expected.yaml'),
      'code: missing-config\nfirstLine: [does not exist]\nstate: confirmed\n',
    );
    const good = await run(`playbook test ${folder}/cases`);
    writeFileSync(join(broken, 'expected.yaml'), 'code: oom-killed-container\nnot: [missing-config]\n');
    const wrong = await run(`playbook test ${folder}/cases`);

    expect(good).toMatchObject({ code: 0, out: `ok      ${broken}\n1 passed, 0 failed` });
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('the cause is missing-config, not oom-killed-container');
    expect(wrong.out).toContain('missing-config is named, but must not be');
  });

  it('schema is a JSON Schema', async () => {
    const { out } = await run('playbook schema');

    expect(JSON.parse(out)).toMatchObject({ type: 'object', required: ['apiVersion', 'kind', 'metadata', 'spec'] });
  });
});

describe('the program', () => {
  const wrong = (): Config => parseConfig({ KUBEWHY_DEBUG: 'perhaps' });

  it.each([
    ['', 0],
    ['help why', 0],
    ['why --help', 0],
    ['completion bash', 0],
    ['version', 0],
    ['wyh', 3],
    ['why', 3],
    ['record web-0', 3],
    ['why web-0 -o xml', 3],
  ])('kubewhy %s: exit code %i', async (line, code) => {
    const ran = await run(line);

    expect(ran.code).toBe(code);
    expect(code === 0 ? ran.notes : ran.out).toBe('');
  });

  it('says its version', async () => {
    expect((await run('--version')).out).toContain(`kubewhy ${VERSION} `);
    expect(JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))).toMatchObject({
      version: VERSION,
    });
  });

  it('reports a wrong environment, but still helps', async () => {
    expect(await run('why web-0', wrong)).toMatchObject({
      code: 3,
      notes: expect.stringContaining('KUBEWHY_DEBUG must be'),
    });
    expect((await run('help', wrong)).code).toBe(0);
  });

  it('reports a defect in one line, and where it is only when asked', async () => {
    const broken = (): Config => {
      throw new TypeError('x is not a function');
    };

    const short = await run('why web-0', broken);
    const long = await run('why web-0 --verbose', broken);

    expect(short.notes.split('\n')[0]).toBe(
      'kubewhy: Something went wrong inside Kubewhy: TypeError: x is not a function',
    );
    expect(short.notes).not.toContain('    at ');
    expect(short.code).toBe(2);
    expect(long.notes).toContain('    at ');
  });

  it('never prints what a terminal obeys', async () => {
    const { notes } = await run('why \u001b[31mweb\u009b2J');

    expect(notes).toContain('web\\u{9b}2J');
    expect(notes).not.toContain('\u001b');
    expect(notes).not.toContain('\u009b');
  });
});
