import type { Alert, AlertBatch } from './alert.ts';
import type { ClusterRules } from './alert-cluster.ts';
import { type MappedAlert, mapAlert } from './alert-target.ts';
import { type AlertRouting, type RoutingRules, routeAlert } from './routing.ts';
import { withinReach } from './sender-reach.ts';

/** An alert with what it is about and where it goes. */
export interface PlannedAlert {
  readonly mapped: MappedAlert;
  readonly routing: AlertRouting;
}

/** What decides what an alert is about and where it goes. */
export interface TriageRules {
  readonly clusters: ClusterRules;
  readonly routing: RoutingRules;
  /** Namespaces, with `*` as a wildcard, about which the sender may speak; absent: all. */
  readonly namespaces?: readonly string[];
}

/** Maps and routes every alert of a delivery. */
export function planTriage({ alerts }: AlertBatch, rules: TriageRules, now: Date): readonly PlannedAlert[] {
  return alerts.map((alert) => planAlert(alert, rules, now));
}

/** Maps and routes one alert; one about what its sender may not speak about calls nobody. */
export function planAlert(alert: Alert, { clusters, routing, namespaces }: TriageRules, now: Date): PlannedAlert {
  const found = mapAlert(alert, clusters);
  const mapped = namespaces === undefined ? found : withinReach(found, namespaces);
  const routed = routeAlert(mapped, routing, now);
  return { mapped, routing: mapped === found ? routed : withoutMention(routed) };
}

function withoutMention(routing: AlertRouting): AlertRouting {
  if (routing.kind !== 'channel' || routing.mention === undefined) {
    return routing;
  }
  const { mention: _, ...rest } = routing;
  return { ...rest, trail: [...routing.trail, 'mentions nobody: its sender may not speak about this'] };
}

/** The alerts that somebody should look at: firing, not resolved and not ignored. */
export function firingOf(planned: readonly PlannedAlert[]): readonly MappedAlert[] {
  return planned
    .filter(({ mapped, routing }) => mapped.alert.status === 'firing' && routing.kind !== 'ignored')
    .map(({ mapped }) => mapped);
}
