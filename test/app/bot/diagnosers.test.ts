import { expect, it } from 'vitest';
import type { RunningDiagnoser } from '../../../src/app/bot/diagnoser.ts';
import { type DiagnosersOptions, startDiagnosers } from '../../../src/app/bot/diagnosers.ts';
import { openStores } from '../../../src/app/bot/stores.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import type { Settings } from '../../../src/config/settings.ts';
import { SpyMetrics } from '../../adapters/slack/fakes.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

function settingsWith(names: readonly string[], questionExpirySeconds = 300): Settings {
  const clusters = names.map((name, index) => ({ name, context: name, default: index === 0 }));
  const parsed = parseSettings({ clusters, limits: { questionExpirySeconds } });
  if (parsed.kind !== 'valid') {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.settings;
}

function options(startOne: DiagnosersOptions['startOne']): DiagnosersOptions {
  const logger = new RecordingLogger();
  const settings = settingsWith(['prod']);
  const stores = openStores('redis://127.0.0.1:1', settings, logger);
  stores.redis.close();
  return {
    redisUrl: '',
    settings,
    config: parseConfig({}),
    stores,
    playbooks: { current: async () => ({ playbooks: [], digest: '' }), reload: async () => undefined },
    logger,
    metrics: new SpyMetrics(),
    ...(startOne === undefined ? {} : { startOne }),
  };
}

function running(cluster: string): RunningDiagnoser {
  return { cluster, isReady: () => true, stop: async () => undefined };
}

it('a cluster whose diagnoser could not be started after a change is not ready, until it can', async () => {
  let broken = true;
  const diagnosers = await startDiagnosers(
    options(async ({ name }) => {
      if (name === 'staging' && broken) {
        throw new Error('no such context');
      }
      return running(name);
    }),
  );

  await diagnosers.follow(settingsWith(['prod', 'staging']));
  const failed = diagnosers.readiness();
  broken = false;
  await diagnosers.follow(settingsWith(['prod', 'staging']));

  expect(failed).toEqual([
    { name: 'diagnoser of prod', ok: true },
    { name: 'diagnoser of staging', ok: false, detail: 'it could not be started; the log says why' },
  ]);
  expect(diagnosers.readiness()).toEqual([
    { name: 'diagnoser of prod', ok: true },
    { name: 'diagnoser of staging', ok: true },
  ]);
});

it('a changed expiry holds for diagnosers that go on', async () => {
  const seconds: (() => number)[] = [];
  const diagnosers = await startDiagnosers(
    options(async ({ name }, { current }) => {
      seconds.push(() => current().limits.questionExpirySeconds);
      return running(name);
    }),
  );

  await diagnosers.follow(settingsWith(['prod'], 60));

  expect(seconds.map((read) => read())).toEqual([60]);
});
