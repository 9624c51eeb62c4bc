import type { Readiness } from '../../adapters/http/internal-server.ts';
import type { ClusterSettings, Settings } from '../../config/settings.ts';
import { type DiagnoserOptions, type RunningDiagnoser, startDiagnoser } from './diagnoser.ts';
import type { PlaybookSet } from './playbook-set.ts';

/** What the diagnosers of all clusters share. */
export interface DiagnosersOptions extends Omit<DiagnoserOptions, 'playbooks' | 'current'> {
  readonly playbooks: PlaybookSet;
  /** Starts one diagnoser; tests give another. */
  readonly startOne?: typeof startDiagnoser;
}

/** One diagnoser for each cluster of the settings. */
export interface Diagnosers {
  /** Starts and ends diagnosers until they are those of the settings; one that cannot start is logged. Never rejects. */
  follow(settings: Settings): Promise<void>;
  readiness(): readonly Readiness[];
  stop(): Promise<void>;
}

/** Starts them all. Throws KUBECONFIG_INVALID. */
export async function startDiagnosers(options: DiagnosersOptions): Promise<Diagnosers> {
  const set = new DiagnoserSet(options);
  try {
    await set.startAll(options.settings);
    return set;
  } catch (error) {
    await set.stop();
    throw error;
  }
}

class DiagnoserSet implements Diagnosers {
  private readonly running = new Map<string, RunningDiagnoser>();
  /** Clusters whose diagnoser could not be started. */
  private readonly failed = new Set<string>();
  private readonly options: DiagnosersOptions;
  private settings: Settings;
  /** One change after the other. */
  private work: Promise<void> = Promise.resolve();

  constructor(options: DiagnosersOptions) {
    this.options = options;
    this.settings = options.settings;
  }

  async startAll(settings: Settings): Promise<void> {
    for (const cluster of settings.clusters) {
      await this.start(cluster, settings);
    }
  }

  follow(settings: Settings): Promise<void> {
    this.work = this.work.then(() => this.change(settings));
    return this.work;
  }

  readiness(): readonly Readiness[] {
    const running = [...this.running.values()].flatMap((diagnoser) => [
      { name: `diagnoser of ${diagnoser.cluster}`, ok: diagnoser.isReady() },
      ...(diagnoser.watches?.() ?? []),
    ]);
    const detail = 'it could not be started; the log says why';
    return [...running, ...[...this.failed].map((cluster) => ({ name: `diagnoser of ${cluster}`, ok: false, detail }))];
  }

  async stop(): Promise<void> {
    await this.work;
    await Promise.all([...this.running.values()].map((diagnoser) => diagnoser.stop()));
    this.running.clear();
  }

  private async change(settings: Settings): Promise<void> {
    const { playbooks, config, logger } = this.options;
    this.settings = settings;
    this.failed.clear();
    await playbooks.reload([...config.playbookFolders, ...settings.playbooks]);
    const wanted = new Map(settings.clusters.map((cluster) => [keyOf(cluster, settings), cluster]));
    const gone = [...this.running].filter(([key]) => !wanted.has(key));
    for (const [key, diagnoser] of gone) {
      this.running.delete(key);
      await diagnoser.stop();
    }
    for (const [key, cluster] of wanted) {
      if (!this.running.has(key)) {
        await this.start(cluster, settings).catch((error: unknown) => {
          this.failed.add(cluster.name);
          logger.error('the diagnoser of a cluster could not be started', { cluster: cluster.name, error });
        });
      }
    }
  }

  private async start(cluster: ClusterSettings, settings: Settings): Promise<void> {
    const { playbooks, startOne = startDiagnoser } = this.options;
    const options = {
      ...this.options,
      settings,
      playbooks: () => playbooks.current(),
      current: () => this.settings,
    };
    this.running.set(keyOf(cluster, settings), await startOne(cluster, options));
  }
}

/** Two clusters with the same key need no restart. */
function keyOf({ name, kubeconfig, context }: ClusterSettings, { limits }: Settings): string {
  return JSON.stringify([name, kubeconfig, context, limits.diagnoserConcurrency, limits.questionTimeoutSeconds]);
}
