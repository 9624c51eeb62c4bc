import type { ClusterSettings, Settings } from '../../config/settings.ts';
import { ClusterSet } from './cluster-set.ts';
import { type DiagnoserOptions, startDiagnoser } from './diagnoser.ts';
import type { PlaybookSet } from './playbook-set.ts';

/** What the diagnosers of all clusters share. */
export interface DiagnosersOptions extends Omit<DiagnoserOptions, 'playbooks' | 'current'> {
  readonly playbooks: PlaybookSet;
  /** Starts one diagnoser; tests give another. */
  readonly startOne?: typeof startDiagnoser;
}

/** One diagnoser for each cluster of the settings. */
export type Diagnosers = Pick<ClusterSet, 'follow' | 'readiness' | 'stop'>;

/** Starts them all. Throws KUBECONFIG_INVALID. */
export async function startDiagnosers(options: DiagnosersOptions): Promise<Diagnosers> {
  const { playbooks, config, logger, startOne = startDiagnoser } = options;
  const set = new ClusterSet(options.settings, {
    name: 'diagnoser',
    wanted: ({ clusters }) => clusters,
    start: (cluster, settings, current) =>
      startOne(cluster, { ...options, settings, playbooks: () => playbooks.current(), current }),
    keyOf,
    prepare: (settings) => playbooks.reload([...config.playbookFolders, ...settings.playbooks]),
    logger,
  });
  await set.startAll();
  return set;
}

function keyOf({ name, kubeconfig, context }: ClusterSettings, { limits, remediation }: Settings): string {
  const { diagnoserConcurrency, questionTimeoutSeconds } = limits;
  return JSON.stringify([
    name,
    kubeconfig,
    context,
    diagnoserConcurrency,
    questionTimeoutSeconds,
    remediation.runbooks,
  ]);
}
