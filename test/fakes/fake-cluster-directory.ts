import type { ClusterStatus } from '../../src/core/chat/content.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ClusterDirectory } from '../../src/ports/cluster-directory.ts';
import { FakeStore } from './fake-store.ts';

/** What diagnosers reported, in memory. */
export class FakeClusterDirectory extends FakeStore implements ClusterDirectory {
  readonly #clock: Clock;
  readonly #silentAfterMs: number;
  readonly #reports = new Map<string, { readonly status: ClusterStatus; readonly at: number }>();

  constructor(clock: Clock, silentAfterMs = 60_000) {
    super();
    this.#clock = clock;
    this.#silentAfterMs = silentAfterMs;
  }

  async report(status: ClusterStatus & { readonly lastSeen: string }): Promise<void> {
    this.check();
    this.#reports.set(status.cluster, { status, at: this.#clock.now().getTime() });
  }

  async statuses(clusters: readonly string[]): Promise<readonly ClusterStatus[]> {
    this.check();
    const now = this.#clock.now().getTime();
    return clusters.map((cluster) => {
      const report = this.#reports.get(cluster);
      if (report === undefined) {
        return { cluster, state: 'never-seen' };
      }
      return now - report.at > this.#silentAfterMs ? { ...report.status, state: 'silent' } : report.status;
    });
  }
}
