import { describe, expect, it } from 'vitest';
import { recordingClusterReader } from '../../src/adapters/recording/recording-cluster-reader.ts';
import type { Candidate } from '../../src/core/playbook/evaluate.ts';
import { parseRecording } from '../../src/core/recording/parse-recording.ts';
import { toDocument } from '../../src/core/recording/to-document.ts';
import type { ClusterReader, RunbookQuery } from '../../src/ports/cluster-reader.ts';
import type { RunbookOutput } from '../../src/ports/runbook-runner.ts';
import { readFurtherFacts } from '../../src/usecases/further-facts.ts';
import { lateReader } from '../../src/usecases/late-reader.ts';
import { permittedReader } from '../../src/usecases/permitted-reader.ts';
import { limitReads, type Reads } from '../../src/usecases/reads.ts';
import { recordingReader } from '../../src/usecases/recorder.ts';
import { redactedReader } from '../../src/usecases/redacted-reader.ts';
import { withRunbook } from '../../src/usecases/runbook-reader.ts';
import { candidate } from '../core/playbook/playbook-builder.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { FakeRunbook } from '../fakes/fake-runbook.ts';

const SUBJECT = { kind: 'Pod', namespace: 'shop', name: 'db-0' } as const;
const QUERY: RunbookQuery = { read: 'rbd-lock-ls', pool: 'rbd', image: 'vol-1' };
const LOCK = { id: 'kubelet_lock_magic_worker-1', locker: 'client.4125', address: '10.0.0.11:0/3805348311' };
const NO_PLACE =
  'could not run rbd-lock-ls: no place for rbd and ceph commands is configured (only the bot can have one, a terminal has none)';

/** A playbook that reads the locks of an image whose name the facts tell, and judges by them. */
function asking(image = 'vol-1'): Candidate {
  return candidate(
    {
      needs: { locks: { runbook: 'rbd-lock-ls', pool: 'rbd', image: '${pod.image}' } },
      let: { count: 'locks.count', form: 'locks.items[0].form', host: 'locks.items[0].host', exists: 'locks.exists' },
    },
    { pod: { image } },
  );
}

async function read(one: Candidate, reader: ClusterReader, budget = 0): Promise<Reads> {
  const reads = limitReads(reader, budget);
  await readFurtherFacts([one], reads, SUBJECT);
  return reads;
}

function withCeph(ceph: FakeRunbook): ClusterReader {
  return withRunbook(new FakeCluster({ namespace: 'shop' }), ceph);
}

describe('a need of a runbook step', () => {
  it('binds what the command says and costs no API request', async () => {
    const one = asking();

    await read(one, withCeph(new FakeRunbook({ locks: [LOCK] })));

    const { count, form, host, exists } = one.scope;
    expect([count, form, host, exists]).toEqual([1n, 'kubelet', 'worker-1', true]);
  });

  it('runs a command once for all playbooks that ask for it', async () => {
    const ceph = new FakeRunbook({ locks: [LOCK] });
    const both = [asking(), asking()];

    await readFurtherFacts(both, limitReads(withCeph(ceph), 0), SUBJECT);

    expect(ceph.steps).toHaveLength(1);
    expect(both.map(({ scope }) => scope['count'])).toEqual([1n, 1n]);
  });

  it('cannot be told where no place is configured', async () => {
    const one = asking();

    const reads = await read(one, new FakeCluster({ namespace: 'shop' }));

    expect(one.scope['locks']).toBeUndefined();
    expect(one.unread.get('locks')).toBe(NO_PLACE);
    expect(reads.unread()).toEqual([NO_PLACE]);
  });

  it.each<[string, RunbookOutput, string]>([
    [
      'does not end',
      { kind: 'unknown', message: 'rbd did not end within 30 s' },
      'could not run rbd-lock-ls in a fake: rbd did not end within 30 s',
    ],
    [
      'is refused by Ceph',
      { kind: 'ended', exitCode: 13, stdout: '', stderr: "2026 monclient: x\nrbd: couldn't connect to the cluster!\n" },
      "could not run rbd-lock-ls in a fake: rbd lock ended with 13: rbd: couldn't connect to the cluster!",
    ],
    [
      'says what nobody understands',
      { kind: 'ended', exitCode: 0, stdout: '<html>', stderr: '' },
      'the output of rbd-lock-ls is not understood',
    ],
  ])('cannot be told when the command %s', async (_what, output, message) => {
    const ceph = new FakeRunbook();
    ceph.instead.set('rbd lock ls', output);
    const one = asking();

    await read(one, withCeph(ceph));

    expect(one.scope['locks']).toBeUndefined();
    expect(one.unread.get('locks')).toBe(message);
  });

  it.each(['--all', '../vol', 'vol-1 rm', 'a@b', ''])(
    'passes no name on that could be something else: %j',
    async (image) => {
      const ceph = new FakeRunbook();
      const one = asking(image);

      await read(one, withCeph(ceph));

      expect(ceph.steps).toEqual([]);
      expect(one.unread.get('locks')).toContain('the name of the pool or of the image');
    },
  );

  it('says that an image does not exist', async () => {
    const ceph = new FakeRunbook();
    ceph.instead.set('rbd lock ls', { kind: 'ended', exitCode: 2, stdout: '', stderr: 'rbd: (2) No such file' });
    const one = asking();

    await read(one, withCeph(ceph));

    expect([one.scope['exists'], one.scope['count']]).toEqual([false, 0n]);
  });

  it('reads everything that the table of the documentation names', async () => {
    const one = candidate({
      needs: {
        status: { runbook: 'rbd-status', pool: 'rbd', image: 'vol-1' },
        info: { runbook: 'rbd-info', pool: 'rbd', image: 'vol-1' },
        blocked: { runbook: 'ceph-blocklist' },
        health: { runbook: 'ceph-health' },
      },
      let: {
        told: 'status.items[0].client + " " + status.items[0].ip + " " + info.id + " " + info.mirroring + " " + blocked.items[0].ip + " " + string(blocked.items[0].machine) + " " + blocked.items[1].range + " " + health.status',
      },
    });
    const ceph = new FakeRunbook({
      watchers: [{ address: '10.0.0.11:0/1', client: 7, cookie: 1 }],
      info: { id: 'f00' },
      blocklist: ['10.2.0.5:0/0 2026-11-22T03:34:43.011753+0000', 'cidr:10.1.0.0:0/24 2026-11-22T03:34:43.436112+0000'],
    });
    ceph.instead.set('ceph health', { kind: 'ended', exitCode: 0, stdout: '{"status":"HEALTH_OK"}', stderr: '' });

    await read(one, withCeph(ceph));

    expect(one.scope['told']).toBe('client.7 10.0.0.11 f00 none 10.2.0.5 true 10.1.0.0/24 HEALTH_OK');
  });
});

