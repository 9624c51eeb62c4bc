import type { ReadingPolicy } from '../../core/policy/reading-policy.ts';
import type { RemediationPolicy } from '../../core/policy/remediation-policy.ts';
import type { RemediationTimes } from '../../core/remediation/limits.ts';
import type { Alertmanagers } from '../../ports/alertmanager.ts';
import type { AuditLines } from '../../ports/audit-lines.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterDirectory } from '../../ports/cluster-directory.ts';
import type { DiagnosisQueue } from '../../ports/diagnosis-queue.ts';
import type { Ids } from '../../ports/ids.ts';
import type { IncidentDesk } from '../../ports/incident-desk.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { NoteStore } from '../../ports/note-store.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { People } from '../../ports/people.ts';
import type { QuestionStore } from '../../ports/question-store.ts';
import type { RemediationQueue } from '../../ports/remediation-queue.ts';
import type { RemediationStore } from '../../ports/remediation-store.ts';
import type { SeenStore } from '../../ports/seen-store.ts';
import type { Signer } from '../../ports/signer.ts';

/** The settings that the bot follows; read anew for every act, since they may change while it runs. */
export interface BotSettings {
  readonly version: string;
  /** The slash command with its slash. */
  readonly command: string;
  readonly botName: string;
  readonly clusters: readonly string[];
  /** The cluster of a question that names none; absent: it must name one. */
  readonly defaultCluster?: string;
  readonly channels: readonly ChannelDefaults[];
  readonly reading: ReadingPolicy;
  readonly questionsPerUserPerMinute: number;
  readonly questionExpirySeconds: number;
  readonly incidents: IncidentSettings;
  /** Absent, or without a rule: nothing can be changed. */
  readonly remediation?: { readonly policy: RemediationPolicy; readonly times: RemediationTimes };
}

/** Who may do what to incidents, and how alerts name clusters. */
export interface IncidentSettings {
  /** IDs of people and groups; `*` stands for everyone who may ask in the channel. */
  readonly acknowledge: readonly string[];
  readonly silence: readonly string[];
  readonly clusterLabel: string;
  /** What that label says, with the names of clusters. */
  readonly clusterNames: Readonly<Record<string, string>>;
}

/** What a question of a channel means when it does not say. */
export interface ChannelDefaults {
  readonly id: string;
  readonly cluster?: string;
  readonly namespace?: string;
}

/** What deciding about changes needs. */
export interface RemediationPorts {
  readonly store: RemediationStore;
  readonly audit: AuditLog;
  readonly lines: AuditLines;
  readonly queue: RemediationQueue;
  readonly signer: Signer;
}

/** The ports of the bot. */
export interface BotDeps {
  readonly questions: QuestionStore;
  readonly queue: DiagnosisQueue;
  readonly outbox: Outbox;
  readonly notes: NoteStore;
  readonly seen: SeenStore;
  readonly people: People;
  readonly clusters: ClusterDirectory;
  readonly desk: IncidentDesk;
  readonly alertmanagers: Alertmanagers;
  /** What deciding about changes needs; absent where none can be approved, since nothing signs them. */
  readonly remediations?: RemediationPorts;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: () => BotSettings;
}
