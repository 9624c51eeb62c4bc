import type { Readiness } from '../../adapters/http/internal-server.ts';
import type { ClusterSettings, Settings } from '../../config/settings.ts';
import type { Logger } from '../../ports/logger.ts';

/** Something that runs for one cluster. */
export interface ClusterPart {
  readonly cluster: string;
  isReady(): boolean;
  /** Further lines about its state. */
  details?(): readonly Readiness[];
  stop(): Promise<void>;
}

/** What runs for each cluster, and when it must be started anew. */
export interface ClusterSetOptions {
  /** `diagnoser`, for logs and readiness. */
  readonly name: string;
  /** The clusters for which one runs. */
  readonly wanted: (settings: Settings) => readonly ClusterSettings[];
  /** Starts one. `current` tells what the settings say by then. */
  readonly start: (cluster: ClusterSettings, settings: Settings, current: () => Settings) => Promise<ClusterPart>;
  /** Two clusters with the same key need no restart. */
  readonly keyOf: (cluster: ClusterSettings, settings: Settings) => string;
  /** Done before the clusters of changed settings are looked at. */
  readonly prepare?: (settings: Settings) => Promise<void>;
  readonly logger: Logger;
}

/** One part for each cluster of the settings. */
export class ClusterSet {
  private readonly running = new Map<string, ClusterPart>();
  /** Clusters whose part could not be started. */
  private readonly failed = new Set<string>();
  private readonly options: ClusterSetOptions;
  private settings: Settings;
  /** One change after the other. */
  private work: Promise<void> = Promise.resolve();

  constructor(settings: Settings, options: ClusterSetOptions) {
    this.settings = settings;
    this.options = options;
  }

  /** Starts them all; rejects, with everything stopped again, when one cannot be started. */
  async startAll(): Promise<void> {
    try {
      for (const cluster of this.options.wanted(this.settings)) {
        await this.start(cluster, this.settings);
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Starts and ends parts until they are those of the settings; one that cannot start is logged. Never rejects. */
  follow(settings: Settings): Promise<void> {
    this.work = this.work.then(() => this.change(settings));
    return this.work;
  }

  readiness(): readonly Readiness[] {
    const { name } = this.options;
    const running = [...this.running.values()].flatMap((part) => [
      { name: `${name} of ${part.cluster}`, ok: part.isReady() },
      ...(part.details?.() ?? []),
    ]);
    const detail = 'it could not be started; the log says why';
    return [...running, ...[...this.failed].map((cluster) => ({ name: `${name} of ${cluster}`, ok: false, detail }))];
  }

  async stop(): Promise<void> {
    await this.work;
    await Promise.all([...this.running.values()].map((part) => part.stop()));
    this.running.clear();
  }

  private async change(settings: Settings): Promise<void> {
    const { name, wanted, keyOf, prepare, logger } = this.options;
    this.settings = settings;
    this.failed.clear();
    await prepare?.(settings);
    const clusters = new Map(wanted(settings).map((cluster) => [keyOf(cluster, settings), cluster]));
    const gone = [...this.running].filter(([key]) => !clusters.has(key));
    for (const [key, part] of gone) {
      this.running.delete(key);
      await part.stop();
    }
    for (const [key, cluster] of clusters) {
      if (!this.running.has(key)) {
        await this.start(cluster, settings).catch((error: unknown) => {
          this.failed.add(cluster.name);
          logger.error(`the ${name} of a cluster could not be started`, { cluster: cluster.name, error });
        });
      }
    }
  }

  private async start(cluster: ClusterSettings, settings: Settings): Promise<void> {
    const { start, keyOf } = this.options;
    this.running.set(keyOf(cluster, settings), await start(cluster, settings, () => this.settings));
  }
}
