import type { CaseUnreadable } from '../../core/recording/recording.ts';
import type { SubjectKind } from '../../core/subject/kinds.ts';
import type { LogStore } from './log-store.ts';
import type { ObjectStore } from './object-store.ts';
import type { Timeline } from './timeline.ts';
import type { WriteLog } from './write-log.ts';

/** An object that one of the recordings is about. */
export interface SimSubject {
  /** Absent when the question named no kind. */
  readonly kind?: SubjectKind;
  readonly namespace: string;
  readonly name: string;
  /** What to type behind `why`: `deploy/web -n shop`. */
  readonly text: string;
}

/** A read that a recording says did not work. */
export interface Unreadable extends CaseUnreadable {
  /** The namespaces of its recording: elsewhere the same read works. */
  readonly namespaces: readonly string[];
}

/** Everything that a simulated cluster answers from. */
export interface World {
  readonly objects: ObjectStore;
  readonly logs: LogStore;
  readonly timeline: Timeline;
  /** What was changed by requests. */
  readonly writes: WriteLog;
  readonly unreadable: readonly Unreadable[];
  /** In the order of the recordings. */
  readonly subjects: readonly SimSubject[];
  /** What two recordings say differently, for people; the one loaded first counts. */
  readonly conflicts: readonly string[];
}
