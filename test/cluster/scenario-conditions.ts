import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { TestCluster } from './cluster.ts';
import type { Condition } from './scenario-file.ts';
import { fillIn } from './scenario-placeholders.ts';

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 6000;
/** Time limits are those of an idle machine; a dozen scenarios on two processors need more. */
const PATIENCE = 4;

const Events = z.object({
  items: z.array(
    z.object({
      reason: z.string().nullish(),
      message: z.string().nullish(),
      count: z.number().nullish(),
      series: z.object({ count: z.number() }).nullish(),
      involvedObject: z.object({ name: z.string().optional() }),
    }),
  ),
});

type Look = { readonly met: true } | { readonly met: false; readonly saw: string };
type EventCondition = Extract<Condition, { event: unknown }>;
type ObjectCondition = Exclude<Condition, EventCondition>;

/** Waits for the condition; says what was seen last when the time is up, and returns undefined when it is met. */
export async function waitFor(
  cluster: TestCluster,
  namespace: string,
  condition: Condition,
): Promise<string | undefined> {
  const seconds = condition.timeoutSeconds * PATIENCE;
  const end = Date.now() + seconds * 1000;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const look = await lookSafely(cluster, namespace, condition);
    if (look.met) {
      return undefined;
    }
    if (Date.now() + pause > end) {
      return `not within ${seconds} s: ${JSON.stringify(condition)}; seen: ${look.saw}`;
    }
    await sleep(pause);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  }
}

/** An object that is not there yet is no reason to give up. */
async function lookSafely(cluster: TestCluster, namespace: string, condition: Condition): Promise<Look> {
  try {
    return 'event' in condition
      ? await lookAtEvents(cluster, namespace, condition)
      : await lookAtObject(cluster, namespace, condition);
  } catch (error) {
    return { met: false, saw: error instanceof Error ? error.message : String(error) };
  }
}

async function lookAtObject(cluster: TestCluster, namespace: string, condition: ObjectCondition): Promise<Look> {
  const object = await fillIn(cluster, namespace, condition.object);
  const path = condition.jsonpath.startsWith('{') ? condition.jsonpath : `{${condition.jsonpath}}`;
  const where = condition.namespace?.replaceAll('$NS', namespace) ?? namespace;
  const saw = await cluster.kubectl(['-n', where, 'get', object, '-o', `jsonpath=${path}`]);
  return agrees(saw, condition) ? { met: true } : { met: false, saw };
}

function agrees(saw: string, condition: ObjectCondition): boolean {
  if (condition.equals !== undefined) {
    return saw === condition.equals;
  }
  if (condition.contains !== undefined) {
    return saw.includes(condition.contains);
  }
  return new RegExp(condition.matches ?? '').test(saw);
}

async function lookAtEvents(cluster: TestCluster, namespace: string, condition: EventCondition): Promise<Look> {
  const { reason, contains, count } = condition.event;
  const where = condition.namespace?.replaceAll('$NS', namespace) ?? namespace;
  const object =
    condition.event.object === undefined ? undefined : await fillIn(cluster, namespace, condition.event.object);
  const answer = await cluster.kubectl(['-n', where, 'get', 'events', '-o', 'json']);
  const { items } = Events.parse(JSON.parse(answer));
  const met = items.some(
    (event) =>
      event.reason === reason &&
      (event.message ?? '').includes(contains) &&
      (object === undefined || event.involvedObject.name === object) &&
      (event.series?.count ?? event.count ?? 1) >= count,
  );
  const seen = items.map((event) => `${event.involvedObject.name} ${event.reason}: ${event.message}`);
  return met ? { met } : { met, saw: seen.join(' | ') };
}
