import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readSettingsFile, type SettingsDocument } from '../adapters/settings-file/settings-file.ts';
import { parseSettings } from '../config/parse-settings.ts';
import type { Settings, SettingsPath, SettingsProblem } from '../config/settings.ts';
import { didYouMean } from '../core/command/usage-error.ts';
import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import { printable, shorten } from '../core/facts/text.ts';

/** Where the settings are looked for when KUBEWHY_CONFIG says nothing. */
const USUAL_FILES = ['kubewhy.yaml', '/etc/kubewhy/kubewhy.yaml'] as const;
const LONGEST_LINE = 300;
const MOST_PROBLEMS = 50;

/** The settings file: the one that is configured, or the first of the usual ones that exists; undefined: there is none. */
export function findSettingsFile(configured: string | undefined): string | undefined {
  return configured ?? USUAL_FILES.find((file) => existsSync(file));
}

/** The settings of a file, its relative paths resolved against its folder; without a file what holds by default. Throws SETTINGS_INVALID with every problem. */
export async function loadSettings(file: string | undefined): Promise<Settings> {
  if (file === undefined) {
    return settingsOf(undefined, { content: undefined, lineOf: () => undefined });
  }
  const path = resolve(file);
  const read = await readSettingsFile(path);
  switch (read.kind) {
    case 'missing':
      throw new KubewhyError('SETTINGS_INVALID', {
        message: `There is no settings file ${path}.`,
        hint: 'Copy kubewhy.example.yaml to it, or let KUBEWHY_CONFIG name another file.',
      });
    case 'malformed':
      throw invalid(
        path,
        read.problems.map(({ line, reason }) => `${lineWords(line)}${reason}`),
      );
    case 'document':
      return settingsOf(path, read.document);
  }
}

function settingsOf(file: string | undefined, document: SettingsDocument): Settings {
  const result = parseSettings(document.content);
  if (result.kind === 'invalid') {
    const byLine = result.problems.toSorted((a, b) => (document.lineOf(a.path) ?? 0) - (document.lineOf(b.path) ?? 0));
    throw invalid(
      file ?? 'kubewhy.yaml',
      byLine.map((problem) => problemLine(problem, document)),
    );
  }
  return file === undefined ? result.settings : withResolvedPaths(result.settings, dirname(file));
}

function withResolvedPaths(settings: Settings, folder: string): Settings {
  return Object.freeze({
    ...settings,
    clusters: Object.freeze(
      settings.clusters.map((cluster) => {
        const { executor } = cluster;
        return Object.freeze({
          ...resolved(cluster, ['kubeconfig'], folder),
          ...(executor === undefined ? {} : { executor: Object.freeze(resolved(executor, ['kubeconfig'], folder)) }),
        });
      }),
    ),
    remediation: Object.freeze({
      ...resolved(settings.remediation, ['stopFile'], folder),
      runbooks: Object.freeze(
        settings.remediation.runbooks.map((runbook) =>
          runbook.place === 'local' ? Object.freeze(resolved(runbook, ['config', 'keyring'], folder)) : runbook,
        ),
      ),
    }),
    playbooks: Object.freeze(settings.playbooks.map((path) => resolve(folder, path))),
  });
}

/** The same with those of the paths that it has as they are from the folder on. */
function resolved<T extends object>(part: T, keys: readonly (keyof T)[], folder: string): T {
  const paths = keys.flatMap((key) => {
    const path = part[key];
    return typeof path === 'string' ? [[key, resolve(folder, path)] as const] : [];
  });
  return { ...part, ...Object.fromEntries(paths) };
}

function problemLine({ path, reason, unknown }: SettingsProblem, document: SettingsDocument): string {
  const near = unknown === undefined ? '' : didYouMean(unknown.word, unknown.known);
  const where = path.length === 0 ? '' : `${pathText(path)}: `;
  return `${lineWords(document.lineOf(path))}${where}${reason}${near === '' ? '' : `.${near}`}`;
}

function lineWords(line: number | undefined): string {
  return line === undefined ? '' : `line ${line}: `;
}

function pathText(path: SettingsPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

function invalid(file: string, problems: readonly string[]): KubewhyError {
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => `  ${shorten(printable(problem), LONGEST_LINE)}`);
  const more = problems.length > MOST_PROBLEMS ? [`  … and ${problems.length - MOST_PROBLEMS} more`] : [];
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  return new KubewhyError('SETTINGS_INVALID', {
    message: `${count} in ${file}:\n${[...shown, ...more].join('\n')}`,
    context: { file, problems },
  });
}
