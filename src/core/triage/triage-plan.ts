import type { AlertBatch } from './alert.ts';
import type { ClusterRules } from './alert-cluster.ts';
import { type MappedAlert, mapAlert } from './alert-target.ts';
import { type AlertRouting, type RoutingRules, routeAlert } from './routing.ts';

/** An alert with what it is about and where it goes. */
export interface PlannedAlert {
  readonly mapped: MappedAlert;
  readonly routing: AlertRouting;
}

/** Maps and routes every alert of a delivery. */
export function planTriage(
  { alerts }: AlertBatch,
  rules: { readonly clusters: ClusterRules; readonly routing: RoutingRules },
  now: Date,
): readonly PlannedAlert[] {
  return alerts.map((alert) => {
    const mapped = mapAlert(alert, rules.clusters);
    return { mapped, routing: routeAlert(mapped, rules.routing, now) };
  });
}

/** The alerts that somebody should look at: firing, not resolved and not ignored. */
export function firingOf(planned: readonly PlannedAlert[]): readonly MappedAlert[] {
  return planned
    .filter(({ mapped, routing }) => mapped.alert.status === 'firing' && routing.kind !== 'ignored')
    .map(({ mapped }) => mapped);
}
