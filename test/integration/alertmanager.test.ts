import { afterEach, describe, expect, it } from 'vitest';
import { hasAlertmanager } from '../alertmanager/start-alertmanager.ts';
import {
  type AlertmanagerWorld,
  FIRST_POD,
  openAlertmanagerWorld,
  parentSaying,
  raise,
  receivedAlerts,
  SECOND_POD,
  until,
} from './alertmanager-talk.ts';
import { parents, replies, seen, untilTold } from './alerts-talk.ts';

const TEST_MS = 120_000;
const CAUSE = 'blog-api-appsettings';

let here: AlertmanagerWorld;

afterEach(async () => {
  const problems = here.world.slack.problems();
  await here.close();
  expect(problems).toEqual([]);
});

describe.runIf(hasAlertmanager())('Alertmanager', () => {
  it(
    'fires, repeats, ends in parts and as a whole, and fires again: one thread that says each of it once',
    async () => {
      here = await openAlertmanagerWorld();
      const { world, alertmanagers } = here;
      const bot = await world.start();
      const startsAt = new Date(Date.now() - 60_000);

      await raise(alertmanagers, [FIRST_POD, SECOND_POD], { startsAt });
      const fired = await parentSaying(world, CAUSE, '2 firing');
      await seen(world, () => replies(world, fired).length > 0);
      await untilTold(world);
      const before = { versions: parents(world)[0]?.versions.length, sent: world.slack.sent().length };
      await until(async () => (await receivedAlerts(bot, 'repeated')) >= 6);
      const after = { versions: parents(world)[0]?.versions.length, sent: world.slack.sent().length };
      await raise(alertmanagers, [FIRST_POD], { startsAt, endsAt: new Date() });
      const partly = await parentSaying(world, CAUSE, '1 of 2 firing');
      await raise(alertmanagers, [SECOND_POD], { startsAt, endsAt: new Date() });
      const resolved = await parentSaying(world, CAUSE, 'Resolved:');
      await raise(alertmanagers, [FIRST_POD], { startsAt: new Date() });
      const again = await parentSaying(world, CAUSE, '1 of 2 firing');
      const told = await seen(world, () => {
        const texts = replies(world, again).map(({ text }) => text);
        return texts.some((text) => text.includes('fires again')) ? texts : undefined;
      });

      expect(after).toEqual(before);
      expect([partly.ts, resolved.ts, again.ts]).toEqual([fired.ts, fired.ts, fired.ts]);
      expect(parents(world)).toHaveLength(1);
      expect(told.filter((text) => text.includes('All 2 alerts are resolved.'))).toHaveLength(1);
      expect(told.filter((text) => text.includes('fires again'))).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'in two replicas that know nothing of each other makes one thread, with each event once',
    async () => {
      here = await openAlertmanagerWorld(2);
      const { world, alertmanagers } = here;
      const bot = await world.start();
      const startsAt = new Date(Date.now() - 60_000);

      await raise(alertmanagers, [FIRST_POD, SECOND_POD], { startsAt });
      const fired = await parentSaying(world, CAUSE, '2 firing');
      await raise(alertmanagers, [FIRST_POD, SECOND_POD], { startsAt, endsAt: new Date() });
      const resolved = await parentSaying(world, CAUSE, 'Resolved:');
      await until(async () => (await receivedAlerts(bot, 'repeated')) >= 4);
      const told = await seen(world, () => {
        const texts = replies(world, resolved).map(({ text }) => text);
        return texts.some((text) => text.includes('resolved')) ? texts : undefined;
      });

      expect(resolved.ts).toBe(fired.ts);
      expect(parents(world)).toHaveLength(1);
      expect(told.filter((text) => text.includes('All 2 alerts are resolved.'))).toHaveLength(1);
      expect(await receivedAlerts(bot, 'changed')).toBe(4);
    },
    TEST_MS,
  );

  it(
    'gets a silence from a click and its end from another, and the parent shows both',
    async () => {
      here = await openAlertmanagerWorld(1, { people: { silence: ['U0ALICE01'] } });
      const { world, alertmanagers } = here;
      await world.start();
      await raise(alertmanagers, [FIRST_POD, SECOND_POD]);
      const { channel, ts } = await parentSaying(world, CAUSE);

      await world.slack.drivers.action({ place: { channel, ts }, actionId: 'incident.silence' });
      const window = await seen(world, () =>
        world.slack.views().find((view) => JSON.stringify(view.blocks).includes('silence-comment')),
      );
      const matchers = initialMatchers(window.blocks);
      await world.slack.drivers.submit({ viewId: window.id, values: silenceValues(matchers) });
      const silenced = await seen(world, () =>
        parents(world).find(({ blocks }) => JSON.stringify(blocks).includes('Silence in Alertmanager until')),
      );
      const made = await silences(here);
      await world.slack.drivers.action({ place: { channel, ts }, actionId: 'incident.unsilence:0' });
      const ended = await seen(world, () =>
        parents(world).find(({ blocks }) => JSON.stringify(blocks).includes('was ended by')),
      );
      const expired = await silences(here);

      expect(matchers).toContain('alertname="KubePodCrashLooping"');
      expect(made).toEqual([
        {
          state: 'active',
          comment: expect.stringContaining('a rollout is under way'),
          createdBy: expect.stringContaining('U0ALICE01'),
        },
      ]);
      expect([silenced.ts, ended.ts]).toEqual([ts, ts]);
      expect(expired.map(({ state }) => state)).toEqual(['expired']);
      expect(parents(world)).toHaveLength(1);
    },
    TEST_MS,
  );
});

interface ShownSilence {
  readonly state: string;
  readonly comment: string;
  readonly createdBy: string;
}

/** What Alertmanager itself says. */
async function silences({ alertmanager }: AlertmanagerWorld): Promise<readonly ShownSilence[]> {
  const response = await fetch(`${alertmanager.url}/api/v2/silences`);
  const found = (await response.json()) as readonly {
    readonly status: { readonly state: string };
    readonly comment: string;
    readonly createdBy: string;
  }[];
  return found.map(({ status, comment, createdBy }) => ({ state: status.state, comment, createdBy }));
}

/** What the window proposes. */
function initialMatchers(blocks: readonly Readonly<Record<string, unknown>>[]): string {
  const block = blocks.find(({ block_id }) => block_id === 'silence-matchers');
  return (block?.['element'] as { readonly initial_value?: string } | undefined)?.initial_value ?? '';
}

function silenceValues(matchers: string) {
  return {
    'silence-alertmanager': { alertmanager: { type: 'static_select', selected_option: { value: 'main' } } },
    'silence-matchers': { matchers: { type: 'plain_text_input', value: matchers } },
    'silence-duration': { duration: { type: 'static_select', selected_option: { value: '60' } } },
    'silence-comment': { comment: { type: 'plain_text_input', value: 'a rollout is under way' } },
  };
}