describe('a reader with a place for runbook steps', () => {
  it('does not wait for a command that hangs', async () => {
    const hanging = { place: 'a pod', run: () => new Promise<RunbookOutput>(() => {}) };

    const answer = await withRunbook(new FakeCluster({}), hanging, 10).runbook?.(QUERY);

    expect(answer).toEqual({
      kind: 'unreadable',
      why: 'timeout',
      message: 'could not run rbd-lock-ls in a pod: it did not end within 0.01 s',
    });
  });

  it('is the reader itself where there is no place', () => {
    const reader = new FakeCluster({});

    expect(withRunbook(reader, undefined)).toBe(reader);
  });
});

describe('a reader in front of a runbook', () => {
  const secret = JSON.stringify([{ ...LOCK, note: 'password=S3cr3tPassw0rd' }]);
  const cluster = () => new FakeCluster({ namespace: 'shop', runbook: [{ ...QUERY, text: secret }] });

  it('shows no secrets of it', async () => {
    const answer = await redactedReader(cluster()).runbook?.(QUERY);

    expect(JSON.stringify(answer)).toContain('kubelet_lock_magic_worker-1');
    expect(JSON.stringify(answer)).not.toContain('S3cr3tPassw0rd');
  });

  it.each<[string, (reader: ClusterReader) => ClusterReader]>([
    ['of somebody who may ask about some namespaces', (reader) => permittedReader(reader, () => false)],
    ['whose time is limited', (reader) => lateReader(async () => reader, 10_000)],
  ])('%s passes it on', async (_who, wrap) => {
    const [placed, bare] = [wrap(cluster()), wrap(new FakeCluster({}))];

    const told = await placed.runbook?.(QUERY);
    const untold = await bare.runbook?.(QUERY);

    expect(told).toEqual({ kind: 'found', text: secret });
    expect(untold).toMatchObject({ kind: 'unreadable', message: NO_PLACE });
  });

  it.each([true, false])('is recorded and replayed (with a place: %s)', async (hasPlace) => {
    const reader = hasPlace ? withCeph(new FakeRunbook({ locks: [LOCK] })) : new FakeCluster({});
    const recorder = recordingReader(reader);
    const first = await recorder.reader.runbook?.(QUERY);
    const { document, logs } = toDocument(
      recorder.recording({ subject: 'pod/db-0', now: new Date('2026-03-02T10:00:00Z') }),
    );

    // As it is when it was written and read.
    const parsed = parseRecording(JSON.parse(JSON.stringify(document)), logs);

    const replay = parsed.ok ? recordingClusterReader(parsed.recording) : undefined;
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    expect(await replay?.runbook?.(QUERY)).toEqual(first);
    expect(await replay?.runbook?.({ ...QUERY, image: 'vol-2' })).toMatchObject({
      kind: 'unreadable',
      why: 'not-recorded',
      message: 'the output of rbd-lock-ls for rbd/vol-2 is not in the recording',
    });
    expect(replay?.requestCount()).toBe(0);
  });
});
