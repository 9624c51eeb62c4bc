import type { Alert } from './alert.ts';
import type { TargetKind, TargetRule } from './alert-catalogue.ts';
import { isAboutNode, type TargetLabels } from './target-labels.ts';

/** Labels that name an object, the most telling first: a pod comes with many series that are about something else. */
const NAMING: readonly { readonly label: string; readonly kind: TargetKind }[] = [
  { label: 'job_name', kind: 'Job' },
  { label: 'cronjob', kind: 'CronJob' },
  { label: 'horizontalpodautoscaler', kind: 'HorizontalPodAutoscaler' },
  { label: 'poddisruptionbudget', kind: 'PodDisruptionBudget' },
  { label: 'persistentvolumeclaim', kind: 'PersistentVolumeClaim' },
  { label: 'resourcequota', kind: 'ResourceQuota' },
  { label: 'deployment', kind: 'Deployment' },
  { label: 'statefulset', kind: 'StatefulSet' },
  { label: 'daemonset', kind: 'DaemonSet' },
  { label: 'replicaset', kind: 'ReplicaSet' },
  { label: 'ingress', kind: 'Ingress' },
  { label: 'pod', kind: 'Pod' },
  { label: 'persistentvolume', kind: 'PersistentVolume' },
];

/** The workload label of kubernetes-mixin's recording rules, by its type. */
const WORKLOAD_TYPES: Readonly<Record<string, TargetKind>> = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
  replicaset: 'ReplicaSet',
  job: 'Job',
  cronjob: 'CronJob',
};

/** Which object an alert is about whose name says nothing. */
export function generalRule(alert: Alert, labels: TargetLabels): TargetRule {
  const naming = NAMING.find(({ label }) => labels.of(label) !== undefined);
  if (naming !== undefined) {
    return { by: 'object', kind: naming.kind, labels: [naming.label] };
  }
  const type = (labels.of('workload_type') ?? '').toLowerCase();
  const workload = Object.hasOwn(WORKLOAD_TYPES, type) ? WORKLOAD_TYPES[type] : undefined;
  if (workload !== undefined && labels.of('workload') !== undefined) {
    return { by: 'object', kind: workload, labels: ['workload'] };
  }
  if (labels.of('node') !== undefined || isAboutNode(alert.name, alert.labels)) {
    return { by: 'node' };
  }
  return { by: 'object', kind: 'Namespace', labels: ['namespace'] };
}
