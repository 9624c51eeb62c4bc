import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { hasAlertmanager } from '../alertmanager/start-alertmanager.ts';
import {
  type AlertmanagerWorld,
  FIRST_POD,
  openAlertmanagerWorld,
  parentSaying,
  raise,
  SECOND_POD,
} from './alertmanager-talk.ts';
import { parents, replies, seen } from './alerts-talk.ts';

const OUTAGE_MS = 120_000;
const TEST_MS = OUTAGE_MS + 180_000;

const OTHER = {
  alertname: 'KubeDeploymentReplicasMismatch',
  namespace: 'shop',
  deployment: 'billing',
  job: 'kube-state-metrics',
  severity: 'warning',
};
const BRIEF = { ...OTHER, deployment: 'checkout' };

let here: AlertmanagerWorld;

afterEach(async () => {
  const problems = here.world.slack.problems();
  await here.close();
  expect(problems).toEqual([]);
});

describe.runIf(hasAlertmanager())('a bot that is down for two minutes', () => {
  it(
    'loses nothing: what ended is told as over, what began is there, and what goes on goes on',
    async () => {
      here = await openAlertmanagerWorld(2);
      const { world, alertmanagers } = here;
      const startsAt = new Date(Date.now() - 60_000);
      const first = await world.start();
      await raise(alertmanagers, [FIRST_POD, SECOND_POD], { startsAt });
      const before = await parentSaying(world, 'blog-api', '2 firing');

      await first.stop();
      await pause(OUTAGE_MS / 4);
      await raise(alertmanagers, [FIRST_POD], { startsAt, endsAt: new Date() });
      const began = new Date();
      await raise(alertmanagers, [OTHER, BRIEF], { startsAt: began });
      await pause(OUTAGE_MS / 4);
      await raise(alertmanagers, [BRIEF], { startsAt: began, endsAt: new Date() });
      await pause(OUTAGE_MS / 2);
      const sentWhileDown = world.slack.sent().length;
      await world.start();
      const partly = await parentSaying(world, 'blog-api', '1 of 2 firing');
      const other = await seen(world, () =>
        parents(world).find(({ blocks }) => JSON.stringify(blocks).includes('shop/billing')),
      );
      await raise(alertmanagers, [SECOND_POD], { startsAt, endsAt: new Date() });
      await raise(alertmanagers, [OTHER], { startsAt: began, endsAt: new Date() });
      const over = await parentSaying(world, 'blog-api', 'Resolved:');
      await seen(world, () => parents(world).find(({ ts, text }) => ts === other.ts && text.includes('Resolved:')));
      const told = await seen(world, () => {
        const texts = replies(world, over).map(({ text }) => text);
        return texts.some((text) => text.includes('resolved')) ? texts : undefined;
      });

      expect([partly.ts, over.ts]).toEqual([before.ts, before.ts]);
      expect(sentWhileDown).toBeGreaterThan(0);
      expect(told.filter((text) => text.includes('All 2 alerts are resolved.'))).toHaveLength(1);
      // After a start nobody stands in for a diagnoser that is about to report.
      expect(JSON.stringify(world.slack.sent().map(({ versions }) => versions))).not.toContain('does not answer');
      // What began and ended while nobody listened was never there when somebody looked.
      expect(parents(world)).toHaveLength(2);
    },
    TEST_MS,
  );
});
