import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredAlert } from '../../../src/core/triage/stored-alert.ts';
import type { AlertIntake } from '../../../src/ports/alert-intake.ts';
import {
  type PodTroubleRules,
  type PodTroubleWatch,
  watchPodTrouble,
} from '../../../src/usecases/triage/watch-pod-trouble.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeNoteStore } from '../../fakes/fake-note-store.ts';
import { FakePodWatcher } from '../../fakes/fake-pod-watcher.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { podsFrom, uidOf } from './pods.ts';

/** Keeps what it gets. */
class SpyIntake extends FakeStore implements AlertIntake {
  readonly batches: (readonly StoredAlert[])[] = [];

  async accept(alerts: readonly StoredAlert[]) {
    this.check();
    this.batches.push(alerts);
    return { changed: alerts.length, repeated: 0 };
  }

  /** What came, in short: status, pod, beginning. */
  told(): readonly string[] {
    return this.batches
      .flat()
      .map(({ mapped: { alert } }) => [alert.status, alert.name, alert.labels['pod'], alert.startsAt].join(' '));
  }
}

const MINUTE = 60_000;
const ROUTING = { routes: [], channel: 'C1', ignore: [], mute: [], owners: { labels: ['team'], ids: { front: 'U1' } } };

function rules(namespaces: Readonly<Record<string, number>> = { shop: 120 }): PodTroubleRules {
  return {
    namespaces: new Map(Object.entries(namespaces)),
    clusters: { clusters: ['prod', 'stage'], clusterLabel: 'cluster', clusterNames: {}, senderCluster: 'prod' },
    routing: ROUTING,
  };
}

let clock: FakeClock;
let watcher: FakePodWatcher;
let intake: SpyIntake;
let notes: FakeNoteStore;
let logger: RecordingLogger;
let pods: ReturnType<typeof podsFrom>;
let created: number;
let watch: PodTroubleWatch;

function start(): PodTroubleWatch {
  return watchPodTrouble({ watchPods: watcher.watchPods, intake, notes, clock, logger }, rules());
}

beforeEach(() => {
  clock = new FakeClock();
  watcher = new FakePodWatcher();
  intake = new SpyIntake();
  notes = new FakeNoteStore(clock);
  logger = new RecordingLogger();
  created = clock.ms;
  pods = podsFrom('shop', created);
  watch = start();
});

async function passAfter(ms: number): Promise<void> {
  clock.advance(ms);
  await watch.pass();
}

const STARTED = '2026-01-31T12:00:00.000Z';
const IMAGE = `firing KubewhyImagePullFailing web-1 ${STARTED}`;
const IMAGE_OVER = `resolved KubewhyImagePullFailing web-1 ${STARTED}`;
const CRASH = `firing KubewhyPodCrashLooping web-1 ${STARTED}`;

