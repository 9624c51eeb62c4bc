import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { recordingClusterReader } from '../../../src/adapters/recording/recording-cluster-reader.ts';
import { readRecording, writeRecording } from '../../../src/adapters/recording/recording-files.ts';
import { isKubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { SessionRecording } from '../../../src/core/recording/recording.ts';
import { resourceOf } from '../../../src/core/subject/kinds.ts';
import type { ClusterReader } from '../../../src/ports/cluster-reader.ts';
import { type Recorder, recordingReader } from '../../../src/usecases/recorder.ts';
import { redactedReader } from '../../../src/usecases/redacted-reader.ts';
import { FakeCluster, type FakeContent } from '../../fakes/fake-cluster.ts';

const META = { subject: 'pod/web-0', now: new Date('2026-01-31T13:00:00Z'), kubernetesVersion: 'v1.34.4' };

const CONTENT: FakeContent = {
  namespace: 'shop',
  objects: [
    {
      kind: 'Pod',
      metadata: { labels: { app: 'web', '1': 'one', __proto__x: 'y' }, name: 'web-0' },
      spec: { nodeName: 'node-1', containers: [{ name: 'app' }, { name: 'side' }] },
      status: { phase: 'Running', message: 'a\r\nb\u0000c\u2028 "quoted"\n\n---\n' },
    },
    { kind: 'Pod', metadata: { name: 'web-1', labels: { app: 'web' } }, spec: { containers: [{ name: 'app' }] } },
    { kind: 'Node', metadata: { name: 'node-1' } },
    { kind: 'ConfigMap', metadata: { name: 'settings' }, data: { yes: 'no', 'x.yaml': 'a: 1\n  b: 2\n' } },
  ],
  events: [{ involvedObject: { kind: 'Pod', name: 'web-0' }, reason: 'BackOff', message: 'Back-off restarting' }],
  logs: [
    { pod: 'web-0', container: 'app', text: 'line\r\nbinary \u0000 \ufffd\nno end' },
    { pod: 'web-0', container: 'app', previous: true, text: '' },
  ],
  unreadable: [{ resource: 'secrets', why: 'forbidden' }],
};

/** Asks what a diagnosis may ask; the answers as one text. */
async function askEverything(reader: ClusterReader): Promise<string> {
  const pod = resourceOf('Pod');
  const namespace = 'shop';
  const answers = [
    await reader.get({ resource: pod, namespace, name: 'web-0' }),
    await reader.get({ resource: pod, namespace, name: 'web-9' }),
    await reader.list({ resource: pod, namespace, labelSelector: 'app=web' }),
    await reader.list({ resource: pod, namespace, labelSelector: 'app=web', limit: 1, metadataOnly: true }),
    await reader.list({ resource: pod, namespace, labelSelector: 'app=none' }),
    await reader.list({ resource: resourceOf('Event'), namespace, fieldSelector: 'involvedObject.name=web-0' }),
    await reader.get({ resource: resourceOf('Node'), namespace, name: 'node-1' }),
    await reader.get({ resource: resourceOf('ConfigMap'), namespace, name: 'settings', metadataOnly: true }),
    await reader.get({ resource: resourceOf('Secret'), namespace, name: 'db', metadataOnly: true }),
    await reader.logs({ namespace, pod: 'web-0', container: 'app' }),
    await reader.logs({ namespace, pod: 'web-0', container: 'app', previous: true }),
    await reader.logs({ namespace, pod: 'web-0', container: 'side', previous: true }),
    reader.serverTime(),
    reader.requestCount(),
  ];
  return JSON.stringify(answers, undefined, 1);
}

async function record(content = CONTENT): Promise<{ readonly recorder: Recorder; readonly answers: string }> {
  const recorder = recordingReader(redactedReader(new FakeCluster(content)));
  return { recorder, answers: await askEverything(recorder.reader) };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'kubewhy-recording-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function written(
  content = CONTENT,
): Promise<{ readonly path: string; readonly answers: string; readonly files: readonly string[] }> {
  const { recorder, answers } = await record(content);
  const path = join(folder(), 'new', 'recording');
  const files = await writeRecording(path, recorder.recording(META));
  return { path, answers, files };
}

async function problem(path: string): Promise<string> {
  try {
    await readRecording(path);
  } catch (error) {
    if (isKubewhyError(error, 'RECORDING_INVALID')) {
      return error.message;
    }
    throw error;
  }
  return 'it was read';
}

function contentsOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(path.length), readFileSync(file, 'latin1')];
    }),
  );
}

