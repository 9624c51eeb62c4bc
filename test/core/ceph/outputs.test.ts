import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseBlocklist } from '../../../src/core/ceph/blocklist.ts';
import { parseHealth } from '../../../src/core/ceph/ceph-health.ts';
import { parseImageInfo } from '../../../src/core/ceph/rbd-image.ts';
import { parseLocks } from '../../../src/core/ceph/rbd-locks.ts';
import { parseWatchers } from '../../../src/core/ceph/rbd-watchers.ts';

/** What the real programs printed; `test/ceph/record-outputs.ts` records it anew. */
function output(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../fixtures/ceph', name), 'utf8');
}

describe('rbd lock ls', () => {
  it('shows the lock of an old kubelet with its host', () => {
    const locks = parseLocks(output('kubelet-lock-ls.json'));

    expect(locks).toEqual([
      {
        id: 'kubelet_lock_magic_worker-1',
        locker: expect.stringMatching(/^client\.\d+$/),
        address: expect.stringMatching(/^127\.0\.0\.1:0\/\d+$/),
        ip: '127.0.0.1',
        form: 'kubelet',
        host: 'worker-1',
      },
    ]);
  });

  it('shows the exclusive lock of a client', () => {
    const locks = parseLocks(output('auto-lock-ls.json'));

    expect(locks).toMatchObject([{ form: 'auto', id: expect.stringMatching(/^auto \d+$/), host: '' }]);
  });

  it('shows shared locks as locks of unknown use', () => {
    const locks = parseLocks(output('shared-lock-ls.json'));

    expect(locks?.map(({ id, form }) => [id, form])).toEqual([
      ['one', 'other'],
      ['two', 'other'],
    ]);
  });

  it.each(['kubelet', 'auto', 'shared'])('says the same as text and as JSON (%s)', (image) => {
    const fromText = parseLocks(output(`${image}-lock-ls.txt`));

    expect(fromText).toEqual(parseLocks(output(`${image}-lock-ls.json`)));
    expect(fromText?.length).toBeGreaterThan(0);
  });

  it('is empty only when it says so', () => {
    expect(parseLocks(output('free-lock-ls.json'))).toEqual([]);
  });

  it('is read as older releases print it', () => {
    const text = '{"kubelet_lock_magic_node7":{"locker":"client.4115","address":"10.0.0.7:0\\/123"}}';

    expect(parseLocks(text)).toEqual([
      {
        id: 'kubelet_lock_magic_node7',
        locker: 'client.4115',
        address: '10.0.0.7:0/123',
        ip: '10.0.0.7',
        form: 'kubelet',
        host: 'node7',
      },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['other words', 'rbd: error opening image'],
    ['a lock without a locker', '[{"id":"a","address":"1.2.3.4:0/1"}]'],
    ['fewer lines than it counts', 'There are 2 exclusive locks on this image.\nclient.1  a  1.2.3.4:0/1'],
    ['a line that is not understood', 'There is 1 exclusive lock on this image.\nclient.x  a  1.2.3.4:0/1'],
    ['cut JSON', '[{"id":"a","locker":"client.1","address":"1.2.3.4:0/1"}'],
  ])('proves nothing when it says %s', (_what, text) => {
    expect(parseLocks(text)).toBeUndefined();
  });

  it('does not take a kubelet without a host for one', () => {
    const [lock] = parseLocks('[{"id":"kubelet_lock_magic_","locker":"client.1","address":"?"}]') ?? [];

    expect(lock).toMatchObject({ form: 'other', host: '', ip: '' });
  });
});

describe('rbd status', () => {
  it('shows who has the image open', () => {
    const [watcher, ...more] = parseWatchers(output('auto-status.json')) ?? [];
    const [lock] = parseLocks(output('auto-lock-ls.json')) ?? [];

    expect(more).toEqual([]);
    expect(watcher).toEqual({ address: lock?.address, ip: '127.0.0.1', client: lock?.locker });
  });

  it.each(['auto', 'kubelet'])('says the same as text and as JSON (%s)', (image) => {
    expect(parseWatchers(output(`${image}-status.txt`))).toEqual(parseWatchers(output(`${image}-status.json`)));
  });

  it('is read as older releases print it', () => {
    const text = '{"watchers":{"watcher":{"address":"10.0.0.7:0\\/9","client":4135,"cookie":1}}}';

    expect(parseWatchers(text)).toEqual([{ address: '10.0.0.7:0/9', ip: '10.0.0.7', client: 'client.4135' }]);
  });

  it.each(['', 'Watchers:', 'Watchers:\n\twatcher=?', '{}', '{"watchers":[{"address":"1.2.3.4:0/1"}]}'])(
    'proves nothing when it says %j',
    (text) => {
      expect(parseWatchers(text)).toBeUndefined();
    },
  );
});

describe('rbd info', () => {
  it('tells an image by its id', () => {
    expect(parseImageInfo(output('free-info.json'))).toEqual({
      id: expect.stringMatching(/^[0-9a-f]+$/),
      mirroring: 'none',
      features: ['layering', 'exclusive-lock', 'object-map', 'fast-diff', 'deep-flatten'],
    });
  });

  it('tells a mirrored copy', () => {
    expect(parseImageInfo(output('mirrored-info.json'))?.mirroring).toBe('secondary');
  });

  it.each([
    ['{"id":"1","mirroring":{"state":"enabled","primary":true}}', 'primary'],
    ['{"id":"1","mirroring":{"state":"disabled"}}', 'none'],
    ['{"id":"1","mirroring":{}}', 'secondary'],
  ])('reads %s', (text, mirroring) => {
    expect(parseImageInfo(text)?.mirroring).toBe(mirroring);
  });

  it('is nothing without an id', () => {
    expect(parseImageInfo('{"name":"x"}')).toBeUndefined();
  });
});

describe('ceph osd blocklist ls', () => {
  it('shows clients, machines and ranges', () => {
    const entries = parseBlocklist(output('blocklist.txt'));

    expect(entries?.map(({ address, prefix }) => [address.ip, address.nonce, prefix])).toEqual(
      expect.arrayContaining([
        ['2001:db8::5', '77', undefined],
        ['10.2.0.5', '0', undefined],
        ['10.1.0.0', '24', 24],
      ]),
    );
  });

  it('is empty when nothing is listed', () => {
    expect(parseBlocklist('listed 0 entries\n')).toEqual([]);
    expect(parseBlocklist('')).toEqual([]);
  });

  it('proves nothing when a line is not understood', () => {
    expect(parseBlocklist('10.2.0.5:0/0 2026-11-22T03:34:43.011753+0000\nwhat')).toBeUndefined();
  });
});

describe('ceph health', () => {
  it('is read', () => {
    expect(parseHealth(output('health.json'))).toEqual({ status: 'HEALTH_OK', checks: [] });
    expect(parseHealth('{"status":"HEALTH_WARN","checks":{"OSD_DOWN":{}}}')).toEqual({
      status: 'HEALTH_WARN',
      checks: ['OSD_DOWN'],
    });
    expect(parseHealth('HEALTH_OK')).toBeUndefined();
  });
});
