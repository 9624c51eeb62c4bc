import type { Subject } from '../subject/subject.ts';
import type { Consideration, Finding } from './finding.ts';

/** `cause`: found; `unknown`: broken, but the cause cannot be told; the others mean that nothing is wrong now. */
export type Verdict = 'healthy' | 'starting' | 'finished' | 'stopping' | 'cause' | 'unknown';

/** The container that the status line speaks of. */
export interface ContainerSummary {
  readonly name: string;
  readonly restarts: number;
  /** RFC 3339; only while the kubelet delays a restart. */
  readonly nextTry?: string;
  readonly secondsLeft?: number;
}

/** Everything that is said about one question. */
export interface Diagnosis {
  readonly subject: Subject;
  /** The API server's clock, RFC 3339. */
  readonly clock: string;
  readonly verdict: Verdict;
  /** What is visible from outside: `CrashLoopBackOff`, `2/3 ready`. */
  readonly status: string;
  readonly since?: string;
  readonly container?: ContainerSummary;
  /** For a workload: the pod whose diagnosis this is, and how many pods stand like it. */
  readonly pod?: { readonly name: string; readonly alike: number; readonly total: number };
  /** The proven (or most likely) cause; only with verdict `cause`. */
  readonly primary?: Finding;
  /** Other causes that fit the same trouble as well. */
  readonly alternatives: readonly Finding[];
  /** Separate troubles of the same subject. */
  readonly others: readonly Finding[];
  /** Findings that the primary cause explains. */
  readonly consequences: readonly Finding[];
  /** What qualifies the cause, such as back-off arithmetic. */
  readonly modifiers: readonly Finding[];
  /** With verdict `unknown`: what was seen. */
  readonly seen: readonly string[];
  /** Trouble that is over. */
  readonly past: readonly string[];
  /** What was looked at, for healthy answers. */
  readonly checked: readonly string[];
  /** What could not be read, each with the missing permission or reason. */
  readonly unread: readonly string[];
  /** Every playbook and why it did or did not match. */
  readonly considered: readonly Consideration[];
}

/** A diagnosis of which nothing is known yet but its subject and the clock. */
export function blankDiagnosis(subject: Subject, clock: string, status: string): Diagnosis {
  return {
    subject,
    clock,
    verdict: 'unknown',
    status,
    alternatives: [],
    others: [],
    consequences: [],
    modifiers: [],
    seen: [],
    past: [],
    checked: [],
    unread: [],
    considered: [],
  };
}
