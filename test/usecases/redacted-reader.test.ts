import { expect, test } from 'vitest';
import { REDACTED } from '../../src/core/redaction/marker.ts';
import { resourceOf } from '../../src/core/subject/kinds.ts';
import { redactedReader } from '../../src/usecases/redacted-reader.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const namespace = 'shop';
const SECRET = 'S3cr3tPassw0rd';
const ENV = { name: 'DB_PASSWORD', value: SECRET };
const MESSAGE = `could not read https://me:${SECRET}@proxy.example/path`;

function reader() {
  return redactedReader(
    new FakeCluster({
      namespace,
      objects: [{ kind: 'Pod', metadata: { name: 'web-0' }, spec: { containers: [{ name: 'app', env: [ENV] }] } }],
      logs: [{ pod: 'web-0', container: 'app', text: `DB_PASSWORD=${SECRET}\n` }],
      unreadable: [{ resource: 'services', why: 'invalid', message: MESSAGE }],
    }),
  );
}

test('removes secrets from everything that is read', async () => {
  const [pod, service] = [resourceOf('Pod'), resourceOf('Service')];

  const answers = [
    await reader().get({ resource: pod, namespace, name: 'web-0' }),
    await reader().list({ resource: pod, namespace }),
    await reader().logs({ namespace, pod: 'web-0', container: 'app' }),
    await reader().get({ resource: service, namespace, name: 'web' }),
    await reader().list({ resource: service, namespace }),
  ];

  const texts = answers.map((answer) => JSON.stringify(answer));
  expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
  expect(texts.filter((text) => text.includes(REDACTED))).toHaveLength(5);
});

test('changes nothing else', async () => {
  const one = reader();

  const before = one.serverTime();
  const missing = await one.get({ resource: resourceOf('Pod'), namespace, name: 'none' });

  expect(before).toBeUndefined();
  expect(missing).toEqual({ kind: 'missing', message: 'pods "none" not found' });
  expect(one.serverTime()).toEqual(new Date('2026-01-31T12:00:00Z'));
  expect(one.requestCount()).toBe(1);
});
