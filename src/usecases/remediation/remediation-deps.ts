import type { Action } from '../../actions/action.ts';
import type { ActionCode } from '../../core/playbook/vocabulary.ts';
import type { RemediationPolicy } from '../../core/policy/remediation-policy.ts';
import type { RequestSlot } from '../../core/remediation/storm-signals.ts';
import type { AlertRate } from '../../ports/alert-rate.ts';
import type { AuditLines } from '../../ports/audit-lines.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { ClusterWriter } from '../../ports/cluster-writer.ts';
import type { ContentLister } from '../../ports/content-lister.ts';
import type { DiagnosisQueue } from '../../ports/diagnosis-queue.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { People } from '../../ports/people.ts';
import type { QuestionStore } from '../../ports/question-store.ts';
import type { RemediationQueue } from '../../ports/remediation-queue.ts';
import type { RemediationStore } from '../../ports/remediation-store.ts';
import type { RunbookRunner } from '../../ports/runbook-runner.ts';
import type { Signer } from '../../ports/signer.ts';
import type { LoadedPlaybooks } from '../find-outcome.ts';
import type { ExecutorSettings } from './executor-settings.ts';

/** What is needed to show changes; gateways and executors have it. */
export interface TellDeps {
  readonly store: RemediationStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shows whether a plan is as an executor made it. */
  readonly signer: Pick<Signer, 'digest' | 'verify'>;
  readonly policy: () => Pick<RemediationPolicy, 'rules'>;
}

/** What the sweep needs besides. */
export interface SweepDeps extends TellDeps {
  readonly audit: AuditLog;
  readonly lines: AuditLines;
  /** Tells the end of the audit outside of the store, now and then. Absent: nobody does. */
  readonly anchor?: () => Promise<void>;
  readonly queue: RemediationQueue;
  /** Names of the clusters that are looked after. */
  readonly clusters: () => readonly string[];
  readonly times: () => Pick<ExecutorSettings['times'], 'leaseMs'>;
  /** Whoever chains the audit counts what it tells. Absent: nobody does. */
  readonly metrics?: Metrics;
}

/** The ports of an executor of one cluster. */
export interface ExecutorDeps extends TellDeps {
  /** The name of the cluster in the settings; nothing is done for another one. */
  readonly cluster: string;
  /** Distinct for every process that executes. */
  readonly worker: string;
  readonly audit: AuditLog;
  readonly questions: QuestionStore;
  readonly diagnoses: DiagnosisQueue;
  readonly people: Pick<People, 'personNow' | 'placeNow' | 'groupMembers'>;
  readonly signer: Signer;
  readonly ids: Ids;
  readonly actionOf: (code: ActionCode) => Action | undefined;
  readonly writer: ClusterWriter;
  /** A reader for one look at the cluster, which redacts; throws what opening a cluster throws. */
  readonly openReader: () => Promise<ClusterReader>;
  /** The same without redaction, for actions: what goes back into the cluster must be as it was. Nothing of it is stored or shown. */
  readonly openPlainReader: () => Promise<ClusterReader>;
  readonly content: ContentLister;
  /** Absent where no place for runbook steps is configured. */
  readonly runbook?: RunbookRunner;
  readonly playbooks: () => Promise<LoadedPlaybooks>;
  readonly metrics: Metrics;
  /** Absent where no alerts are taken. */
  readonly alertRate?: AlertRate;
  /** What became of this executor's own requests to the API server, by `monotonic`. Absent: they are not counted. */
  readonly requests?: () => readonly RequestSlot[];
  readonly settings: () => ExecutorSettings;
  readonly questionExpirySeconds: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** Milliseconds that only grow, whatever happens to the clock. Default: those of the process. */
  readonly monotonic?: () => number;
}

/** Milliseconds that only grow. */
export function monotonicOf({ monotonic }: Pick<ExecutorDeps, 'monotonic'>): number {
  return (monotonic ?? (() => performance.now()))();
}
