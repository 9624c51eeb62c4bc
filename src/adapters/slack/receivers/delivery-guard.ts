import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceiverEvent } from '@slack/bolt';
import type { Logger } from '../../../ports/logger.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import { type DeliveryKind, deliveryKind } from './delivery-kind.ts';

type Process = (event: ReceiverEvent) => Promise<void>;

/** Sees to it that every delivery is acknowledged once and in time, whatever its handler does. */
export interface DeliveryGuard {
  /** Handles one delivery; never rejects. */
  run(event: ReceiverEvent, process: Process): Promise<void>;
  /** Waits until nothing is unacknowledged any more, at most `ms`. */
  acknowledged(ms: number): Promise<void>;
  /** Waits until no handler runs any more, at most `ms`; false when some still do. */
  idle(ms: number): Promise<boolean>;
  /** Handlers that run now. */
  running(): number;
}

/** What a delivery guard needs. */
export interface DeliveryGuardDeps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Tells the person behind a delivery that it failed, where the acknowledgement could not; never rejects. */
  tell(body: unknown, text: string): Promise<void>;
  /** Milliseconds after which a delivery is acknowledged although its handler still runs; 2,000 when absent. */
  readonly ackWithinMs?: number;
}

interface Tracked {
  readonly kind: DeliveryKind;
  readonly body: unknown;
  /** Acknowledges the first time and does nothing afterwards; false then. Rejects when it could not be sent. */
  ack(response?: unknown): Promise<boolean>;
}

const ACK_WITHIN_MS = 2000;
const LOOK_AGAIN_MS = 20;

/** A guard that counts what is under way. */
export function createDeliveryGuard(deps: DeliveryGuardDeps): DeliveryGuard {
  const running = new Set<Tracked>();
  const unacknowledged = new Set<Tracked>();

  return {
    async run(event, process) {
      const tracked = track(deps, event, unacknowledged);
      running.add(tracked);
      const timer = setTimeout(() => void ackAnyway(deps, tracked), deps.ackWithinMs ?? ACK_WITHIN_MS);
      try {
        await process({ ...event, ack: ackForBolt(deps, tracked) });
      } catch (error) {
        await reportBug(deps, tracked, error);
      } finally {
        clearTimeout(timer);
        await ackAnyway(deps, tracked);
        running.delete(tracked);
        deps.metrics.count('slack_requests_total', { kind: tracked.kind });
      }
    },
    async acknowledged(ms) {
      await until(() => unacknowledged.size === 0, ms);
    },
    idle: (ms) => until(() => running.size === 0, ms),
    running: () => running.size,
  };
}

function track(deps: DeliveryGuardDeps, event: ReceiverEvent, unacknowledged: Set<Tracked>): Tracked {
  const startedAt = performance.now();
  const kind = deliveryKind(event.body);
  const tracked: Tracked = {
    kind,
    body: event.body,
    async ack(response) {
      if (!unacknowledged.delete(tracked)) {
        return false;
      }
      await event.ack(response);
      deps.metrics.observe('ack_seconds', (performance.now() - startedAt) / 1000, { kind });
      return true;
    },
  };
  unacknowledged.add(tracked);
  return tracked;
}

/**
 * Bolt acknowledges events before their handlers run; a crash between the two would lose the event. So an event is
 * acknowledged by the guard, when its handler is done. Only a command learns that its acknowledgement was lost: it can
 * answer in another way.
 */
function ackForBolt(deps: DeliveryGuardDeps, tracked: Tracked): ReceiverEvent['ack'] {
  return async (response) => {
    if (tracked.kind === 'command') {
      await tracked.ack(response);
    } else if (tracked.kind !== 'event') {
      await ackAnyway(deps, tracked, response);
    }
  };
}

/** False when it was acknowledged before, or could not be. */
async function ackAnyway(deps: DeliveryGuardDeps, tracked: Tracked, response?: unknown): Promise<boolean> {
  try {
    return await tracked.ack(response);
  } catch (error) {
    deps.logger.warn('A delivery could not be acknowledged; Slack will deliver it again', { error });
    return false;
  }
}

/** Logs a failed handler under a reference and tells the person. */
async function reportBug(deps: DeliveryGuardDeps, tracked: Tracked, error: unknown): Promise<void> {
  const reference = `kw-${randomBytes(4).toString('hex')}`;
  deps.logger.error('A delivery could not be handled', { reference, kind: tracked.kind, error });
  const text = `Kubewhy failed. Nothing was changed in the cluster. Please report the reference ${reference}.`;
  const told = tracked.kind === 'command' && (await ackAnyway(deps, tracked, { response_type: 'ephemeral', text }));
  if (!told) {
    await deps.tell(tracked.body, text);
  }
}

async function until(done: () => boolean, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (!done() && performance.now() < end) {
    await sleep(LOOK_AGAIN_MS);
  }
  return done();
}
