import type { SubjectQuery } from '../subject/subject.ts';
import type { PendingAlert } from './stored-alert.ts';

/** An alert with its root object. */
export interface RootedAlert {
  readonly pending: PendingAlert;
  readonly root: RootOf;
}

/** The root object of an alert. */
export interface RootOf {
  /** `Deployment shop/web`, `unmapped 1f2e…`. */
  readonly key: string;
  readonly title: string;
  /** What to ask; absent when nothing can ever be asked about it. */
  readonly query?: SubjectQuery;
  /** Why it cannot be asked about, or not now. */
  readonly reason?: string;
  readonly notes: readonly string[];
  /** How its pods stand, where that was looked at. */
  readonly stands?: readonly string[];
}
