import { describe, expect, it } from 'vitest';
import type { Labels } from '../../../src/core/triage/alert.ts';
import { ALERT_CATALOGUE } from '../../../src/core/triage/alert-catalogue.ts';
import type { AlertTarget } from '../../../src/core/triage/alert-target.ts';
import { mapped, ONE_CLUSTER } from './payloads.ts';

const UID = '81c1715d-7ac4-469f-afa8-980b87d604b1';
/** What kube-state-metrics and the kubelet's cAdvisor put on every series, with honorLabels. */
const KSM = { job: 'kube-state-metrics', severity: 'warning', prometheus: 'monitoring/k8s' };
const NODE_EXPORTER = {
  job: 'node-exporter',
  namespace: 'monitoring',
  pod: 'node-exporter-7x2bq',
  container: 'node-exporter',
  instance: '10.0.0.12:9100',
  severity: 'warning',
};
const KUBELET = { job: 'kubelet', metrics_path: '/metrics', instance: '10.0.0.12:10250', node: 'worker-2' };

function object(kind: string, namespace: string, name: string, rest: object = {}): AlertTarget {
  return { kind: 'object', object: { kind, namespace, name, ...rest } } as AlertTarget;
}

const POD = { ...KSM, namespace: 'shop', pod: 'web-0', container: 'web' };
const AT_NODE: AlertTarget = { kind: 'node-address', address: '10.0.0.12' };
const WORKER = object('Node', '', 'worker-2');
const API_SERVER: AlertTarget = { kind: 'control-plane', part: 'api-server' };
const CLUSTER: AlertTarget = { kind: 'cluster' };
const QUOTA = object('ResourceQuota', 'shop', 'compute');