describe('a trouble', () => {
  it('is told after the delay, with what it is about and where it goes', async () => {
    watcher.tell('shop', pods.badImage(1));
    await passAfter(119_000);
    const before = intake.told();

    await passAfter(1000);

    expect(before).toEqual([]);
    expect(intake.batches).toEqual([
      [
        {
          mapped: {
            alert: expect.objectContaining({ name: 'KubewhyImagePullFailing', status: 'firing', sender: 'kubewhy' }),
            target: { kind: 'object', object: { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: uidOf(1) } },
            cluster: expect.objectContaining({ name: 'prod' }),
            container: 'app',
            first: [],
            several: [],
            information: false,
            trail: [],
          },
          cluster: 'prod',
          channel: 'C1',
          readable: ['shop'],
          receivedAt: '2026-01-31T12:02:00.000Z',
          notes: [],
        },
      ],
    ]);
  });

  it('that passes before is never told', async () => {
    watcher.tell('shop', pods.badImage(1));
    await passAfter(60_000);
    watcher.tell('shop', pods.healthy(1));

    await passAfter(10 * MINUTE);

    expect(intake.told()).toEqual([]);
  });

  it('is told once, a second time soon after, then every half an hour', async () => {
    watcher.tell('shop', pods.badImage(1));

    for (let minute = 0; minute < 66; minute += 1) {
      watcher.tell('shop', pods.badImage(1, minute % 2 === 0 ? 'ErrImagePull' : 'ImagePullBackOff'));
      await passAfter(MINUTE);
    }

    expect(intake.told()).toEqual([IMAGE, IMAGE, IMAGE, IMAGE]);
  });

  it('calls the owner that the pod names', async () => {
    watcher.tell('shop', pods.owned(1, { team: 'front' }));

    await passAfter(2 * MINUTE);

    expect(intake.batches[0]).toMatchObject([{ owner: 'front' }]);
  });

  it('is over half a minute after the pod has got over it', async () => {
    watcher.tell('shop', pods.badImage(1));
    await passAfter(2 * MINUTE);
    watcher.tell('shop', pods.healthy(1));
    await passAfter(29_000);
    const before = intake.told();

    await passAfter(1000);
    await passAfter(60 * MINUTE);

    expect(before).toEqual([IMAGE]);
    expect(intake.told()).toEqual([IMAGE, IMAGE_OVER]);
    expect(intake.batches[1]).toMatchObject([{ mapped: { alert: { endsAt: '2026-01-31T12:02:00.000Z' } } }]);
  });

  it('is over at once when the pod is gone', async () => {
    watcher.tell('shop', pods.badImage(1));
    await passAfter(2 * MINUTE);
    watcher.lose('shop', uidOf(1));

    await passAfter(1000);
    await passAfter(60 * MINUTE);

    expect(intake.told()).toEqual([IMAGE, IMAGE_OVER]);
  });

  it('goes on when it is away for a moment only', async () => {
    watcher.tell('shop', pods.badImage(1));
    await passAfter(2 * MINUTE);
    watcher.tell('shop', pods.healthy(1));
    await passAfter(20_000);
    watcher.tell('shop', pods.badImage(1));

    await passAfter(MINUTE);

    expect(intake.told()).toEqual([IMAGE]);
  });

  it('that turns into another one is told as the other one', async () => {
    watcher.tell('shop', pods.badImage(1));
    await passAfter(2 * MINUTE);
    watcher.tell('shop', pods.backOff(1, 2, clock.ms));

    await passAfter(1000);
    await passAfter(30_000);

    expect(intake.told()).toEqual([IMAGE, CRASH, IMAGE_OVER]);
  });
});

describe('a crash loop', () => {
  async function crash(times: number, from = 0): Promise<void> {
    for (let time = from; time < from + times; time += 1) {
      const died = clock.ms;
      watcher.tell('shop', pods.backOff(1, time, died));
      await passAfter(40_000);
      watcher.tell('shop', pods.rerun(1, time + 1, died));
      await passAfter(3000);
    }
  }

  it('is one trouble, however often the container runs and ends', async () => {
    await crash(10);

    expect(new Set(intake.told())).toEqual(new Set([CRASH]));
  });

  it('ends when a run outlasts those before', async () => {
    await crash(4);
    watcher.tell('shop', pods.rerun(1, 5, clock.ms));

    await passAfter(70_000);
    await passAfter(31_000);

    expect(intake.told().at(-1)).toBe(CRASH.replace('firing', 'resolved'));
  });

  it('that begins late has the same beginning after a restart of the bot', async () => {
    clock.advance(24 * 60 * MINUTE);
    const died = clock.now().toISOString();
    await crash(6, 1);
    const before = new Set(intake.told());
    watch.stop();
    watch = start();

    await crash(3, 7);

    const one = `firing KubewhyPodCrashLooping web-1 ${died}`;
    expect([before, new Set(intake.told())]).toEqual([new Set([one]), new Set([one])]);
  });

  it('that begins again after its end has another beginning', async () => {
    clock.advance(24 * 60 * MINUTE);
    await crash(6, 1);
    watcher.tell('shop', pods.healthy(1));
    await passAfter(1000);
    await passAfter(31_000);
    clock.advance(60 * MINUTE);
    const died = clock.now().toISOString();

    await crash(4, 9);

    expect(intake.told().at(-1)).toBe(`firing KubewhyPodCrashLooping web-1 ${died}`);
  });
});

