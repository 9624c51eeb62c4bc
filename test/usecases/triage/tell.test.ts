import { describe, expect, it } from 'vitest';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import { tellAll } from '../../../src/usecases/triage/tell-all.ts';
import { alertAbout, TriageStage, withBadImage, withoutConfig } from './triage-stage.ts';

const HOUR_MS = 3_600_000;

/** An incident that is stored and put, and not posted yet. */
async function put(): Promise<{ readonly stage: TriageStage; readonly id: string }> {
  const stage = new TriageStage();
  stage.pods.set('web', withoutConfig('web', 'web'));
  await stage.come(alertAbout('web'));
  await stage.pass();
  const { id } = await stage.incident();
  return { stage, id };
}

function callsOf(stage: TriageStage): number {
  return stage.told('incident-event').filter(({ mentions }) => mentions.length > 0).length;
}

describe('while an incident is snoozed', () => {
  it('its message is edited, and nothing is said in its thread until the snooze ends', async () => {
    const { stage, id } = await put();
    await stage.store.snooze(id, 'U1', HOUR_MS);
    await stage.settle();
    stage.pods.set('web', withBadImage('web'));

    await stage.later(2);
    const during = stage.outbox.deliveries.map(({ content }) => content.kind);
    const shown = stage.told('incident')[0]?.incident;
    await stage.later(61);

    expect(during).toEqual(['incident']);
    expect(shown).toMatchObject({
      people: { snoozed: { user: 'U1' } },
      incident: { causes: [{ code: 'invalid-image-name' }] },
    });
    expect(callsOf(stage)).toBe(1);
    expect(stage.told('answer')).toHaveLength(1);
    expect(stage.told('incident-event').some(({ text }) => text.includes('not a valid image name'))).toBe(true);
  });
});

describe('the owner of an incident', () => {
  it('is not called once somebody has acknowledged it', async () => {
    const { stage, id } = await put();

    await stage.store.acknowledge(id, 'U1');
    await stage.settle();

    expect(callsOf(stage)).toBe(0);
    expect(stage.told('answer')).toHaveLength(1);
  });

  it('is not called when it is over before anything could be posted', async () => {
    const { stage } = await put();

    await stage.come(alertAbout('web', { status: 'resolved' }));
    await stage.settle();

    expect(callsOf(stage)).toBe(0);
    expect(stage.told('incident')).toMatchObject([{ incident: { incident: { state: 'resolved' } } }]);
  });

  it('is not called in a mute window', async () => {
    const stage = new TriageStage();
    stage.pods.set('web', withoutConfig('web', 'web'));

    await stage.come(alertAbout('web', { change: { muted: 'nights' } }));
    await stage.settle();

    expect(callsOf(stage)).toBe(0);
  });
});

describe('a workspace that is not known yet', () => {
  it('is told nothing, and everything once it is known', async () => {
    const stage = new TriageStage();
    stage.pods.set('web', withoutConfig('web', 'web'));
    stage.workspace = undefined;
    await stage.come(alertAbout('web'));

    const end = await stage.pass();
    const before = stage.outbox.deliveries.length;
    stage.workspace = { team: 'T1', botUser: 'UBOT' };
    await stage.settle();

    expect([end, before]).toEqual(['untold', 0]);
    expect(stage.told('incident')).toHaveLength(1);
    expect(stage.told('answer')).toHaveLength(1);
  });
});

describe('telling', () => {
  it('edits one message now and then only', async () => {
    const { stage, id } = await put();
    await stage.settle();
    const versionNow = (): number => stage.outbox.rows.get(id)?.delivery.version ?? 0;

    await stage.store.acknowledge(id, 'U1');
    await stage.pass();
    const first = versionNow();
    await stage.store.snooze(id, 'U1', HOUR_MS);
    await stage.pass();
    const tooSoon = versionNow();
    stage.clock.advance(2000);
    await stage.pass();

    expect([tooSoon - first, versionNow() - first]).toEqual([0, 1]);
  });

  it('asks more and more seldom for what the chat does not post', async () => {
    const { stage } = await put();
    const posted = stage.outbox.posted.bind(stage.outbox);
    let asked = 0;
    stage.outbox.posted = async (key) => {
      asked += 1;
      return posted(key);
    };

    for (let passes = 0; passes < 200; passes += 1) {
      stage.clock.advance(300);
      await stage.pass();
    }

    expect(asked).toBeLessThan(20);
  });

  it('goes on when the clock is set back', async () => {
    const { stage } = await put();
    await stage.post();

    stage.clock.advance(-HOUR_MS);
    const end = await stage.pass();

    expect(end).toBe('done');
  });

  it('does not let one that cannot be told keep others from being told, and says so once', async () => {
    const stage = new TriageStage();
    stage.pods.set('web', withoutConfig('web', 'web'));
    stage.pods.set('db', withoutConfig('db', 'db'));
    await stage.come(alertAbout('web'), alertAbout('db'));
    const putOne = stage.outbox.put.bind(stage.outbox);
    let refused = '';
    stage.outbox.put = async (delivery) => {
      refused = refused === '' ? delivery.key : refused;
      if (delivery.key === refused) {
        throw new KubewhyError('BUG', { message: 'Too large.' });
      }
      return putOne(delivery);
    };

    await stage.pass();
    stage.clock.advance(6000);
    const end = await stage.pass();

    expect(end).toBe('untold');
    expect(stage.told('incident')).toHaveLength(1);
    expect(stage.logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'an incident could not be told', fields: { incident: refused } },
    ]);
  });

  it('takes what is not known any more as told', async () => {
    const stage = new TriageStage();
    const lease = await stage.store.take('prod', 'a');
    if (lease === undefined) {
      throw new Error('no lease');
    }

    const rest = await tellAll({ lease, memory: stage.memory }, ['i-gone', 'd-gone'], stage.deps());

    expect({ rest, put: stage.outbox.deliveries }).toEqual({ rest: [], put: [] });
  });

  it('remembers only so many', async () => {
    const stage = new TriageStage();
    const lease = await stage.store.take('prod', 'a');
    if (lease === undefined) {
      throw new Error('no lease');
    }
    stage.outbox.withdraw = async () => false;
    const ids = Array.from({ length: 3000 }, (_, index) => `i-${index}`);

    await tellAll({ lease, memory: stage.memory }, ids, stage.deps());

    expect(stage.memory.size).toBe(2000);
  });

  it('passes on that the store does not answer', async () => {
    const { stage } = await put();
    stage.clock.advance(6000);
    stage.outbox.down = true;

    await expect(stage.pass()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

describe('a pass without anything to do', () => {
  it('asks the store once', async () => {
    const { stage } = await put();
    await stage.settle();
    const calls: string[] = [];
    const store = new Proxy(stage.store, {
      get(target, name, receiver) {
        calls.push(String(name));
        const value: unknown = Reflect.get(target, name, receiver);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });

    const end = await stage.pass({ store });

    expect({ end, calls }).toEqual({ end: 'done', calls: ['take', 'work', 'release'] });
  });
});
