import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { SubjectQuery } from '../subject/subject.ts';

/** Where an answer goes. Slack ids; a message is known by its channel and `ts` together. */
export interface ReplyAddress {
  readonly team: string;
  readonly channel: string;
  /** `ts` of the parent message, when the question was asked in a thread. */
  readonly thread?: string;
  /** Slack's `response_url`; only where the bot is no member of the channel. Good for 30 minutes and 5 uses. */
  readonly responseUrl?: string;
}

/** A person of a Slack workspace. */
export interface Asker {
  readonly team: string;
  readonly user: string;
}

/** A question that was accepted; it is answered once for each run. */
export interface Question {
  /** `q-` and 16 characters; derived from Slack's delivery, so that the same delivery is the same question. */
  readonly id: string;
  /** The name of the cluster in the settings. */
  readonly cluster: string;
  readonly subject: SubjectQuery;
  /** Namespaces, with `*` as a wildcard, that may be named to the asker. */
  readonly readable: readonly string[];
  readonly asker: Asker;
  /** The incident that Kubewhy itself asked it for; then `asker` is its own account. */
  readonly incident?: { readonly id: string; readonly alerts: readonly string[] };
  readonly replyTo: ReplyAddress;
  /** RFC 3339. */
  readonly askedAt: string;
}

/** One run of a question, as the queue carries it; at most 16 KiB as JSON. */
export interface DiagnosisJob {
  readonly questionId: string;
  /** 1 for the first answer; each "Check again" counts one up. */
  readonly run: number;
  readonly cluster: string;
  /** RFC 3339, by the clock of whoever queued it; for people. Whether it is too late is told by the store's clock. */
  readonly expiresAt: string;
}

/** What came of one run. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly diagnosis: Diagnosis;
      /** From the start of the diagnosis to its end. */
      readonly tookMs: number;
      /** API requests. */
      readonly requests: number;
      /** First 12 characters of the digest over all playbooks. */
      readonly playbooks: string;
    }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string;
      /** Names that may have been meant, as they can be asked about. */
      readonly candidates: readonly string[];
    }
  | { readonly kind: 'expired' };

/** A question with the state of its runs. */
export interface QuestionRecord {
  readonly question: Question;
  /** The newest run. */
  readonly run: number;
  /** RFC 3339, when the newest run was asked for. */
  readonly runAt: string;
  /** How long ago that is, by the clock that `runAt` is of. */
  readonly runAgeMs: number;
  /** The newest run that has an outcome; 0: none. */
  readonly answeredRun: number;
}

/** What somebody said about an answer. */
export interface Feedback {
  readonly id: string;
  readonly question: Question;
  readonly run: number;
  readonly by: Asker;
  /** RFC 3339. */
  readonly at: string;
  /** What it was really, in that person's words; may be empty. */
  readonly text: string;
}
