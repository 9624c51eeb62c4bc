import { expect, it, onTestFinished } from 'vitest';
import { podTroubleRules, startPodWatch } from '../../../src/app/bot/pod-watch.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import type { Settings } from '../../../src/config/settings.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeNoteStore } from '../../fakes/fake-note-store.ts';
import { FakePodWatcher } from '../../fakes/fake-pod-watcher.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

function settingsWith(watch: readonly object[]): Settings {
  const clusters = [{ name: 'prod', default: true }, { name: 'stage' }];
  const parsed = parseSettings({ clusters, alerts: { watch } });
  if (parsed.kind !== 'valid') {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.settings;
}

it('the rules are those of the cluster, with the shorter of two delays', () => {
  const settings = settingsWith([
    { namespaces: ['shop', 'crm'], afterSeconds: 60 },
    { namespaces: ['shop'], clusters: ['prod'], afterSeconds: 30 },
    { namespaces: ['lab'], clusters: ['stage'] },
  ]);

  const rules = podTroubleRules('prod', settings);

  expect(rules).toEqual({
    namespaces: new Map([
      ['shop', 30],
      ['crm', 60],
    ]),
    clusters: { clusters: ['prod', 'stage'], clusterLabel: 'cluster', clusterNames: {}, senderCluster: 'prod' },
    routing: settings.alerts,
  });
});

it('says how each watch stands without being unready', async () => {
  const watcher = new FakePodWatcher();
  const settings = settingsWith([{ namespaces: ['shop', 'crm', 'lab'] }]);
  const watch = startPodWatch('prod', {
    watchPods: watcher.watchPods,
    stores: {
      alerts: { accept: async () => ({ changed: 0, repeated: 0 }) },
      notes: new FakeNoteStore(new FakeClock()),
    },
    current: () => settings,
    logger: new RecordingLogger(),
  });
  onTestFinished(() => watch.stop());

  watcher.say('shop', { kind: 'watching', beyond: false });
  watcher.say('crm', { kind: 'forbidden', message: 'could not read pods' });

  expect(watch.readiness()).toEqual([
    { name: 'watch of pods in prod/shop', ok: true },
    { name: 'watch of pods in prod/crm', ok: true, detail: 'it does not work: could not read pods' },
    { name: 'watch of pods in prod/lab', ok: true, detail: 'it is starting' },
  ]);
});

it('stopping ends every watch', async () => {
  const watcher = new FakePodWatcher();
  const settings = settingsWith([{ namespaces: ['shop'] }]);
  const watch = startPodWatch('prod', {
    watchPods: watcher.watchPods,
    stores: {
      alerts: { accept: async () => ({ changed: 0, repeated: 0 }) },
      notes: new FakeNoteStore(new FakeClock()),
    },
    current: () => settings,
    logger: new RecordingLogger(),
  });

  await watch.stop();

  expect(watcher.watched()).toEqual([]);
});
