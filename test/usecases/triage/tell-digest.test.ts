import { describe, expect, it } from 'vitest';
import { alertAbout, TriageStage, withoutConfig } from './triage-stage.ts';

const NAMES = Array.from({ length: 8 }, (_, index) => `web-${index}x`);

/** Eight incidents in one digest, each with an owner; the last one is critical. */
async function storm(): Promise<TriageStage> {
  const stage = new TriageStage();
  for (const name of NAMES) {
    stage.pods.set(name, withoutConfig(name, name));
  }
  const alerts = NAMES.map((name, index) => {
    const alert = alertAbout(name, { change: { mention: `S${index}` } });
    const { mapped } = alert;
    const severity = index === 7 ? 'critical' : 'info';
    const labels = { ...mapped.alert.labels, severity };
    return { ...alert, mapped: { ...mapped, alert: { ...mapped.alert, labels } } };
  });
  await stage.come(...alerts);
  return stage;
}

function callsOf(stage: TriageStage) {
  return stage.outbox.deliveries.flatMap((delivery) =>
    delivery.kind === 'card' && delivery.content.kind === 'incident-event' && delivery.content.mentions.length > 0
      ? [{ key: delivery.key, thread: delivery.thread, content: delivery.content }]
      : [],
  );
}

describe('owners of incidents that are only in a digest', () => {
  it('are called once in its thread, the most severe first, and not again in threads of their own', async () => {
    const stage = await storm();
    await stage.pass();
    await stage.post();
    stage.clock.advance(6000);
    await stage.pass({}, true);
    const first = callsOf(stage);

    await stage.settle();
    const all = callsOf(stage);
    await stage.later(6);
    for (let minutes = 0; minutes < 3; minutes += 1) {
      await stage.pass({}, true);
      await stage.later(1);
    }

    const [digest] = stage.told('digest');
    const [thread] = new Set(all.map((call) => call.thread));
    expect(first).toHaveLength(5);
    expect(first[0]?.content).toEqual({
      kind: 'incident-event',
      text: 'shop/web-7x: ConfigMap `web-7x` does not exist',
      mentions: ['S7'],
    });
    expect(new Set(all.map(({ content }) => content.mentions[0]))).toEqual(
      new Set(NAMES.map((_, index) => `S${index}`)),
    );
    expect(all).toHaveLength(8);
    expect((await stage.outbox.posted(digest?.digest.id ?? ''))?.ts).toBe(thread);
    expect(stage.told('incident')).toHaveLength(8);
    expect(callsOf(stage)).toEqual(all);
  });

  it('are not called while people take care of them, or put them off', async () => {
    const stage = await storm();
    await stage.pass();
    const [first, second] = await stage.incidents();

    await stage.store.acknowledge(first?.incident.id ?? '', 'U1');
    await stage.store.snooze(second?.incident.id ?? '', 'U1', 3_600_000);
    await stage.settle();

    expect(callsOf(stage)).toHaveLength(6);
  });
});
