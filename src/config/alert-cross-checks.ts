import type { Settings, SettingsPath, SettingsProblem } from './settings.ts';

const FORMATS = ['auto', 'alertmanager', 'grafana'] as const;

/** What is wrong between `alerts` and the other settings, and among its parts. */
export function alertProblems({ alerts, clusters }: Settings): readonly SettingsProblem[] {
  const knownClusters = clusters.map(({ name }) => name);
  const formats = [...FORMATS, ...alerts.mappings.map(({ name }) => name)];
  const known = (word: string, words: readonly string[], path: SettingsPath, reason: string): SettingsProblem[] =>
    words.includes(word) ? [] : [{ path, reason, unknown: { word, known: words } }];
  const cluster = (name: string, path: SettingsPath): SettingsProblem[] =>
    known(name, knownClusters, path, 'there is no such cluster under `clusters`');
  const clusterLists = (['alertmanagers', 'watch'] as const).flatMap((key) =>
    alerts[key].map(({ clusters: names = [] }, index) => ({ key, index, names })),
  );
  return [
    ...repeated(alerts.senders, ['alerts', 'senders'], 'another sender has the same name'),
    ...repeated(alerts.mappings, ['alerts', 'mappings'], 'another mapping has the same name'),
    ...repeated(alerts.alertmanagers, ['alerts', 'alertmanagers'], 'another Alertmanager has the same name'),
    ...alerts.mappings.flatMap(({ name }, index) =>
      FORMATS.some((format) => format === name)
        ? [{ path: ['alerts', 'mappings', index, 'name'], reason: 'a format of Kubewhy has the same name' }]
        : [],
    ),
    ...alerts.senders.flatMap(({ format, cluster: name }, index) => [
      ...known(format, formats, ['alerts', 'senders', index, 'format'], 'there is no such format or mapping'),
      ...(name === undefined ? [] : cluster(name, ['alerts', 'senders', index, 'cluster'])),
    ]),
    ...Object.entries(alerts.clusterNames).flatMap(([word, name]) => cluster(name, ['alerts', 'clusterNames', word])),
    ...clusterLists.flatMap(({ key, index, names }) =>
      names.flatMap((name, at) => cluster(name, ['alerts', key, index, 'clusters', at])),
    ),
    ...alerts.routes.flatMap(({ match }, index) =>
      match.cluster === undefined || match.cluster.includes('*')
        ? []
        : cluster(match.cluster, ['alerts', 'routes', index, 'match', 'cluster']),
    ),
  ];
}

function repeated(
  parts: readonly { readonly name: string }[],
  path: SettingsPath,
  reason: string,
): readonly SettingsProblem[] {
  const names = parts.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ path: [...path, index, 'name'], reason }] : [],
  );
}
