import { afterEach, describe, expect, it, vi } from 'vitest';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { Incident } from '../../../src/core/triage/incident.ts';
import type { Asking } from '../../../src/usecases/triage/triage-deps.ts';
import { alertAbout, TriageStage, withBadImage, withoutConfig } from './triage-stage.ts';

const NOBODY: Asking = { kind: 'nobody', reason: 'the diagnoser of the cluster does not answer' };

afterEach(() => {
  vi.useRealTimers();
});

/** Two incidents that are shown, of which the younger one turns out to have the cause of the older one. */
async function growingTogether(): Promise<TriageStage> {
  const stage = new TriageStage();
  stage.pods.set('web', withoutConfig('web', 'app'));
  stage.pods.set('db', withBadImage('db'));
  await stage.come(alertAbout('web'));
  await stage.settle();
  await stage.come(alertAbout('db'));
  await stage.settle();
  stage.pods.set('db', withoutConfig('db', 'app'));
  return stage;
}

function cardOf(stage: TriageStage, { id }: Pick<Incident, 'id'>) {
  return stage.told('incident').find(({ incident }) => incident.incident.id === id)?.incident;
}

function manyAlerts(stage: TriageStage, count: number) {
  const names = Array.from({ length: count }, (_, index) => `web${index}`);
  for (const name of names) {
    stage.pods.set(name, withoutConfig(name, name));
  }
  return names.map((name) => alertAbout(name));
}

describe('a burst of alerts', () => {
  it('is told when it is known which of them belong together', async () => {
    const stage = new TriageStage();
    const names = Array.from({ length: 30 }, (_, index) => `web${index}`);
    names.forEach((name) => stage.pods.set(name, withoutConfig(name, 'app')));
    stage.settings = { ...stage.settings, incidentsPerMinute: 100 };
    await stage.come(...names.map((name) => alertAbout(name)));

    await stage.settle();

    expect(stage.told('incident')).toHaveLength(1);
    expect(await stage.incident()).toMatchObject({ firing: 30, causes: [{ blames: 'ConfigMap shop/app' }] });
  });
});

describe('two alerts with one cause', () => {
  it('are one incident with one answer', async () => {
    const stage = new TriageStage();
    stage.pods.set('web', withoutConfig('web', 'app'));
    stage.pods.set('db', withoutConfig('db', 'app'));
    await stage.come(alertAbout('web'), alertAbout('db'));

    await stage.settle();

    expect(await stage.incident()).toMatchObject({ firing: 2, total: 2, causes: [{ blames: 'ConfigMap shop/app' }] });
    expect(stage.told('incident')).toHaveLength(1);
    expect(stage.told('answer')).toHaveLength(1);
  });

  it('become one when that is found out later: the younger message says where it goes on, once', async () => {
    const stage = await growingTogether();

    await stage.later(2);
    await stage.later(3);

    const [older, younger] = (await stage.incidents()).map(({ incident }) => incident);
    if (older === undefined || younger === undefined) {
      throw new Error('there are not two incidents');
    }
    expect(older).toMatchObject({ state: 'open', firing: 2, total: 2 });
    expect(younger).toMatchObject({ state: 'resolved', resolvedBy: 'merged', mergedInto: older.id });
    expect(cardOf(stage, younger)).toMatchObject({
      incident: { resolvedBy: 'merged' },
      mergedThread: stage.outbox.rows.get(older.id)?.posted,
    });
    const texts = stage.told('incident-event').map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith('It goes on in another thread'))).toHaveLength(1);
    expect(texts.filter((text) => text.includes('joined'))).toHaveLength(1);
  });

  it('leave no message of the younger one that was not posted yet', async () => {
    const stage = new TriageStage();
    stage.pods.set('web', withoutConfig('web', 'app'));
    stage.pods.set('db', withBadImage('db'));
    await stage.come(alertAbout('web'));
    await stage.pass();
    await stage.come(alertAbout('db'));
    await stage.pass();
    stage.pods.set('db', withoutConfig('db', 'app'));

    await stage.later(2);

    const posted = [...stage.outbox.rows.values()].filter((row) => row.posted !== undefined);
    expect(posted.flatMap(({ delivery }) => (delivery.content.kind === 'incident' ? delivery.key : []))).toEqual([
      (await stage.store.open('prod'))[0],
    ]);
  });
});

