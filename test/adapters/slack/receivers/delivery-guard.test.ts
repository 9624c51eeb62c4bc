import type { ReceiverEvent } from '@slack/bolt';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDeliveryGuard, type DeliveryGuard } from '../../../../src/adapters/slack/receivers/delivery-guard.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { SpyMetrics } from '../fakes.ts';

const COMMAND = { command: '/k8s' };
const EVENT = { event: { type: 'app_mention' } };
const CLICK = { type: 'block_actions' };

describe('createDeliveryGuard', () => {
  let logger: RecordingLogger;
  let metrics: SpyMetrics;
  let told: unknown[];
  let acks: unknown[];
  let guard: DeliveryGuard;

  beforeEach(() => {
    logger = new RecordingLogger();
    metrics = new SpyMetrics();
    told = [];
    acks = [];
    guard = createDeliveryGuard({
      logger,
      metrics,
      ackWithinMs: 50,
      tell: async (body, text) => {
        told.push([body, text]);
      },
    });
  });

  function delivery(
    body: Record<string, unknown>,
    ack: (response?: unknown) => unknown = (response) => acks.push(response),
  ): ReceiverEvent {
    return {
      body,
      ack: async (response) => {
        ack(response);
      },
    };
  }

  it('passes the first acknowledgement on, and no other', async () => {
    await guard.run(delivery(COMMAND), async ({ ack }) => {
      await ack('first');
      await ack('second');
    });

    expect(acks).toEqual(['first']);
    expect(metrics.counts).toEqual(['slack_requests_total kind=command']);
    expect(metrics.durations).toEqual(['ack_seconds kind=command']);
  });

  it('acknowledges what its handler forgot', async () => {
    await guard.run(delivery(CLICK), async () => undefined);

    expect(acks).toEqual([undefined]);
  });

  it('acknowledges an event when its handler is done, although Bolt does so before', async () => {
    await guard.run(delivery(EVENT), async ({ ack }) => {
      await ack();
      acks.push('handled');
    });

    expect(acks).toEqual(['handled', undefined]);
  });

  it('acknowledges in time what takes long', async () => {
    const held = Promise.withResolvers<void>();
    const acknowledged = Promise.withResolvers<void>();

    const running = guard.run(
      delivery(EVENT, () => acknowledged.resolve()),
      () => held.promise,
    );
    await acknowledged.promise;

    expect(guard.running()).toBe(1);
    held.resolve();
    await running;
    expect(guard.running()).toBe(0);
  });

  it('acknowledges a failed command with the reference that it logs', async () => {
    await guard.run(delivery(COMMAND), () => Promise.reject(new Error('boom')));

    const reference = logger.lines[0]?.fields['reference'];
    expect(reference).toMatch(/^kw-[0-9a-f]{8}$/);
    expect(acks).toEqual([
      {
        response_type: 'ephemeral',
        text: `Kubewhy failed. Nothing was changed in the cluster. Please report the reference ${String(reference)}.`,
      },
    ]);
    expect(told).toEqual([]);
  });

  it.each([
    ['a click', CLICK],
    ['an event', EVENT],
  ])('tells %s that failed, and acknowledges it', async (_name, body) => {
    await guard.run(delivery(body), () => Promise.reject(new Error('boom')));

    expect(told).toEqual([[body, expect.stringContaining('Please report the reference kw-')]]);
    expect(acks).toEqual([undefined]);
  });

  it('tells a command that failed after it was acknowledged', async () => {
    await guard.run(delivery(COMMAND), async ({ ack }) => {
      await ack('Still on it');
      throw new Error('boom');
    });

    expect(acks).toEqual(['Still on it']);
    expect(told).toHaveLength(1);
  });

  it('lets only a command know that its acknowledgement was lost', async () => {
    const lost = () => {
      throw new Error('no connection');
    };
    const outcomes: string[] = [];

    for (const body of [COMMAND, CLICK, EVENT]) {
      await guard.run(delivery(body, lost), async ({ ack }) => {
        await ack().then(
          () => outcomes.push('went on'),
          () => outcomes.push('heard of it'),
        );
      });
    }

    expect(outcomes).toEqual(['heard of it', 'went on', 'went on']);
    expect(told).toEqual([]);
  });

  it('waits for acknowledgements and for handlers, but not for ever', async () => {
    const held = Promise.withResolvers<void>();
    const running = guard.run(delivery(COMMAND), async ({ ack }) => {
      await ack();
      await held.promise;
    });

    await guard.acknowledged(1000);
    const idleTooSoon = await guard.idle(30);
    held.resolve();
    const idle = await guard.idle(1000);
    await running;

    expect([idleTooSoon, idle]).toEqual([false, true]);
  });
});
