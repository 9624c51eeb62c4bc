import { describe, expect, it } from 'vitest';
import { type Fault, play, type Step } from './triage-faults.ts';
import { alertAbout, withBadImage, withoutConfig } from './triage-stage.ts';

const AGAIN = '2026-01-31T12:45:00.000Z';

/** Alerts come, one incident joins another, more alerts join, all is over, and comes again. */
const LIFE: readonly Step[] = [
  {
    minutes: 0,
    act: async (stage) => {
      stage.pods.set('web', withoutConfig('web', 'app'));
      stage.pods.set('db', withBadImage('db'));
      await stage.come(alertAbout('web'), alertAbout('db'));
    },
  },
  {
    minutes: 12,
    act: async (stage) => {
      stage.pods.set('db', withoutConfig('db', 'app'));
    },
  },
  {
    minutes: 12,
    act: async (stage) => {
      stage.pods.set('api', withoutConfig('api', 'app'));
      await stage.come(alertAbout('api'));
    },
  },
  {
    minutes: 12,
    act: async (stage) => {
      await stage.come(...['web', 'db', 'api'].map((name) => alertAbout(name, { status: 'resolved' })));
    },
  },
  {
    minutes: 10,
    act: async (stage) => {
      await stage.come(alertAbout('web', { startsAt: AGAIN }));
    },
  },
];

/** Too many at once, and calm. */
const STORM: readonly Step[] = [
  {
    minutes: 0,
    act: async (stage) => {
      stage.settings = { ...stage.settings, incidentsPerMinute: 2 };
      const names = Array.from({ length: 3 }, (_, index) => `web${index}`);
      for (const name of names) {
        stage.pods.set(name, withoutConfig(name, name));
      }
      await stage.come(...names.map((name) => alertAbout(name)));
    },
  },
  { minutes: 10, act: async () => undefined },
  {
    minutes: 10,
    act: async (stage) => {
      await stage.come(...['web0', 'web2'].map((name) => alertAbout(name, { status: 'resolved' })));
    },
  },
];

const SCENARIOS = [
  ['in the life of incidents', LIFE],
  ['in a storm', STORM],
] as const;

/** Calls at which something else comes out in the end; every so manyth one is tried, the first of them being `first`. */
async function differing(steps: readonly Step[], kind: Fault, { first, every }: { first: number; every: number }) {
  const usual = await play(steps);
  const found: number[] = [];
  for (let at = first; at <= usual.calls; at += every) {
    const { end } = await play(steps, { at, kind });
    if (JSON.stringify(end) !== JSON.stringify(usual.end)) {
      found.push(at);
    }
  }
  return { found, calls: usual.calls };
}

describe.each(SCENARIOS)('any call, %s,', (_, steps) => {
  it('that is not done changes nothing in the end', { timeout: 90_000 }, async () => {
    const { found, calls } = await differing(steps, 'before', { first: 1, every: 2 });

    expect(calls).toBeGreaterThan(50);
    expect(found).toEqual([]);
  });

  it('that is done without an answer changes nothing in the end', { timeout: 90_000 }, async () => {
    const { found } = await differing(steps, 'after', { first: 2, every: 2 });

    expect(found).toEqual([]);
  });

  it('at which somebody else takes over changes nothing in the end', { timeout: 90_000 }, async () => {
    const { found } = await differing(steps, 'takeover', { first: 3, every: 4 });

    expect(found).toEqual([]);
  });
});
