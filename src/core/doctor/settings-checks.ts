import type { Check } from './check.ts';

/** What the checks want to know about the settings. */
export interface SettingsFacts {
  /** Undefined: there is none, so that the defaults hold. */
  readonly file: string | undefined;
  readonly clusters: readonly string[];
  readonly defaultCluster: string | undefined;
  /** How many rules say who may ask. */
  readonly rules: number;
}

/** Judges settings that are valid. */
export function settingsChecks({ file, clusters, defaultCluster, rules }: SettingsFacts): readonly Check[] {
  return [fileCheck(file), readingCheck(rules), ...defaultClusterChecks(clusters, defaultCluster)];
}

function fileCheck(file: string | undefined): Check {
  const base = { area: 'settings', id: 'settings.file' } as const;
  return file === undefined
    ? {
        ...base,
        status: 'warning',
        says: 'There is no settings file; the defaults hold.',
        fix: 'Copy kubewhy.example.yaml to kubewhy.yaml and change it, or let KUBEWHY_CONFIG name another file.',
      }
    : { ...base, status: 'ok', says: `The settings file ${file} is valid.` };
}

function readingCheck(rules: number): Check {
  const base = { area: 'settings', id: 'settings.reading' } as const;
  return rules === 0
    ? {
        ...base,
        status: 'warning',
        says: 'No rule under `reading` says who may ask, so nobody may.',
        fix: 'Add a rule with the channels and the namespaces that may be asked about there.',
      }
    : {
        ...base,
        status: 'ok',
        says: `${rules === 1 ? 'One rule says' : `${rules} rules say`} who may ask about which namespaces.`,
      };
}

function defaultClusterChecks(clusters: readonly string[], defaultCluster: string | undefined): readonly Check[] {
  return defaultCluster !== undefined
    ? []
    : [
        {
          area: 'settings',
          id: 'settings.default-cluster',
          status: 'note',
          says: `None of the ${clusters.length} clusters is the default: questions must name one (-c), unless their channel does.`,
          fix: 'Set `default: true` for one of them.',
        },
      ];
}
