import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisAuditLog } from '../../../src/adapters/redis/redis-audit-log.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisRemediationStore } from '../../../src/adapters/redis/redis-remediation-store.ts';
import { sha256 } from '../../../src/adapters/system/hmac-signer.ts';
import { voteText } from '../../../src/core/remediation/signed-text.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { NO_LIMITS } from '../../fakes/remediation-samples.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';
import { ExecutorWorld, signer, signPlan } from '../../usecases/remediation/executor-world.ts';

const BASE = 'kubewhy:{remedy}:';
const HALF_AN_HOUR_MS = 1_800_000;
const BOB = { team: 'T1', user: 'UBOB', reason: '' };

let server: TestRedis;
let redis: RedisConnection;
let store: RedisRemediationStore;
let audit: RedisAuditLog;

beforeAll(async () => {
  const logger = new RecordingLogger();
  server = await startRedis();
  redis = new RedisConnection({ url: server.url, logger });
  await redis.ready();
  store = new RedisRemediationStore({ redis, logger });
  audit = new RedisAuditLog({ redis, logger, digest: sha256 });
});

afterAll(async () => {
  redis.close();
  await server.stop();
});

async function approved(id: string): Promise<ExecutorWorld> {
  const world = new ExecutorWorld();
  const now = (await store.now()).getTime();
  const [proposedAt, expiresAt] = [now, now + HALF_AN_HOUR_MS].map((ms) => new Date(ms).toISOString());
  const signed = signPlan(world.plan({ id, proposedAt: proposedAt ?? '', expiresAt: expiresAt ?? '' }));
  await store.propose(signed, NO_LIMITS);
  await store.opened(id, { channel: 'C1', ts: '1.1' });
  await store.approve(id, signed.digest, { ...BOB, signature: signer.sign(voteText(id, signed.digest, BOB)) });
  return world;
}

it.each([
  ['cancelled', (id: string) => store.cancel(id, { ...BOB, reason: 'do not' })],
  ['blocked', () => store.stop({ scope: '*', by: 'slack:T1/UOPS', reason: 'emergency' })],
])('a change that was %s and that somebody sets back to approved is not made', async (end, stop) => {
  const id = `m-${end}`;
  const world = await approved(id);
  await stop(id);
  const before = (await store.read(id))?.state;
  await redis.call('DEL', `${BASE}stops`);
  await redis.call('HSET', `${BASE}record:${id}`, 'state', 'approved');

  await world.run(id, world.deps({ store, audit }));

  expect([before, (await store.read(id))?.state, world.api.effects]).toEqual([end, 'blocked', []]);
  expect((await audit.chain()).filter(({ remediation }) => remediation === id).slice(-2)).toMatchObject([
    { event: 'refused', security: 5, detail: { forged: expect.stringContaining(`it had ended before as ${end}`) } },
    { event: 'ended', security: 5, to: 'blocked' },
  ]);
});

it('a change that is set back after it was claimed is not announced any more', async () => {
  await approved('m-late');
  const claimed = await store.claim('m-late', { worker: 'e1', leaseMs: 30_000, limits: NO_LIMITS });
  const fence = claimed.kind === 'claimed' ? claimed.fence : expect.fail(`the claim is ${claimed.kind}`);
  const entry = {
    event: 'ended',
    cluster: 'prod',
    remediation: 'm-late',
    actor: 'e1',
    detail: {},
    security: 2,
  } as const;
  await store.advance('m-late', fence, { from: 'executing', to: 'blocked', audit: entry });
  await redis.call('HSET', `${BASE}record:m-late`, 'state', 'executing');

  const sendable = await store.intend('m-late', fence, 'r1', { ...entry, event: 'intent' });

  expect(sendable).toBe(false);
});
