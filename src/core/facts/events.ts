import type { KubeEvent } from './kube-types.ts';
import { normaliseText } from './text.ts';
import { secondsBetween } from './time.ts';

/** One event as playbooks see it. */
export interface EventFact {
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  /** Normalised for signatures. */
  readonly message: string;
  /** Lower bound: the recorder merges and limits events (`client-go/tools/record`). */
  readonly count: number;
  /** RFC 3339. */
  readonly first: string;
  /** `series.lastObservedTime ?? lastTimestamp ?? eventTime ?? creationTimestamp`. */
  readonly last: string;
  readonly ageSeconds: number;
  /** From `involvedObject.fieldPath`; empty for events of the whole object. */
  readonly container: string;
  readonly component: string;
  readonly object: { readonly kind: string; readonly name: string; readonly uid: string };
}

/** More than this many events of one object add nothing to a verdict and would slow expressions down. */
const MOST_EVENTS = 60;

/** Events as facts, newest first; `now` is the API server's clock (RFC 3339). */
export function eventFacts(events: readonly KubeEvent[], now: string): readonly EventFact[] {
  return events
    .map((event) => eventFact(event, now))
    .toSorted((a, b) => Date.parse(b.last) - Date.parse(a.last) || b.count - a.count)
    .slice(0, MOST_EVENTS);
}

function eventFact(event: KubeEvent, now: string): EventFact {
  const about = event.involvedObject ?? {};
  const { first, last } = timesOf(event, now);
  return {
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    message: normaliseText(event.message ?? event.note),
    count: event.series?.count ?? event.count ?? 1,
    first,
    last,
    ageSeconds: Math.max(0, secondsBetween(last, now) ?? 0),
    container: /\{(.+)\}$/.exec(about.fieldPath ?? '')?.[1] ?? '',
    component: event.source?.component ?? event.reportingComponent ?? '',
    object: { kind: about.kind ?? '', name: about.name ?? '', uid: about.uid ?? '' },
  };
}

/** Events of the scheduler have only `eventTime`; merged ones tell their last time in `series`. */
function timesOf(event: KubeEvent, now: string): { readonly first: string; readonly last: string } {
  const created = event.metadata?.creationTimestamp ?? now;
  return {
    first: event.firstTimestamp ?? event.eventTime ?? created,
    last: event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? created,
  };
}