describe('too many incidents at once', () => {
  it('are shown in one digest with the answers of some, and none of them has a message', async () => {
    const stage = new TriageStage();
    await stage.come(...manyAlerts(stage, 8));

    await stage.settle();

    expect(stage.told('digest')).toMatchObject([{ digest: { state: 'storm', firing: 8, total: 8, objects: 8 } }]);
    expect(stage.told('incident')).toEqual([]);
    expect(stage.told('incident-event').every(({ mentions }) => mentions.length === 1)).toBe(true);
    expect(stage.told('answer')).toHaveLength(5);
    expect(await stage.store.open('prod')).toHaveLength(8);
  });

  it('get messages of their own after calm, which the digest links to', async () => {
    const stage = new TriageStage();
    await stage.come(...manyAlerts(stage, 8));
    await stage.settle();

    stage.clock.advance(6 * 60_000);
    await stage.pass({}, true);
    await stage.settle();

    const [digest] = stage.told('digest');
    expect(stage.told('incident')).toHaveLength(5);
    expect(digest?.digest.state).toBe('calm');
    expect(digest?.digest.rows.filter(({ thread }) => thread !== undefined)).toHaveLength(5);
  });

  it('are a calm digest once all of them are over', async () => {
    const stage = new TriageStage();
    const alerts = manyAlerts(stage, 8);
    await stage.come(...alerts);
    await stage.settle();

    await stage.come(
      ...alerts.map(({ mapped }) => alertAbout(mapped.alert.labels['pod'] ?? '', { status: 'resolved' })),
    );
    await stage.settle();

    expect(stage.told('digest')).toMatchObject([{ digest: { state: 'calm', firing: 0 } }]);
    expect(stage.told('incident')).toEqual([]);
  });
});

describe('a cluster that is slow', () => {
  it('makes nobody wait: the alert is told before its cause, which is added', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stage = new TriageStage();
    stage.pods.set('web', withoutConfig('web', 'app'));
    const { promise: slow, resolve: answer } = Promise.withResolvers<void>();
    let opened = 0;
    stage.openReader = async () => {
      opened += 1;
      await (opened > 1 ? slow : undefined);
      return stage.reader();
    };
    await stage.come(alertAbout('web'));

    const passing = stage.pass();
    await vi.advanceTimersByTimeAsync(3100);
    const early = stage.told('incident').map(({ incident }) => incident.incident.causes.length);
    answer();
    await passing;
    vi.useRealTimers();
    await stage.settle();

    expect(early).toEqual([0]);
    expect(stage.told('incident').map(({ incident }) => incident.incident.causes.length)).toEqual([1]);
    expect(stage.told('answer')).toHaveLength(1);
    expect(stage.metrics.counts).toEqual(['incidents_total state=opened']);
  });

  it('is told of at once where many are new, but only when it is known which belong together', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stage = new TriageStage();
    const { promise: slow, resolve: answer } = Promise.withResolvers<void>();
    const alerts = manyAlerts(stage, 8);
    stage.openReader = async () => {
      await slow;
      return stage.reader();
    };
    await stage.come(...alerts);

    const passing = stage.pass();
    await vi.advanceTimersByTimeAsync(3100);
    const early = stage.outbox.deliveries.length;
    answer();
    await vi.advanceTimersByTimeAsync(3100);
    await passing;

    expect(early).toBe(0);
  });
});

describe('a cluster that nobody asks', () => {
  it('is told of with the reason, and looked at once somebody does', async () => {
    const stage = new TriageStage();
    stage.pods.set('web', withoutConfig('web', 'app'));
    await stage.come(alertAbout('web'));

    await stage.settle({ asking: NOBODY });
    const before = await stage.incident();
    await stage.later(2);

    expect(before.roots).toMatchObject([{ look: 'impossible', reason: NOBODY.reason }]);
    expect(stage.looked).toContain('web');
    expect(await stage.incident()).toMatchObject({
      roots: [{ look: 'done', cause: expect.stringContaining('ConfigMap shop/app') }],
      causes: [{ code: 'missing-configmap-or-secret' }],
    });
    expect(stage.told('answer')).toHaveLength(1);
  });

  it('keeps what could not be mapped apart, each with its own reason', async () => {
    const stage = new TriageStage();
    const target = { kind: 'unmapped', reason: 'no label names an object' } as const;
    const alerts = ['a', 'b'].map((name) => {
      const alert = alertAbout(name);
      return { ...alert, mapped: { ...alert.mapped, target } };
    });
    await stage.come(...alerts);

    await stage.settle({ asking: NOBODY });

    const roots = (await stage.incidents()).flatMap(({ incident }) => incident.roots);
    expect(roots.map(({ key, reason }) => [key, reason])).toEqual([
      ['unmapped fp-a', target.reason],
      ['unmapped fp-b', target.reason],
    ]);
  });

  it('is told of with what went wrong when it cannot even be opened', async () => {
    const stage = new TriageStage();
    const { openReader } = stage;
    stage.pods.set('web', withoutConfig('web', 'app'));
    stage.openReader = async () => {
      throw new KubewhyError('KUBECONFIG_INVALID', { message: 'The kubeconfig has no context "prod".' });
    };
    await stage.come(alertAbout('web'));

    await stage.settle();
    const before = await stage.incident();
    stage.openReader = openReader;
    await stage.later(2);

    expect(before.roots).toMatchObject([{ look: 'impossible', reason: 'The kubeconfig has no context "prod"' }]);
    expect((await stage.incident()).roots).toMatchObject([
      { look: 'done', cause: expect.stringContaining('ConfigMap shop/app') },
    ]);
  });
});
