import { alertProblems } from './alert-cross-checks.ts';
import { remediationProblems } from './remediation-cross-checks.ts';
import type { Settings, SettingsPath, SettingsProblem } from './settings.ts';

/** What is wrong between parts of the settings, each of which is right by itself. */
export function crossProblems(settings: Settings): readonly SettingsProblem[] {
  const { clusters, channels, reading } = settings;
  const known = clusters.map(({ name }) => name);
  const unknownCluster = (name: string, path: SettingsPath): readonly SettingsProblem[] =>
    known.includes(name)
      ? []
      : [{ path, reason: 'there is no such cluster under `clusters`', unknown: { word: name, known } }];
  return [
    ...repeats(known).map((index) => ({
      path: ['clusters', index, 'name'],
      reason: 'another cluster has the same name',
    })),
    ...secondDefaults(settings),
    ...repeats(channels.map(({ id }) => id)).map((index) => ({
      path: ['channels', index, 'id'],
      reason: 'the channel is listed twice',
    })),
    ...channels.flatMap(({ cluster }, index) =>
      cluster === undefined ? [] : unknownCluster(cluster, ['channels', index, 'cluster']),
    ),
    ...reading.flatMap((rule, index) =>
      (rule.clusters ?? []).flatMap((name, at) => unknownCluster(name, ['reading', index, 'clusters', at])),
    ),
    ...alertProblems(settings),
    ...remediationProblems(settings),
  ];
}

function secondDefaults({ clusters }: Settings): readonly SettingsProblem[] {
  const defaults = clusters.flatMap((cluster, index) => (cluster.default === true ? [index] : []));
  return defaults.slice(1).map((index) => ({
    path: ['clusters', index, 'default'],
    reason: 'another cluster is the default already',
  }));
}

/** Where something comes that was there before. */
function repeats(words: readonly string[]): readonly number[] {
  return words.flatMap((word, index) => (words.indexOf(word) < index ? [index] : []));
}
