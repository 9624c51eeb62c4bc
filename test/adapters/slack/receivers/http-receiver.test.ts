import { describe, expect, it } from 'vitest';
import { createHttpReceiver } from '../../../../src/adapters/slack/receivers/http-receiver.ts';
import { createReplayGuard } from '../../../../src/adapters/slack/receivers/replay-guard.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { FakeSeenStore } from '../../../fakes/fake-seen-store.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { SpyMetrics } from '../fakes.ts';

describe('createHttpReceiver', () => {
  it('says that the port is in use, and can be stopped all the same', async () => {
    const first = receiverOn(0);
    await first.start();
    const second = receiverOn(first.port());

    const starting = second.start();

    await expect(starting).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`port ${first.port()}`),
    });
    await second.stop();
    await first.stop();
    expect(second.status().healthy).toBe(false);
  });

  it('is healthy from its start to its stop', async () => {
    const receiver = receiverOn(0);
    const healthy = [receiver.status().healthy];

    await receiver.start();
    healthy.push(receiver.status().healthy);
    receiver.refuseNew();
    healthy.push(receiver.status().healthy);
    await receiver.stop();

    expect(healthy).toEqual([false, true, false]);
  });
});

function receiverOn(port: number) {
  const logger = new RecordingLogger();
  return createHttpReceiver({
    port,
    host: '127.0.0.1',
    signingSecrets: ['s'],
    replays: createReplayGuard({ seen: new FakeSeenStore(new FakeClock()), logger }),
    logger,
    metrics: new SpyMetrics(),
  });
}