/** Each alert with the labels that the rules of kube-prometheus leave on it. */
const ROWS: readonly (readonly [string, Labels, AlertTarget])[] = [
  [
    'KubePodCrashLooping',
    { ...POD, uid: UID, reason: 'CrashLoopBackOff' },
    object('Pod', 'shop', 'web-0', { uid: UID }),
  ],
  ['KubewhyPodCrashLooping', { ...POD, uid: UID }, object('Pod', 'shop', 'web-0', { uid: UID })],
  ['KubewhyImagePullFailing', { ...POD, uid: UID }, object('Pod', 'shop', 'web-0', { uid: UID })],
  ['KubewhyContainerCreateFailing', { ...POD, uid: UID }, object('Pod', 'shop', 'web-0', { uid: UID })],
  ['KubewhyPodStuck', { namespace: 'shop', pod: 'web-0', uid: UID }, object('Pod', 'shop', 'web-0', { uid: UID })],
  ['KubePodNotReady', { namespace: 'shop', pod: 'web-0', job: 'kube-state-metrics' }, object('Pod', 'shop', 'web-0')],
  ['KubeContainerWaiting', { ...POD, reason: 'ErrImagePull' }, object('Pod', 'shop', 'web-0')],
  [
    'KubeDeploymentReplicasMismatch',
    { ...KSM, namespace: 'shop', deployment: 'web' },
    object('Deployment', 'shop', 'web'),
  ],
  [
    'KubeDeploymentRolloutStuck',
    { ...KSM, namespace: 'shop', deployment: 'web', condition: 'Progressing', status: 'false' },
    object('Deployment', 'shop', 'web'),
  ],
  [
    'KubeDeploymentGenerationMismatch',
    { ...KSM, namespace: 'shop', deployment: 'web' },
    object('Deployment', 'shop', 'web'),
  ],
  [
    'KubeStatefulSetGenerationMismatch',
    { ...KSM, namespace: 'shop', statefulset: 'db' },
    object('StatefulSet', 'shop', 'db'),
  ],
  [
    'KubeStatefulSetReplicasMismatch',
    { ...KSM, namespace: 'shop', statefulset: 'db' },
    object('StatefulSet', 'shop', 'db'),
  ],
  [
    'KubeStatefulSetUpdateNotRolledOut',
    { ...KSM, namespace: 'shop', statefulset: 'db' },
    object('StatefulSet', 'shop', 'db'),
  ],
  [
    'KubeDaemonSetRolloutStuck',
    { ...KSM, namespace: 'kube-system', daemonset: 'cni' },
    object('DaemonSet', 'kube-system', 'cni'),
  ],
  [
    'KubeDaemonSetNotScheduled',
    { ...KSM, namespace: 'kube-system', daemonset: 'cni' },
    object('DaemonSet', 'kube-system', 'cni'),
  ],
  [
    'KubeDaemonSetMisScheduled',
    { ...KSM, namespace: 'kube-system', daemonset: 'cni' },
    object('DaemonSet', 'kube-system', 'cni'),
  ],
  ['KubeJobFailed', { ...KSM, namespace: 'shop', job_name: 'nightly-1' }, object('Job', 'shop', 'nightly-1')],
  ['KubeJobNotCompleted', { namespace: 'shop', job_name: 'nightly-1' }, object('Job', 'shop', 'nightly-1')],
  ['KubeJobCompletion', { ...KSM, namespace: 'shop', job_name: 'nightly-1' }, object('Job', 'shop', 'nightly-1')],
  [
    'KubeHpaReplicasMismatch',
    { ...KSM, namespace: 'shop', horizontalpodautoscaler: 'web' },
    object('HorizontalPodAutoscaler', 'shop', 'web'),
  ],
  ['KubeHpaMaxedOut', { ...KSM, namespace: 'shop', hpa: 'web' }, object('HorizontalPodAutoscaler', 'shop', 'web')],
  [
    'KubePdbNotEnoughHealthyPods',
    { ...KSM, namespace: 'shop', poddisruptionbudget: 'web' },
    object('PodDisruptionBudget', 'shop', 'web'),
  ],
  ['KubeNodeNotReady', { ...KSM, node: 'worker-2', condition: 'Ready', status: 'true' }, WORKER],
  [
    'KubeNodeUnreachable',
    { ...KSM, node: 'worker-2', key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
    WORKER,
  ],
  ['KubeNodeReadinessFlapping', { node: 'worker-2', severity: 'warning' }, WORKER],
  ['KubeNodePressure', { ...KSM, node: 'worker-2', condition: 'DiskPressure', status: 'true' }, WORKER],
  ['KubeNodeEviction', { ...KUBELET, eviction_signal: 'memory.available' }, WORKER],
  ['KubeletPlegDurationHigh', { ...KUBELET, quantile: '0.99' }, WORKER],
  ['KubeletPodStartUpLatencyHigh', KUBELET, WORKER],
  ['KubeletTooManyPods', { node: 'worker-2' }, WORKER],
  ['KubeletDown', { severity: 'critical' }, { kind: 'scrape-target' }],
  [
    'KubeletInstanceUnreachable',
    { job: 'kubelet', instance: '10.0.0.12:10250' },
    { kind: 'scrape-target', job: 'kubelet', address: '10.0.0.12' },
  ],
  ['TargetDown', { job: 'web', namespace: 'shop', service: 'web' }, { kind: 'scrape-target', job: 'web' }],
  ['KubeletClientCertificateExpiration', KUBELET, WORKER],
  ['KubeletServerCertificateExpiration', KUBELET, WORKER],
  ['KubeletClientCertificateRenewalErrors', KUBELET, WORKER],
  ['KubeletServerCertificateRenewalErrors', KUBELET, WORKER],
  [
    'KubeClientCertificateExpiration',
    { job: 'apiserver', instance: '10.0.0.1:6443' },
    { kind: 'control-plane', part: 'api-clients' },
  ],
  [
    'KubeAggregatedAPIDown',
    { name: 'v1beta1.metrics.k8s.io', namespace: 'default' },
    object('APIService', '', 'v1beta1.metrics.k8s.io'),
  ],
  [
    'KubeAggregatedAPIErrors',
    { name: 'v1beta1.metrics.k8s.io', reason: 'FailedDiscoveryCheck' },
    object('APIService', '', 'v1beta1.metrics.k8s.io'),
  ],
  ['KubeAPIDown', { severity: 'critical' }, API_SERVER],
  ['KubeAPIInstanceUnreachable', { job: 'apiserver', instance: '10.0.0.1:6443' }, API_SERVER],
  ['KubeAPIErrorBudgetBurn', { severity: 'critical', long: '1h', short: '5m' }, API_SERVER],
  ['KubeAPITerminatedRequests', {}, API_SERVER],
  ['KubeClientErrors', { job: 'kubelet', instance: '10.0.0.12:10250', namespace: 'kube-system' }, API_SERVER],
  ['KubeSchedulerDown', {}, { kind: 'control-plane', part: 'scheduler' }],
  ['KubeControllerManagerDown', {}, { kind: 'control-plane', part: 'controller-manager' }],
  ['KubeProxyDown', {}, { kind: 'control-plane', part: 'kube-proxy' }],
  [
    'KubePersistentVolumeFillingUp',
    { ...KUBELET, namespace: 'shop', persistentvolumeclaim: 'data-db-0', severity: 'critical' },
    object('PersistentVolumeClaim', 'shop', 'data-db-0'),
  ],
  [
    'KubePersistentVolumeInodesFillingUp',
    { ...KUBELET, namespace: 'shop', persistentvolumeclaim: 'data-db-0' },
    object('PersistentVolumeClaim', 'shop', 'data-db-0'),
  ],
  [
    'KubePersistentVolumeErrors',
    { ...KSM, persistentvolume: 'pvc-1', phase: 'Failed' },
    object('PersistentVolume', '', 'pvc-1'),
  ],
  ['KubeQuotaAlmostFull', { ...KSM, namespace: 'shop', resource: 'cpu', resourcequota: 'compute' }, QUOTA],
  ['KubeQuotaFullyUsed', { ...KSM, namespace: 'shop', resource: 'cpu', resourcequota: 'compute' }, QUOTA],
  ['KubeQuotaExceeded', { ...KSM, namespace: 'shop', resource: 'cpu', resourcequota: 'compute' }, QUOTA],
  ['KubeCPUOvercommit', {}, CLUSTER],
  ['KubeMemoryOvercommit', {}, CLUSTER],
  ['KubeCPUQuotaOvercommit', {}, CLUSTER],
  ['KubeMemoryQuotaOvercommit', {}, CLUSTER],
  [
    'CPUThrottlingHigh',
    { namespace: 'shop', pod: 'web-0', container: 'web', severity: 'info' },
    object('Pod', 'shop', 'web-0'),
  ],
  ['NodeFilesystemAlmostOutOfSpace', { ...NODE_EXPORTER, device: '/dev/sda1', mountpoint: '/' }, AT_NODE],
  ['NodeFilesystemSpaceFillingUp', { ...NODE_EXPORTER, device: '/dev/sda1', mountpoint: '/' }, AT_NODE],
  ['NodeFilesystemAlmostOutOfFiles', { ...NODE_EXPORTER, device: '/dev/sda1', mountpoint: '/' }, AT_NODE],
  ['NodeFilesystemFilesFillingUp', { ...NODE_EXPORTER, device: '/dev/sda1', mountpoint: '/' }, AT_NODE],
  ['NodeClockSkewDetected', NODE_EXPORTER, AT_NODE],
  [
    'NodeClockNotSynchronising',
    { ...NODE_EXPORTER, instance: 'worker-2' },
    { kind: 'node-address', address: 'worker-2' },
  ],
  [
    'NodeHighNumberConntrackEntriesUsed',
    { ...NODE_EXPORTER, instance: '[fd00::12]:9100' },
    { kind: 'node-address', address: 'fd00::12' },
  ],
  ['NodeSystemdServiceFailed', { ...NODE_EXPORTER, name: 'kubelet.service', state: 'failed' }, AT_NODE],
  ['Watchdog', { severity: 'none' }, { kind: 'ignored', reason: 'it only says that alerting works' }],
  [
    'InfoInhibitor',
    { namespace: 'shop', pod: 'web-0' },
    { kind: 'ignored', reason: 'it only says that alerting works' },
  ],
];

describe('an alert of kube-prometheus', () => {
  it.each(ROWS)('%s of %j', (alertname, labels, target) => {
    expect(mapped({ alertname, ...labels }).target).toEqual(target);
  });

  it('is in the table above', () => {
    const known = ALERT_CATALOGUE.flatMap(({ alerts }) => alerts);

    expect(ROWS.map(([name]) => name).toSorted()).toEqual(known.toSorted());
    expect(new Set(known).size).toBe(known.length);
  });

  it.each([
    ['KubePodCrashLooping', {}, 'subpath-stale-bind-mount'],
    ['KubeContainerWaiting', { reason: 'CreateContainerConfigError' }, 'missing-configmap-or-secret'],
    ['KubeContainerWaiting', { reason: 'InvalidImageName' }, 'invalid-image-name'],
    ['KubeContainerWaiting', { reason: 'SomethingNew' }, undefined],
    ['NodeSystemdServiceFailed', { name: 'containerd.service' }, 'node-notready-kubelet-unreachable'],
    ['NodeSystemdServiceFailed', { name: 'cups.service' }, undefined],
    ['SomethingElse', {}, undefined],
  ])('%s with %j is tested for %s first', (alertname, labels, playbook) => {
    expect(mapped({ alertname, ...POD, ...labels }).first[0]).toBe(playbook);
  });

  it('of several nodes is tested for what hits several', () => {
    expect(mapped({ alertname: 'KubeNodeNotReady', node: 'worker-2' }).several).toEqual([
      'node-notready-xtables-contention',
      'mass-start-storm',
    ]);
  });

  it('about overcommitment is information', () => {
    expect(mapped({ alertname: 'KubeCPUOvercommit' }).information).toBe(true);
  });

  it('explains what decided', () => {
    const labels = { alertname: 'KubePodCrashLooping', ...POD, uid: UID };

    expect(mapped(labels)).toMatchObject({
      container: 'web',
      cluster: { name: 'prod', from: 'only' },
      trail: [
        '"KubePodCrashLooping" is in the catalogue',
        'label pod names the Pod',
        'cluster prod: there is no label cluster and no other cluster',
      ],
    });
  });
});

describe('the only cluster', () => {
  it('is meant whatever an alert calls it, which is remembered', () => {
    const named = ['prod', 'staging', 'x'.repeat(200)].map(
      (cluster) => mapped({ alertname: 'KubePodCrashLooping', ...POD, cluster }).cluster,
    );

    expect(named.map((cluster) => [cluster?.name, cluster?.from, cluster?.unknown])).toEqual([
      ['prod', 'label', undefined],
      ['prod', 'only', 'staging'],
      ['prod', 'only', `${'x'.repeat(79)}…`],
    ]);
  });
});

describe('the labels of an exporter', () => {
  const scraped = { namespace: 'monitoring', pod: 'kube-state-metrics-6c5f-x2', container: 'kube-state-metrics' };
  const KUBE_STATE_METRICS = { ...KSM, ...scraped };

  it.each<[string, Labels, AlertTarget]>([
    [
      'exported labels are the object',
      { ...KUBE_STATE_METRICS, alertname: 'KubePodCrashLooping', exported_namespace: 'shop', exported_pod: 'web-0' },
      object('Pod', 'shop', 'web-0'),
    ],
    [
      'an exported namespace is that of a workload',
      {
        ...KUBE_STATE_METRICS,
        alertname: 'KubeDeploymentReplicasMismatch',
        exported_namespace: 'shop',
        deployment: 'web',
      },
      object('Deployment', 'shop', 'web'),
    ],
    [
      'an exported node is the node',
      { ...KUBE_STATE_METRICS, alertname: 'KubeNodeNotReady', node: 'worker-1', exported_node: 'worker-2' },
      WORKER,
    ],
    [
      'a node that is not exported is the node',
      { ...KUBE_STATE_METRICS, alertname: 'KubeNodeNotReady', exported_namespace: 'x', node: 'worker-2' },
      WORKER,
    ],
    [
      'the namespace of the exporter is not that of an exported pod',
      { ...KUBE_STATE_METRICS, alertname: 'KubePodCrashLooping', exported_pod: 'web-0' },
      { kind: 'unmapped', reason: 'label pod names a Pod, but no label names its namespace' },
    ],
    [
      'the pod of kube-state-metrics is not diagnosed',
      { ...KUBE_STATE_METRICS, alertname: 'KubePodCrashLooping' },
      { kind: 'unmapped', reason: 'it has no label pod that names a Pod' },
    ],
    [
      'nor under the name that charts give it',
      { ...KSM, alertname: 'KubePodNotReady', namespace: 'shop', pod: 'monitoring-kube-state-metrics-6c5f-x2' },
      { kind: 'unmapped', reason: 'it has no label pod that names a Pod' },
    ],
    [
      'a workload beside that pod is the object',
      { ...KUBE_STATE_METRICS, alertname: 'ReplicasMissing', namespace: 'shop', deployment: 'web' },
      object('Deployment', 'shop', 'web'),
    ],
    [
      'a pod that is only called like it is the object',
      { alertname: 'KubePodCrashLooping', job: 'cadvisor', ...scraped },
      object('Pod', 'monitoring', 'kube-state-metrics-6c5f-x2'),
    ],
  ])('%s', (_what, labels, target) => {
    expect(mapped(labels).target).toEqual(target);
  });
});

describe('an alert of which nothing is known', () => {
  it.each<[Labels, AlertTarget]>([
    [{ namespace: 'shop', pod: 'web-0', job: 'web' }, object('Pod', 'shop', 'web-0')],
    [{ namespace: 'shop', job: 'web' }, object('Namespace', '', 'shop')],
    [{ namespace: 'shop', job_name: 'nightly-1', job: 'kube-state-metrics' }, object('Job', 'shop', 'nightly-1')],
    [{ namespace: 'shop', cronjob: 'nightly' }, object('CronJob', 'shop', 'nightly')],
    [{ namespace: 'shop', replicaset: 'web-1' }, object('ReplicaSet', 'shop', 'web-1')],
    [{ namespace: 'shop', daemonset: 'log', pod: 'log-x' }, object('DaemonSet', 'shop', 'log')],
    [{ namespace: 'shop', ingress: 'web' }, object('Ingress', 'shop', 'web')],
    [{ namespace: 'shop', workload: 'web', workload_type: 'deployment' }, object('Deployment', 'shop', 'web')],
    [{ namespace: 'shop', workload: 'web', workload_type: 'constructor' }, object('Namespace', '', 'shop')],
    [{ persistentvolume: 'pvc-1' }, object('PersistentVolume', '', 'pvc-1')],
    [{ node: 'worker-2', namespace: 'shop' }, WORKER],
    [NODE_EXPORTER, AT_NODE],
    [{ alertname: 'HostOutOfMemory', instance: '10.0.0.12:9100' }, AT_NODE],
    [
      { instance: '10.0.0.12:9100', job: 'web' },
      { kind: 'unmapped', reason: 'it has no label namespace that names a Namespace' },
    ],
    [{}, { kind: 'unmapped', reason: 'it has no label namespace that names a Namespace' }],
    [{ namespace: 'shop', pod: '' }, object('Namespace', '', 'shop')],
  ])('%j', (labels, target) => {
    expect(mapped({ alertname: 'SomethingElse', ...labels }).target).toEqual(target);
  });
});

describe('names that Kubernetes does not allow', () => {
  it.each<[Labels, string]>([
    [{ ...POD, pod: '../../secrets' }, 'label pod is "../../secrets", which is not a name that Kubernetes allows'],
    [{ ...POD, pod: 'Web-0' }, 'label pod is "Web-0", which'],
    [{ ...POD, pod: 'web-0\n' }, 'label pod is "web-0 ", which'],
    [{ ...POD, pod: 'a'.repeat(254) }, 'label pod is "aaa'],
    [{ ...POD, pod: '<!channel>' }, 'label pod is "<!channel>"'],
    [{ ...POD, namespace: 'shop/pods/x' }, 'label namespace is "shop/pods/x"'],
    [{ ...POD, namespace: 'shop.x' }, 'label namespace is "shop.x"'],
    [{ alertname: 'KubeNodeNotReady', node: 'worker 2' }, 'label node is "worker 2"'],
    [
      { alertname: 'NodeClockSkewDetected', instance: 'http://x/' },
      'label instance is "http://x/", which is no address',
    ],
  ])('%j', (labels, reason) => {
    const { target } = mapped({ alertname: 'KubePodCrashLooping', ...labels });

    expect(target).toEqual({ kind: 'unmapped', reason: expect.stringContaining(reason) });
  });

  it('leave out a uid and a container that are none', () => {
    const { target, container } = mapped({ alertname: 'KubePodNotReady', ...POD, uid: 'x', container: 'A B' });

    expect([target, container]).toEqual([object('Pod', 'shop', 'web-0'), undefined]);
  });
});

describe('the cluster', () => {
  const two = { ...ONE_CLUSTER, clusters: ['prod', 'stage'] };

  it.each([
    ['the only one', {}, ONE_CLUSTER, ['prod', 'only']],
    ['the only one, whatever it is called', { cluster: 'eu' }, ONE_CLUSTER, ['prod', 'only']],
    ['the one that the label names', { cluster: 'stage' }, two, ['stage', 'label']],
    ['another name for it', { cluster: 'eu-1' }, { ...two, clusterNames: { 'eu-1': 'stage' } }, ['stage', 'label']],
    ['another label', { k8s: 'stage' }, { ...two, clusterLabel: 'k8s' }, ['stage', 'label']],
    ['that of the sender', {}, { ...two, senderCluster: 'stage' }, ['stage', 'sender']],
    ['the label beats the sender', { cluster: 'prod' }, { ...two, senderCluster: 'stage' }, ['prod', 'label']],
  ])('is %s', (_what, labels, rules, expected) => {
    const { cluster, target } = mapped({ alertname: 'KubePodNotReady', ...POD, ...labels }, rules);

    expect([cluster?.name, cluster?.from]).toEqual(expected);
    expect(target.kind).toBe('object');
  });

  it.each([
    [{}, 'it has no label cluster, and there are several clusters: prod and stage'],
    [{ cluster: 'eu' }, 'label cluster says "eu", which is none of prod and stage'],
    [{ cluster: 'constructor' }, 'label cluster says "constructor", which is none of prod and stage'],
  ])('of %j cannot be told among several', (labels, reason) => {
    const { target, cluster } = mapped({ alertname: 'KubePodNotReady', ...POD, ...labels }, two);

    expect([target, cluster]).toEqual([{ kind: 'unmapped', reason }, undefined]);
  });
});