describe('a recording', () => {
  test('answers byte for byte what the cluster answered', async () => {
    const { path, answers } = await written();

    const replayed = await askEverything(recordingClusterReader(await readRecording(path)));

    expect(replayed).toBe(answers);
  });

  test('of a replay is the same recording', async () => {
    const { path } = await written();
    const again = recordingReader(recordingClusterReader(await readRecording(path)));
    await askEverything(again.reader);
    const second = join(folder(), 'second');

    await writeRecording(second, again.recording(META));

    expect(contentsOf(second)).toEqual(contentsOf(path));
  });

  test('is one document and a file per log', async () => {
    const { path, files } = await written();

    expect(files.map((file) => file.slice(path.length + 1))).toEqual([
      'recording.yaml',
      'logs/1-web-0.app.log',
      'logs/2-web-0.app.previous.log',
    ]);
    expect(readFileSync(join(path, 'recording.yaml'), 'utf8')).toMatchSnapshot();
  });

  test('can be read by folder and by file', async () => {
    const { path } = await written();

    expect(await readRecording(join(path, 'recording.yaml'))).toEqual(await readRecording(path));
  });

  test('keeps an object that changed between two reads in both states', async () => {
    let restarts = 0;
    const query = { resource: resourceOf('Pod'), namespace: 'shop', name: 'web-0' };
    const cluster = new FakeCluster({});
    const changing: ClusterReader = {
      list: (asked) => cluster.list(asked),
      logs: (asked) => cluster.logs(asked),
      get: async () => {
        restarts += 1;
        return {
          kind: 'found',
          object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0' }, status: { restarts } },
        };
      },
      serverTime: () => undefined,
      requestCount: () => restarts,
    };
    const recorder = recordingReader(changing);
    const answers = [await recorder.reader.get(query), await recorder.reader.get(query)];
    const path = join(folder(), 'recording');
    await writeRecording(path, recorder.recording(META));

    const replay = recordingClusterReader(await readRecording(path));

    expect([await replay.get(query), await replay.get(query)]).toEqual(answers);
    expect(await replay.get(query)).toEqual(answers[1]);
    expect(replay.serverTime()).toEqual(META.now);
  });

  test('counts pages and retries as the cluster did, since a question has a budget', async () => {
    const cluster = new FakeCluster(CONTENT);
    const recorder = recordingReader({
      get: (asked) => cluster.get(asked),
      list: (asked) => cluster.list(asked),
      logs: (asked) => cluster.logs(asked),
      serverTime: () => cluster.serverTime(),
      requestCount: () => cluster.requestCount() * 3,
    });
    const ask = async (reader: ClusterReader): Promise<readonly number[]> => {
      const query = { resource: resourceOf('Pod'), namespace: 'shop' };
      await Promise.all([reader.list(query), reader.get({ ...query, name: 'web-0' })]);
      const first = reader.requestCount();
      await reader.get({ ...query, name: 'web-1' });
      return [first, reader.requestCount()];
    };
    const counts = await ask(recorder.reader);
    const path = join(folder(), 'recording');
    await writeRecording(path, recorder.recording(META));

    expect(counts).toEqual([6, 9]);
    expect(await ask(recordingClusterReader(await readRecording(path)))).toEqual(counts);
  });

  test('says of every other query that it was not recorded', async () => {
    const { path } = await written();
    const reader = recordingClusterReader(await readRecording(path));
    const pod = resourceOf('Pod');

    const results = [
      await reader.get({ resource: pod, namespace: 'shop', name: 'other' }),
      await reader.get({ resource: pod, namespace: 'shop', name: 'web-0', metadataOnly: true }),
      await reader.list({ resource: pod, namespace: 'shop' }),
      await reader.logs({ namespace: 'shop', pod: 'web-0', container: 'side' }),
    ];

    const notRecorded = (what: string): object => ({
      kind: 'unreadable',
      why: 'not-recorded',
      message: `${what} is not in the recording`,
    });
    expect(results).toEqual([
      notRecorded('Pod other in namespace shop'),
      notRecorded('Pod web-0 in namespace shop'),
      notRecorded('the list of pods in namespace shop'),
      notRecorded('the log of container side of Pod web-0 in namespace shop'),
    ]);
  });

  test('holds no secret that was planted in objects, events, logs and messages', async () => {
    const secrets = [
      'AKIAIOSFODNN7EXAMPLE',
      'wJalrXUtnFEMIbPxRfiCYzx9kQ3',
      'ghp_012345678901234567890123456789abcdef',
      'S3cr3tPassw0rd',
    ];
    const [aws = '', plain = '', github = '', password = ''] = secrets;
    const { path } = await written({
      ...CONTENT,
      objects: [
        {
          kind: 'Pod',
          metadata: {
            name: 'web-0',
            labels: { app: 'web' },
            annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"env":"${plain}"}` },
          },
          spec: {
            containers: [
              {
                name: 'app',
                command: ['server', `--password=${password}`],
                env: [
                  { name: 'DB_PASSWORD', value: password },
                  { name: 'AWS_SECRET_ACCESS_KEY', value: plain },
                ],
              },
            ],
          },
          status: { message: `cannot log in with token ${github}` },
        },
      ],
      events: [
        {
          involvedObject: { kind: 'Pod', name: 'web-0' },
          reason: 'Failed',
          message: `pull from https://user:${password}@registry.example/v2 failed, key ${aws}`,
        },
      ],
      logs: [{ pod: 'web-0', container: 'app', text: `DB_PASSWORD=${password}\nAuthorization: Bearer ${github}\n` }],
      unreadable: [
        { resource: 'secrets', why: 'invalid', message: `could not read: https://me:${password}@proxy.example` },
      ],
    });

    const texts = Object.values(contentsOf(path)).join('\n');

    expect(secrets.filter((secret) => texts.includes(secret))).toEqual([]);
    expect(texts).toContain('cannot log in with token');
  });
});

