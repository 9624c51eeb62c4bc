import { randomUUID } from 'node:crypto';
import { hashedIds } from '../../adapters/system/hashed-ids.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Settings } from '../../config/settings.ts';
import type { Finding } from '../../core/diagnosis/finding.ts';
import { NOBODY_ASKS } from '../../core/triage/incident-roots.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { PodMemory } from '../../usecases/pod-memory.ts';
import type { Asking, TriageSettings } from '../../usecases/triage/triage-deps.ts';
import { startTriage, type Triage } from '../../usecases/triage/triage-worker.ts';
import { canRepair, remediationPolicy } from './remediation-rules.ts';
import type { SilentTimes } from './silent-times.ts';
import type { Stores } from './stores.ts';
import { workspaceReader } from './workspace-note.ts';

/** What the triage of clusters shares. */
export interface TriageParts {
  readonly stores: Stores;
  readonly settings: () => Settings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long a minute between two looks at an incident is; tests shorten it. */
  readonly lookMinuteMs?: number;
}

const NO_CLUSTER = 'no cluster could be told';

/** Starts the triage of a cluster where the cluster can be asked. */
export function startClusterTriage(
  cluster: string,
  asking: Extract<Asking, { kind: 'cluster' }>,
  parts: TriageParts,
): Triage {
  return startTriage(cluster, {
    ...common(parts),
    asking: { ...asking, pods: new PodMemory(() => performance.now()) },
  });
}

/** Triage without a cluster: of alerts whose cluster is not known, and of clusters whose diagnosers are silent. */
export interface StandIns {
  /** From now on these clusters. */
  follow(clusters: readonly string[]): void;
  stop(): Promise<void>;
}

/** Starts it. */
export function startStandIns(parts: TriageParts, { standInMs }: Pick<SilentTimes, 'standInMs'>): StandIns {
  const running = new Map<string, Triage>();
  const stopping = new Set<Promise<void>>();
  const stop = (triage: Triage): void => {
    const done = triage.stop().finally(() => stopping.delete(done));
    stopping.add(done);
  };
  const start = (cluster: string): Triage =>
    startTriage(
      cluster,
      { ...common(parts), asking: { kind: 'nobody', reason: cluster === '' ? NO_CLUSTER : NOBODY_ASKS } },
      cluster === '' ? {} : { mayAct: silenceOf(cluster, parts, standInMs), pollMs: standInMs },
    );
  return {
    follow(clusters) {
      const wanted = ['', ...clusters];
      for (const [cluster, triage] of running) {
        if (!wanted.includes(cluster)) {
          running.delete(cluster);
          stop(triage);
        }
      }
      for (const cluster of wanted.filter((name) => !running.has(name))) {
        running.set(cluster, start(cluster));
      }
    },
    async stop() {
      running.forEach(stop);
      await Promise.all(stopping);
    },
  };
}

/** Says yes once a cluster has been silent for a while: after a start its diagnoser is given the time to report. */
function silenceOf(cluster: string, parts: TriageParts, forMs: number): () => Promise<boolean> {
  let since: number | undefined;
  return async () => {
    since = (await isSilent(cluster, parts)) ? (since ?? performance.now()) : undefined;
    return since !== undefined && performance.now() - since >= forMs;
  };
}

async function isSilent(cluster: string, { stores }: TriageParts): Promise<boolean> {
  const [status] = await stores.clusters.statuses([cluster]);
  return status === undefined || status.state === 'silent' || status.state === 'never-seen';
}

function common({ stores, settings, logger, metrics, lookMinuteMs }: TriageParts) {
  return {
    store: stores.triage,
    holder: randomUUID(),
    outbox: stores.outbox,
    questions: stores.questions,
    ids: hashedIds(),
    clock: systemClock(),
    canRepair: (cluster: string, finding: Finding) => canRepair(remediationPolicy(settings()), cluster, finding),
    logger,
    metrics,
    workspace: workspaceReader(stores.notes),
    settings: () => triageSettings(settings()),
    ...(lookMinuteMs === undefined ? {} : { minuteMs: lookMinuteMs }),
  };
}

function triageSettings({ alerts }: Settings): TriageSettings {
  const { storm, forgetAfterHours, fallbackChannel, alertmanagers } = alerts;
  return {
    ...storm,
    forgetAfterHours,
    ...(fallbackChannel === undefined ? {} : { fallbackChannel }),
    silenceable: (cluster) =>
      alertmanagers.some(({ clusters }) => clusters === undefined || clusters.includes(cluster)),
  };
}
