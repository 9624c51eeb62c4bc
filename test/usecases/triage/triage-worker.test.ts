import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TriageChange, TriageLease } from '../../../src/ports/triage-store.ts';
import type { TriageDeps } from '../../../src/usecases/triage/triage-deps.ts';
import { startTriage, type Triage, type TriageOptions } from '../../../src/usecases/triage/triage-worker.ts';
import { FakeTriageStore } from '../../fakes/fake-triage-store.ts';
import { alertAbout, TriageStage, withoutConfig } from './triage-stage.ts';

const QUICK: TriageOptions = { pollMs: 5 };
let running: Triage[] = [];

afterEach(async () => {
  await Promise.all(running.map((triage) => triage.stop()));
  running = [];
});

function start(stage: TriageStage, changes: Partial<TriageDeps> = {}, options = QUICK): Triage {
  const triage = startTriage('prod', stage.deps(changes), options);
  running.push(triage);
  return triage;
}

function staged(): TriageStage {
  const stage = new TriageStage();
  stage.pods.set('web', withoutConfig('web', 'web'));
  return stage;
}

/** Remembers who saved with which fence, and lets a save take a while. */
class SavingStore extends FakeTriageStore {
  readonly saves: { readonly fence: number; readonly saved: string }[] = [];
  saving = 0;
  most = 0;

  override async save(lease: TriageLease, change: TriageChange): Promise<'saved' | 'lost'> {
    this.saving += 1;
    this.most = Math.max(this.most, this.saving);
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
    const saved = await super.save(lease, change);
    this.saving -= 1;
    this.saves.push({ fence: lease.fence, saved });
    return saved;
  }
}

describe('a triage', () => {
  it('does its work as soon as something comes', async () => {
    const stage = staged();
    const work = stage.store.work.bind(stage.store);
    let rounds = 0;
    stage.store.work = async (cluster) => {
      rounds += 1;
      return work(cluster);
    };
    start(stage, {}, { pollMs: 60_000 });
    await vi.waitFor(() => expect(rounds).toBe(1));

    await stage.come(alertAbout('web'));
    await stage.store.accept([alertAbout('other')]);

    await vi.waitFor(() => expect(stage.told('incident').length).toBeGreaterThan(0), { timeout: 10_000 });
    expect(await stage.store.open('prod')).not.toEqual([]);
  });

  it('never saves at the same time as another one of its cluster', async () => {
    const stage = staged();
    const store = new SavingStore(stage.clock);
    start(stage, { store, holder: 'a' });
    start(stage, { store, holder: 'b' });

    for (let round = 0; round < 10; round += 1) {
      const name = `web${round}`;
      stage.pods.set(name, withoutConfig(name, name));
      await store.accept([alertAbout(name)]);
      stage.clock.advance(1000);
      await vi.waitFor(async () => expect(await store.open('prod')).toHaveLength(round + 1), { timeout: 10_000 });
    }

    const fences = store.saves.map(({ fence }) => fence);
    expect(store.most).toBe(1);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(store.saves.every(({ saved }) => saved === 'saved')).toBe(true);
  });

  it('lets somebody else go on when it is stopped', async () => {
    const stage = staged();
    await stage.come(alertAbout('web'));
    const triage = start(stage);
    await vi.waitFor(() => expect(stage.told('incident')).toHaveLength(1), { timeout: 10_000 });

    await triage.stop();
    const versions = stage.versions();
    await stage.come(alertAbout('web', { status: 'resolved' }));

    expect(await stage.store.take('prod', 'other')).toBeDefined();
    expect(stage.versions()).toEqual(versions);
  });

  it('ends at once while it waits, also after a failure', async () => {
    const stage = staged();
    stage.store.down = true;
    const triage = start(stage, {}, { pollMs: 60_000 });
    await vi.waitFor(() => expect(stage.logger.lines).toHaveLength(1));

    await triage.stop();

    expect(stage.logger.lines).toMatchObject([{ level: 'debug', message: 'alerts could not be looked at' }]);
  });

  it('says of an outage once that there is one, and goes on when it is over', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const stage = staged();
    await stage.come(alertAbout('web'));
    stage.store.down = true;
    start(stage);
    await vi.advanceTimersByTimeAsync(20_000);
    const lines = stage.logger.lines.length;

    stage.store.down = false;
    await vi.advanceTimersByTimeAsync(3000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(stage.told('incident')).toHaveLength(1), { timeout: 10_000 });

    expect(lines).toBe(1);
  });

  it('says of a failure that comes and goes once a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const stage = staged();
    const work = stage.store.work.bind(stage.store);
    let rounds = 0;
    stage.store.work = async (cluster) => {
      rounds += 1;
      if (rounds % 2 === 1) {
        throw new TypeError('x is not a function');
      }
      return work(cluster);
    };
    start(stage);

    await vi.advanceTimersByTimeAsync(10_000);
    const first = stage.logger.lines.length;
    stage.clock.advance(60_000);
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();

    expect(rounds).toBeGreaterThan(8);
    expect([first, stage.logger.lines.length]).toEqual([1, 2]);
  });

  it('says of another failure that it is one of ours, once, and tries it no more often because more comes', async () => {
    const stage = staged();
    let rounds = 0;
    stage.store.work = async () => {
      rounds += 1;
      throw new TypeError('x is not a function');
    };
    start(stage);
    await vi.waitFor(() => expect(rounds).toBe(1));

    for (let alerts = 0; alerts < 20; alerts += 1) {
      await stage.store.accept([alertAbout(`web-${alerts}`)]);
      await Promise.resolve();
    }

    expect(rounds).toBe(1);
    expect(stage.logger.lines).toMatchObject([{ level: 'error', message: 'alerts could not be looked at' }]);
  });

  it('does nothing while it must stand aside', async () => {
    const stage = staged();
    await stage.come(alertAbout('web'));
    let asked = 0;
    let mayAct = false;
    start(stage, {}, { pollMs: 5, mayAct: async () => Promise.resolve(mayAct).finally(() => (asked += 1)) });

    await vi.waitFor(() => expect(asked).toBeGreaterThan(2));
    const before = stage.outbox.deliveries.length;
    mayAct = true;
    await vi.waitFor(() => expect(stage.told('incident')).toHaveLength(1), { timeout: 10_000 });

    expect(before).toBe(0);
  });

  it('keeps its lease while a pass takes long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const stage = staged();
    const { promise: slow, resolve: answer } = Promise.withResolvers<void>();
    stage.openReader = async () => {
      await slow;
      return stage.reader();
    };
    await stage.come(alertAbout('web'));
    start(stage);
    await vi.advanceTimersByTimeAsync(1);

    for (let seconds = 0; seconds < 30; seconds += 3) {
      stage.clock.advance(3000);
      await vi.advanceTimersByTimeAsync(3000);
    }
    const taken = await stage.store.take('prod', 'other');
    answer();
    await vi.advanceTimersByTimeAsync(4000);
    vi.useRealTimers();

    expect(taken).toBeUndefined();
    await vi.waitFor(() => expect(stage.told('incident')).toHaveLength(1), { timeout: 10_000 });
  });
});
