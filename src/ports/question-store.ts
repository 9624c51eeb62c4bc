import type { Feedback, Outcome, Question, QuestionRecord } from '../core/question/question.ts';
import type { SessionRecording } from '../core/recording/recording.ts';

/** What became of an attempt to begin a run. */
export type BeginResult =
  | {
      readonly kind: 'begun';
      readonly run: number;
      /** How many unanswered runs of the same cluster the channel has now, this one included. */
      readonly position: number;
    }
  /** The same delivery again, or a run is under way. */
  | { readonly kind: 'busy'; readonly run: number }
  | { readonly kind: 'unknown' };

/** Questions, their runs and what came of them; kept for the days of the settings. Every call throws STORE_UNAVAILABLE when the store does not answer. */
export interface QuestionStore {
  /** Stores a question with run 1; `busy` when the id is known. Atomic. */
  begin(question: Question): Promise<BeginResult>;
  /** Begins the next run of a known question that has no run under way; from this run on it is as given here. Atomic. */
  beginAgain(question: Question): Promise<BeginResult>;
  /** Takes a run back that could not be queued, as if it had never begun; its number is not given to another run. */
  abandon(id: string, run: number): Promise<void>;
  read(id: string): Promise<QuestionRecord | undefined>;
  /** Stores the outcome of a run; the first one of a run stays. */
  finish(id: string, run: number, outcome: Outcome, recording?: SessionRecording): Promise<void>;
  /** The answer of a run with an outcome was handed over: nobody has to look after it any more. */
  delivered(id: string, run: number): Promise<void>;
  outcome(id: string, run: number): Promise<Outcome | undefined>;
  recording(id: string, run: number): Promise<SessionRecording | undefined>;
  /**
   * Newest runs without an outcome, or with one that was not handed over, which were begun and last listed longer ago
   * than this; those that were not listed for longest come first, at most 100. Listing counts.
   */
  unanswered(olderThanMs: number): Promise<readonly QuestionRecord[]>;
  /** Keeps feedback, and the recording of its run, until it is exported; the same id twice is kept once. */
  saveFeedback(feedback: Feedback): Promise<void>;
  feedback(): Promise<readonly Feedback[]>;
}
