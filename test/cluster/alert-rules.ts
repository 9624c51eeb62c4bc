import type { AlertInput } from '../integration/alerts-talk.ts';
import type { TestCluster } from './cluster.ts';

interface ContainerState {
  readonly waiting?: { readonly reason?: string };
}

interface Item {
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly phase?: string;
    readonly availableReplicas?: number;
    readonly readyReplicas?: number;
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly restartCount: number;
      readonly ready: boolean;
      readonly state?: ContainerState;
    }[];
  };
}

const KINDS = 'pods,deployments,statefulsets,persistentvolumeclaims';
/** What the rules and the scrape leave on every series of kube-state-metrics. */
const SCRAPED = { job: 'kube-state-metrics', prometheus: 'monitoring/k8s', severity: 'warning' };
const INSTANCE = '10.250.0.9:8443';

/**
 * The alerts that the rules of kube-prometheus would have firing about namespaces as they are now, without waiting for as
 * long as the rules do; the last one is about claims and a rule that many add.
 */
export async function firingAlerts(cluster: TestCluster, ...namespaces: readonly string[]): Promise<AlertInput[]> {
  const found = await Promise.all(
    namespaces.map(async (namespace) => {
      const { items } = JSON.parse(await cluster.kubectl(['-n', namespace, 'get', KINDS, '-o', 'json'])) as {
        readonly items: readonly Item[];
      };
      return items.flatMap(alertsOf);
    }),
  );
  return found.flat();
}

/** The same alerts as they come where Prometheus does not honour the labels of kube-state-metrics. */
export function exported(alert: AlertInput): AlertInput {
  const { namespace = '', pod = '', container = '', ...rest } = alert;
  return {
    ...rest,
    namespace: 'monitoring',
    pod: 'kube-state-metrics-7b9c5d8f6d-x2x4z',
    container: 'kube-state-metrics',
    exported_namespace: namespace,
    exported_pod: pod,
    ...(container === '' ? {} : { exported_container: container }),
  };
}

function alertsOf(item: Item): readonly AlertInput[] {
  const { kind, metadata, spec, status = {} } = item;
  const { namespace, name } = metadata;
  const wanted = spec.replicas ?? 1;
  switch (kind) {
    case 'Pod':
      return podAlerts(item);
    case 'Deployment':
      return wanted > (status.availableReplicas ?? 0)
        ? [named('KubeDeploymentReplicasMismatch', { namespace, deployment: name, instance: INSTANCE })]
        : [];
    case 'StatefulSet':
      return wanted === (status.readyReplicas ?? 0)
        ? []
        : [named('KubeStatefulSetReplicasMismatch', { namespace, statefulset: name, instance: INSTANCE })];
    default:
      return status.phase === 'Pending'
        ? [
            named('KubernetesPersistentvolumeclaimPending', {
              namespace,
              persistentvolumeclaim: name,
              phase: 'Pending',
            }),
          ]
        : [];
  }
}

function podAlerts({ metadata, status = {} }: Item): readonly AlertInput[] {
  const { namespace, name: pod, uid } = metadata;
  const containers = (status.containerStatuses ?? []).flatMap(({ name: container, restartCount, ready, state }) => {
    const reason = state?.waiting?.reason;
    const labels = { namespace, pod, container, uid, instance: INSTANCE };
    // The rule looks back over five minutes: between two back-offs the container may run.
    if (reason === 'CrashLoopBackOff' || (restartCount > 1 && !ready)) {
      return [named('KubePodCrashLooping', { ...labels, reason: 'CrashLoopBackOff' })];
    }
    return reason === undefined ? [] : [named('KubeContainerWaiting', { ...labels, reason })];
  });
  const isPending = status.phase === 'Pending' || status.phase === 'Unknown';
  return [...containers, ...(isPending ? [named('KubePodNotReady', { namespace, pod })] : [])];
}

function named(alertname: string, labels: AlertInput): AlertInput {
  return { alertname, ...labels, ...SCRAPED };
}
