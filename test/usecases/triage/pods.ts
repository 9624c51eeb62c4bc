import type { JsonObject } from '../../../src/core/facts/json.ts';

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** The uid of a pod with that number. */
export function uidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** Makes pods of a namespace that were created at a time (milliseconds since 1970). */
export function podsFrom(namespace: string, created: number) {
  const pod = (number: number, container: JsonObject, metadata: JsonObject = {}): JsonObject => ({
    metadata: { name: `web-${number}`, namespace, uid: uidOf(number), creationTimestamp: iso(created), ...metadata },
    spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'web:1' }] },
    status: {
      phase: 'Running',
      startTime: iso(created),
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: iso(created) }],
      containerStatuses: [{ name: 'app', ...container }],
    },
  });
  const ended = (at: number): JsonObject => ({
    terminated: { exitCode: 1, reason: 'Error', startedAt: iso(at - 1000), finishedAt: iso(at) },
  });
  return {
    healthy: (number: number) => pod(number, { ready: true, state: { running: { startedAt: iso(created) } } }),
    badImage: (number: number, reason = 'ErrImagePull') => pod(number, { state: { waiting: { reason } } }),
    owned: (number: number, labels: JsonObject) =>
      pod(number, { state: { waiting: { reason: 'ErrImagePull' } } }, { labels }),
    backOff: (number: number, restarts: number, at: number) =>
      pod(number, {
        restartCount: restarts,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: ended(at),
      }),
    rerun: (number: number, restarts: number, at: number) =>
      pod(number, {
        ready: true,
        restartCount: restarts,
        state: { running: { startedAt: iso(at + 1000) } },
        lastState: ended(at),
      }),
  };
}
