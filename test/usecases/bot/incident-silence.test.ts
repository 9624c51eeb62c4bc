import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/core/triage/incident.ts';
import { createBot } from '../../../src/usecases/bot/create-bot.ts';
import { INCIDENT_ID, sampleIncident } from '../../core/triage/incident-samples.ts';
import { act, type BotStage, openBotStage, SETTINGS } from './bot-stage.ts';

const NAME = 'alertname="KubePodCrashLooping"';
const ALL = { matchers: [NAME], everyCluster: true };

let stage: BotStage;

beforeAll(async () => {
  stage = await openBotStage();
});
beforeEach(() => stage.reset());
afterAll(() => stage.close());

interface Given {
  readonly incident?: Partial<Incident>;
  readonly clusterNames?: Readonly<Record<string, string>>;
  readonly clusters?: readonly string[];
}

describe('the window for a silence', () => {
  it.each<[string, Given, object]>([
    [
      'what its label says',
      { clusterNames: { 'eu-1': 'prod', 'eu-2': 'prod' } },
      { matchers: [NAME, 'cluster=~"eu-1|eu-2"'] },
    ],
    ['its own name', { clusterNames: { us: 'staging' } }, { matchers: [NAME, 'cluster="prod"'] }],
    ['nothing where its name means another one', { clusterNames: { prod: 'staging' } }, ALL],
    ['nothing where it is not known', { incident: { cluster: '' } }, ALL],
    ['nothing where it is the only one', { clusters: ['prod'] }, { matchers: [NAME] }],
  ])(
    'names the cluster by %s',
    async (_what, { incident, clusterNames = {}, clusters = SETTINGS.clusters }, expected) => {
      const record = { incident: sampleIncident({ roots: [], ...incident }), people: { silences: [] }, revision: 1 };
      stage.desk.records.set(INCIDENT_ID, record);
      stage.world.settings = { ...SETTINGS, clusters, incidents: { ...SETTINGS.incidents, clusterNames } };

      const prepared = await createBot(stage.deps).prepareSilence(act(), INCIDENT_ID);

      const { matchers, everyCluster } = prepared.kind === 'form' ? prepared.form : {};
      expect({ matchers, everyCluster }).toEqual(expected);
    },
  );
});