describe('writing', () => {
  const empty: SessionRecording = { subject: 'pod/x', clock: '2026-01-31T12:00:00Z', closedWorld: false, reads: [] };

  test('fills an empty folder', async () => {
    const path = folder();

    await writeRecording(path, empty);

    expect(readdirSync(path)).toEqual(['recording.yaml']);
  });

  test('leaves a folder with other content alone', async () => {
    const path = folder();
    writeFileSync(join(path, 'notes.txt'), 'mine');

    await expect(writeRecording(path, empty)).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
      message: `The folder ${path} is not empty; nothing was written.`,
    });
    expect(readdirSync(path)).toEqual(['notes.txt']);
  });

  test('does not write below a file', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, '');

    await expect(writeRecording(join(path, 'below'), empty)).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
      message: `The recording cannot be written to ${join(path, 'below')}: a part of the path is not a folder.`,
    });
  });
});

describe('a damaged recording', () => {
  test.each([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99])('cut after %i percent is not read', async (percent) => {
    const { path } = await written();
    const file = join(path, 'recording.yaml');
    truncateSync(file, Math.floor((readFileSync(file).length * percent) / 100));

    expect(await problem(path)).toMatch(
      percent === 0 ? /is empty\.$/ : /is cut off: it does not end with `end: recording`/,
    );
  });

  test.each([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])('with a log cut after %i percent is not read', async (percent) => {
    const { path } = await written();
    const file = join(path, 'logs', '1-web-0.app.log');
    const size = readFileSync(file).length;
    truncateSync(file, Math.floor((size * percent) / 100));

    expect(await problem(path)).toMatch(/bytes instead of \d+: it was cut or changed\.$/);
  });

  test('without one of its logs is not read', async () => {
    const { path } = await written();
    rmSync(join(path, 'logs', '1-web-0.app.log'));

    expect(await problem(path)).toMatch(/^The log .*1-web-0\.app\.log is missing/);
  });

  test('with a link in place of a log is not read', async () => {
    const { path } = await written();
    const log = join(path, 'logs', '1-web-0.app.log');
    rmSync(log);
    symlinkSync('/etc/passwd', log);

    expect(await problem(path)).toMatch(/is missing/);
  });

  test('with a log outside its folder is not read', async () => {
    const { path } = await written();
    const file = join(path, 'recording.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('logs/1-web-0.app.log', '../../../etc/passwd'));

    expect(await problem(path)).toMatch(/logs\[0\]\.file: must be a file such as logs\/web\.log beside the recording/);
  });

  test('without one of its objects is not read', async () => {
    const { path } = await written();
    const file = join(path, 'recording.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('kind: Node', 'kind: Service'));

    expect(await problem(path)).toMatch(/reads\[6\]: the object "Node\/node-1" is not in the recording$/);
  });

  test.each([
    ['is missing', undefined, /^There is no recording at /],
    ['is empty', '', /is empty\.$/],
    ['is binary', '\u0000\u0001end: recording\n', /is binary, not a recording\.$/],
    ['is something else', 'hello: world\n', /is cut off/],
    ['is a list', '- 1\n# closedWorld\nend: recording\n', /is not valid YAML/],
    ['is no mapping', '"x\nend: recording\n"', /the file is not a mapping|is not valid YAML|is cut off/],
    ['is an alias bomb', bomb(), /is not valid YAML: Excessive alias count/],
    ['is nested too deeply', `x: ${'['.repeat(20_000)}\nend: recording\n`, /is not valid YAML/],
  ])('that %s', async (_title, text, message) => {
    const path = join(folder(), 'recording.yaml');
    if (text !== undefined) {
      writeFileSync(path, text);
    }

    expect(await problem(path)).toMatch(message);
  });

  test('that is not UTF-8', async () => {
    const path = join(folder(), 'recording.yaml');
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0x41]));

    expect(await problem(path)).toMatch(/is not text in UTF-8\.$/);
  });

  test('that is a folder without a recording', async () => {
    const path = folder();

    expect(await problem(path)).toBe(`The file ${join(path, 'recording.yaml')} cannot be read: it does not exist.`);
  });

  test('that is huge is not even opened', async () => {
    const path = join(folder(), 'recording.yaml');
    writeFileSync(path, '');
    truncateSync(path, 65 * 1024 * 1024);

    expect(await problem(path)).toMatch(/is larger than 64 MiB/);
  });

  test('lists all its problems with their paths', async () => {
    const path = join(folder(), 'recording.yaml');
    writeFileSync(
      path,
      `
apiVersion: kubewhy.dev/v2
kind: Recording
metadata: {subject: pod/x, recordedAt: yesterday}
clock: 2026-01-31T12:00:00Z
extra: 1
reads:
- {verb: get, resource: pods, name: x, outcome: perhaps}
- {verb: watch, resource: pods}
- {verb: list, resource: widgets, outcome: found}
objects:
- {apiVersion: v1, kind: Pod, metadata: {}}
end: recording
`,
    );

    const lines = (await problem(path))
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(': ', 1)[0]);

    expect(lines).toEqual([
      'apiVersion',
      'metadata.recordedAt',
      'reads[0].outcome',
      'reads[1].verb',
      'reads[2].resource',
      'objects[0].metadata.name',
      'extra',
    ]);
  });
});

