/**
 * Records what the real programs print into `test/fixtures/ceph`: `node test/ceph/record-outputs.ts`. Addresses, numbers and
 * times differ from run to run; the tests look at their shape and at how they belong together.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCeph, type TestCeph } from './start-ceph.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/ceph');

async function record(ceph: TestCeph, name: string, tool: 'rbd' | 'ceph', ...args: readonly string[]): Promise<void> {
  const text = await ceph[tool](...args);
  writeFileSync(join(FOLDER, name), text);
}

async function recordImage(ceph: TestCeph, image: string): Promise<void> {
  await record(ceph, `${image}-lock-ls.json`, 'rbd', 'lock', 'ls', `rbd/${image}`, '--format', 'json');
  await record(ceph, `${image}-lock-ls.txt`, 'rbd', 'lock', 'ls', `rbd/${image}`);
  await record(ceph, `${image}-status.json`, 'rbd', 'status', `rbd/${image}`, '--format', 'json');
  await record(ceph, `${image}-status.txt`, 'rbd', 'status', `rbd/${image}`);
  await record(ceph, `${image}-info.json`, 'rbd', 'info', `rbd/${image}`, '--format', 'json');
}

const ceph = await startCeph();
try {
  mkdirSync(FOLDER, { recursive: true });
  for (const image of ['free', 'kubelet', 'auto', 'shared', 'mirrored']) {
    await ceph.createImage(image);
  }
  await ceph.rbd('lock', 'add', 'rbd/kubelet', 'kubelet_lock_magic_worker-1');
  await ceph.rbd('lock', 'add', '--shared', 'backup', 'rbd/shared', 'one');
  await ceph.rbd('lock', 'add', '--shared', 'backup', 'rbd/shared', 'two');
  await ceph.rbd('mirror', 'pool', 'enable', 'rbd', 'image');
  await ceph.rbd('feature', 'enable', 'rbd/mirrored', 'journaling');
  await ceph.rbd('mirror', 'image', 'enable', 'rbd/mirrored', 'journal');
  await ceph.rbd('mirror', 'image', 'demote', 'rbd/mirrored');
  const writer = await ceph.write('auto');
  for (const image of ['free', 'kubelet', 'auto', 'shared', 'mirrored']) {
    await recordImage(ceph, image);
  }
  await writer.kill();
  await ceph.ceph('osd', 'blocklist', 'add', '10.2.0.5');
  await ceph.ceph('osd', 'blocklist', 'add', '[2001:db8::5]:0/77');
  await ceph.ceph('osd', 'blocklist', 'range', 'add', '10.1.0.0/24');
  await record(ceph, 'blocklist.txt', 'ceph', 'osd', 'blocklist', 'ls');
  await record(ceph, 'health.json', 'ceph', 'health', '--format', 'json');
} finally {
  await ceph.stop();
}
