import type { PlainValue } from '../expression/cel.ts';
import type { JsonObject } from './json.ts';
import { asKube, type KubeLease } from './kube-types.ts';
import { secondsBetween } from './time.ts';

/** The lease that a kubelet renews every 10 s: its sign of life, and what its clock says. */
export interface NodeLeaseFact {
  readonly exists: boolean;
  /** RFC 3339, by the clock of the node. */
  readonly renewed?: string;
  /** RFC 3339, when that renewal arrived, by the clock of the API server. */
  readonly stamped?: string;
  /** Since the last renewal arrived. */
  readonly ageSeconds?: number;
  readonly durationSeconds?: number;
  /** How far the clock of the node is ahead; negative: behind. Known only when the arrival is. */
  readonly skewSeconds?: number;
}

const DEFAULT_DURATION = 40;

/**
 * Reads a lease; `now` is the API server's clock. The API server notes by its own clock when it stored a renewal
 * (`managedFields`), so the two clocks can be compared however old the renewal is.
 */
export function nodeLeaseFact(lease: JsonObject, now: string): NodeLeaseFact {
  const { metadata = {}, spec = {} } = asKube<KubeLease>(lease);
  const renewed = spec.renewTime;
  const stamped = (metadata.managedFields ?? [])
    .map(({ time = '' }) => time)
    .toSorted()
    .at(-1);
  const skew = secondsBetween(stamped, renewed);
  const age = secondsBetween(stamped ?? renewed, now);
  return {
    exists: true,
    durationSeconds: spec.leaseDurationSeconds ?? DEFAULT_DURATION,
    ...(renewed === undefined ? {} : { renewed }),
    ...(stamped === undefined ? {} : { stamped }),
    ...(age === undefined ? {} : { ageSeconds: age }),
    ...(skew === undefined ? {} : { skewSeconds: skew }),
  };
}

/** The same for expressions. */
export function leaseScope(lease: NodeLeaseFact): PlainValue {
  return { ...lease };
}