describe('a hand-written case', () => {
  async function readCase(text: string, logs: Record<string, string> = {}): Promise<ClusterReader> {
    const path = folder();
    mkdirSync(join(path, 'logs'));
    writeFileSync(join(path, 'recording.yaml'), text);
    for (const [name, content] of Object.entries(logs)) {
      writeFileSync(join(path, 'logs', name), content);
    }
    return recordingClusterReader(await readRecording(path));
  }

  const CASE = `
apiVersion: kubewhy.dev/v1
kind: Recording
closedWorld: true
clock: 2026-01-31T12:00:00Z
namespace: shop
objects:
- kind: Deployment
  metadata: {name: web}
- kind: ReplicaSet
  metadata:
    name: web-1
    ownerReferences: [{kind: Deployment, name: web, controller: true}]
- kind: Pod
  metadata: {name: web-1-a, uid: given}
  spec: {containers: [{name: app}]}
- kind: Node
  metadata: {name: node-1}
events:
- {involvedObject: {kind: Pod, name: web-1-a}, reason: BackOff, message: Back-off}
- {involvedObject: {kind: Node, name: node-1}, reason: Rebooted, message: it did, type: Normal}
logs:
- {pod: web-1-a, text: "hello\\n"}
- {pod: web-1-a, previous: true, file: logs/previous.log}
unreadable:
- {resource: secrets, why: forbidden}
- {resource: pods/log, name: other, why: timeout}
`;

  test('leaves out what the API server always sets', async () => {
    const reader = await readCase(CASE, { 'previous.log': 'before\n' });

    const replicaSet = await reader.get({ resource: resourceOf('ReplicaSet'), namespace: 'shop', name: 'web-1' });
    const events = await reader.list({ resource: resourceOf('Event'), namespace: 'shop' });
    const nodeEvents = await reader.list({ resource: resourceOf('Event'), fieldSelector: 'involvedObject.kind=Node' });

    expect(replicaSet).toEqual({
      kind: 'found',
      object: {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: {
          uid: 'uid-of-ReplicaSet/shop/web-1',
          creationTimestamp: '2026-01-31T11:00:00Z',
          name: 'web-1',
          namespace: 'shop',
          ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true, uid: 'uid-of-Deployment/shop/web' }],
        },
      },
    });
    expect(events).toEqual({
      kind: 'found',
      truncated: false,
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Event',
          type: 'Warning',
          count: 1,
          reason: 'BackOff',
          message: 'Back-off',
          firstTimestamp: '2026-01-31T12:00:00Z',
          lastTimestamp: '2026-01-31T12:00:00Z',
          metadata: { name: 'web-1-a.0000000000000000', namespace: 'shop', creationTimestamp: '2026-01-31T12:00:00Z' },
          involvedObject: { kind: 'Pod', name: 'web-1-a', namespace: 'shop', uid: 'given' },
        },
      ],
    });
    expect(nodeEvents).toMatchObject({
      objects: [{ type: 'Normal', metadata: { namespace: 'default' }, involvedObject: { uid: 'uid-of-Node/node-1' } }],
    });
  });

  test('is complete: what is not in it does not exist', async () => {
    const reader = await readCase(CASE, { 'previous.log': 'before\n' });

    const results = [
      await reader.get({ resource: resourceOf('ConfigMap'), namespace: 'shop', name: 'x' }),
      await reader.list({ resource: resourceOf('ConfigMap') }),
      await reader.get({ resource: resourceOf('Secret'), namespace: 'shop', name: 'x' }),
      await reader.logs({ namespace: 'shop', pod: 'web-1-a', container: 'app' }),
      await reader.logs({ namespace: 'shop', pod: 'web-1-a', container: 'app', previous: true }),
      await reader.logs({ namespace: 'shop', pod: 'other', container: 'app' }),
    ];

    expect(results).toEqual([
      { kind: 'missing', message: 'configmaps "x" not found' },
      { kind: 'found', objects: [], truncated: false },
      {
        kind: 'unreadable',
        why: 'forbidden',
        message: 'could not read secrets in namespace shop; the missing permission is `get secrets`',
      },
      { kind: 'found', text: 'hello\n' },
      { kind: 'found', text: 'before\n' },
      {
        kind: 'unreadable',
        why: 'timeout',
        message:
          'could not read the log of container app of Pod other in namespace shop: the API server did not answer within 5 s',
      },
    ]);
  });

  test.each([
    ['an unknown kind', 'kind: Pod\n', 'kind: Pot\n', /objects\[2\]\.kind: is not a kind that Kubewhy reads/],
    ['an unknown resource', 'resource: secrets', 'resource: secretz', /unreadable\[0\]\.resource: is not a resource/],
    [
      'an object twice',
      'kind: Node\n  metadata: {name: node-1}',
      'kind: Deployment\n  metadata: {name: web}',
      /objects: Deployment\/shop\/web is there more than once/,
    ],
    ['a missing log', 'logs/previous.log', 'logs/other.log', /^The log .*other\.log is missing/],
    ['a log without text', ', text: "hello\\n"', '', /logs\[0\]: needs `text` or a `file`/],
    [
      'a log of one of several containers',
      '[{name: app}]',
      '[{name: app}, {name: b}]',
      /logs\[0\]\.container: is needed/,
    ],
    ['no clock', 'clock: 2026-01-31T12:00:00Z\n', '', /clock: /],
  ])('with %s', async (_title, from, to, message) => {
    const path = folder();
    mkdirSync(join(path, 'logs'));
    writeFileSync(join(path, 'logs', 'previous.log'), 'before\n');
    writeFileSync(join(path, 'recording.yaml'), CASE.replace(from, to));

    expect(await problem(path)).toMatch(message);
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`,
  );
  return `l0: &l0 [x, x, x, x, x, x, x, x, x]\n${levels.join('\n')}\nend: recording\n`;
}
