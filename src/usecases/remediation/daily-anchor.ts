import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { RemediationStore } from '../../ports/remediation-store.ts';

/** What telling the end of the audit needs. */
export interface AnchorDeps {
  readonly audit: Pick<AuditLog, 'newest'>;
  readonly store: Pick<RemediationStore, 'now'>;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly clock: Clock;
  /** Where it is told. Undefined: nowhere, or nobody knows yet for which workspace. */
  readonly place: () => Promise<{ readonly team: string; readonly channel: string } | undefined>;
}

/** Between two looks at whether a day has begun. */
const LOOK_MS = 60_000;

/**
 * What tells once on each day of UTC how the audit ends, where whoever makes it anew in the store cannot change that. It may
 * be called as often as one likes, in many places at once: the message of a day is posted once. Throws STORE_UNAVAILABLE.
 */
export function dailyAnchor(deps: AnchorDeps): () => Promise<void> {
  let nextMs = Number.NEGATIVE_INFINITY;
  let told = '';
  return async () => {
    const nowMs = deps.clock.now().getTime();
    if (nowMs < nextMs) {
      return;
    }
    const place = await deps.place();
    const day = place && (await deps.store.now()).toISOString().slice(0, 10);
    if (place !== undefined && day !== undefined && day !== told) {
      if (!(await tellEnd(day, place, deps))) {
        return;
      }
      told = day;
    }
    nextMs = nowMs + LOOK_MS;
  };
}

/** False: the audit has no entry yet. */
async function tellEnd(
  day: string,
  { team, channel }: { readonly team: string; readonly channel: string },
  { audit, outbox }: AnchorDeps,
): Promise<boolean> {
  const [last] = await audit.newest(1);
  if (last === undefined) {
    return false;
  }
  const { seq, hash } = last;
  await outbox.put({
    kind: 'card',
    key: `audit-anchor-${day}`,
    team,
    channel,
    priority: 'news',
    version: 1,
    content: {
      kind: 'notice',
      text: `The audit of changes has ${seq} ${seq === 1 ? 'entry' : 'entries'}; the last one's hash is ${hash}. Whether it still holds that entry is told by:`,
      code: [`kubewhy audit verify --anchor ${seq}:${hash}`],
    },
  });
  return true;
}