describe('a second watch', () => {
  it('tells the same alerts as the first', async () => {
    const [first, second] = [new FakePodWatcher(), new FakePodWatcher()];
    const watches = [first, second].map(({ watchPods }) =>
      watchPodTrouble({ watchPods, intake, notes, clock, logger }, rules()),
    );
    for (const one of [first, second]) {
      one.tell('shop', pods.badImage(1), pods.backOff(2, 3, clock.ms));
    }
    clock.advance(2 * MINUTE);

    await Promise.all(watches.map((one) => one.pass()));

    const prints = intake.batches.map((batch) =>
      batch.map(({ mapped: { alert } }) => [alert.fingerprint, alert.startsAt]),
    );
    expect(prints).toHaveLength(2);
    expect(prints[0]).toEqual(prints[1]);
  });
});

describe('many troubles', () => {
  it('are stored in batches of at most 200', async () => {
    watcher.tell('shop', ...Array.from({ length: 450 }, (_, number) => pods.badImage(number)));

    await passAfter(2 * MINUTE);
    await passAfter(1000);

    expect(intake.batches.map((batch) => batch.length)).toEqual([200, 200, 50]);
  });
});

describe('a store that fails', () => {
  it('gets everything later, and is told of once', async () => {
    watcher.tell('shop', pods.badImage(1), pods.backOff(2, 3, clock.ms));
    intake.down = true;
    await passAfter(2 * MINUTE);
    await passAfter(5000);
    watcher.lose('shop', uidOf(2));
    await passAfter(5000);
    intake.down = false;

    await passAfter(5000);
    await passAfter(5000);

    expect(intake.told()).toEqual([IMAGE, `resolved KubewhyPodCrashLooping web-2 ${STARTED}`]);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});

describe('the rules', () => {
  it('decide which namespaces are watched; what is open in the others is over', async () => {
    watcher.tell('shop', pods.badImage(1));
    await passAfter(2 * MINUTE);
    watch.follow(rules({ crm: 10 }));

    await passAfter(1000);

    expect(watcher.watched()).toEqual(['crm']);
    expect(intake.told()).toEqual([IMAGE, IMAGE_OVER]);
  });

  it('without a channel: nothing is stored, and it is said once', async () => {
    const { channel: _channel, ...routing } = ROUTING;
    watch.follow({ ...rules(), routing });
    watcher.tell('shop', pods.badImage(1), pods.badImage(2));

    await passAfter(2 * MINUTE);
    await passAfter(2 * MINUTE);

    expect(intake.batches).toEqual([]);
    expect(logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('go nowhere') }]);
  });
});

describe('the state of a watch', () => {
  it('is known, and a missing permission is logged once', () => {
    const forbidden = { kind: 'forbidden', message: 'could not read pods' } as const;
    watcher.say('shop', forbidden);

    expect([...watch.states()]).toEqual([['shop', forbidden]]);
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        message: 'pods cannot be watched; it is tried again',
        fields: { namespace: 'shop', reason: 'could not read pods' },
      },
    ]);
  });

  it('is that of the API server in time: a clock that is ahead tells nothing early', async () => {
    watcher.listed('shop', new Date(clock.ms - 10 * MINUTE));
    watcher.tell('shop', podsFrom('shop', clock.ms - 11 * MINUTE).badImage(1));

    await passAfter(59_000);
    const before = intake.told().length;
    await passAfter(1000);

    expect([before, intake.told().length]).toEqual([0, 1]);
  });

  it('a pod that cannot be read is left out', async () => {
    watcher.tell(
      'shop',
      { metadata: { name: 'x', uid: 'y', namespace: 'shop' }, spec: null, status: null },
      pods.badImage(1),
    );

    await passAfter(2 * MINUTE);

    expect(intake.told()).toEqual([IMAGE]);
  });

  it('stopping ends the watches and no trouble', async () => {
    watcher.tell('shop', pods.badImage(1));
    await passAfter(2 * MINUTE);

    watch.stop();
    await passAfter(1000);

    expect([watcher.watched(), intake.told()]).toEqual([[], [IMAGE]]);
  });
});
