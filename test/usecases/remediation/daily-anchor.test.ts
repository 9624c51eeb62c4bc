import { describe, expect, it } from 'vitest';
import { dailyAnchor } from '../../../src/usecases/remediation/daily-anchor.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeOutbox } from '../../fakes/fake-outbox.ts';
import { FakeRemediationStore } from '../../fakes/fake-remediation-store.ts';
import { sampleDraft } from '../../fakes/remediation-samples.ts';

const DAY_MS = 86_400_000;
const PLACE = { team: 'T1', channel: 'CAUDIT' };

async function open(entries: number) {
  const clock = new FakeClock();
  const store = new FakeRemediationStore(clock);
  const outbox = new FakeOutbox(clock);
  const { audit } = store;
  async function fill(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await audit.append(sampleDraft());
    }
    await audit.chain();
  }
  await fill(entries);
  const deps = { audit, store, outbox, clock, place: async () => PLACE };
  const texts = (): readonly string[] =>
    outbox.deliveries.map(({ key, content }) => (content.kind === 'notice' ? `${key}: ${content.text}` : key));
  return { deps, clock, audit, outbox, fill, texts };
}

describe('the end of the audit', () => {
  it('is told once a day, whoever tells it how often', async () => {
    const { deps, clock, audit, outbox, fill, texts } = await open(2);
    const [one, other] = [dailyAnchor(deps), dailyAnchor(deps)];
    const hash = audit.chained[1]?.hash;
    await one();
    await fill(1);
    await other();
    clock.advance(120_000);
    await one();
    const first = outbox.deliveries;

    clock.advance(DAY_MS);
    await one();
    await other();

    expect(first).toMatchObject([
      {
        key: 'audit-anchor-2026-01-31',
        team: 'T1',
        channel: 'CAUDIT',
        content: { kind: 'notice', code: [`kubewhy audit verify --anchor 2:${hash}`] },
      },
    ]);
    expect(texts()).toEqual([
      expect.stringContaining(`The audit of changes has 2 entries; the last one's hash is ${hash}.`),
      expect.stringContaining('audit-anchor-2026-02-01: The audit of changes has 3 entries;'),
    ]);
  });

  it('is told as soon as there is an entry, and not without a place', async () => {
    const { deps, fill, texts } = await open(0);
    const nowhere = dailyAnchor({ ...deps, place: async () => undefined });
    const tell = dailyAnchor(deps);
    await tell();
    await fill(1);
    await nowhere();
    const before = texts();

    await tell();

    expect([before, texts().length]).toEqual([[], 1]);
  });
});
