/** Kinds that an alert can be about. */
export type TargetKind =
  | 'Pod'
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'ReplicaSet'
  | 'Job'
  | 'CronJob'
  | 'HorizontalPodAutoscaler'
  | 'PodDisruptionBudget'
  | 'PersistentVolumeClaim'
  | 'PersistentVolume'
  | 'ResourceQuota'
  | 'Ingress'
  | 'APIService'
  | 'Node'
  | 'Namespace';

/** What of the control plane an alert can be about. */
export type ControlPlanePart = 'api-server' | 'scheduler' | 'controller-manager' | 'kube-proxy' | 'api-clients';

/** Which object the labels of an alert name. */
export type TargetRule =
  /** The object of that kind whose name is in the first of the labels that is there. */
  | { readonly by: 'object'; readonly kind: TargetKind; readonly labels: readonly string[] }
  /** The node of the label `node`, else the one with the address in `instance`. */
  | { readonly by: 'node' }
  /** Whatever Prometheus could not scrape; the node only when the labels name one. */
  | { readonly by: 'scrape' }
  | { readonly by: 'control-plane'; readonly part: ControlPlanePart }
  /** The cluster as a whole. */
  | { readonly by: 'cluster' }
  /** Nothing: such an alert says that alerting itself works. */
  | { readonly by: 'nothing' };

/** What is known about alerts of one name. */
export interface CatalogueEntry {
  readonly alerts: readonly string[];
  readonly target: TargetRule;
  /** Playbooks to test first. */
  readonly first: readonly string[];
  /** Playbooks to test before all others when several such alerts come together. */
  readonly several?: readonly string[];
  /** `first` depends on a label: it holds only for these values. */
  readonly onlyFor?: { readonly label: string; readonly values: readonly string[] };
  /** `first` by the value of the label `reason`. */
  readonly byReason?: true;
  /** Nothing is broken that could be diagnosed. */
  readonly information?: true;
}

const POD: TargetRule = { by: 'object', kind: 'Pod', labels: ['pod'] };
const DEPLOYMENT: TargetRule = { by: 'object', kind: 'Deployment', labels: ['deployment'] };
const STATEFUL_SET: TargetRule = { by: 'object', kind: 'StatefulSet', labels: ['statefulset'] };
const DAEMON_SET: TargetRule = { by: 'object', kind: 'DaemonSet', labels: ['daemonset'] };
const JOB: TargetRule = { by: 'object', kind: 'Job', labels: ['job_name'] };
const HPA: TargetRule = { by: 'object', kind: 'HorizontalPodAutoscaler', labels: ['horizontalpodautoscaler', 'hpa'] };
const CLAIM: TargetRule = { by: 'object', kind: 'PersistentVolumeClaim', labels: ['persistentvolumeclaim'] };
const QUOTA: TargetRule = { by: 'object', kind: 'ResourceQuota', labels: ['resourcequota'] };
const API_SERVICE: TargetRule = { by: 'object', kind: 'APIService', labels: ['name'] };
const NODE: TargetRule = { by: 'node' };

/** The order in which causes of a crash loop are tried: start errors first. */
const CRASH = [
  'subpath-stale-bind-mount',
  'command-not-executable',
  'oom-killed-container',
  'probe-dependency-cascade',
  'liveness-probe-kill',
  'startup-too-slow-for-probes',
  'crash-application-error',
  'container-exits-zero',
  'crashloop-backoff-ceiling',
] as const;
const NODE_DOWN = [
  'node-notready-kubelet-unreachable',
  'node-notready-xtables-contention',
  'node-notready-pleg',
  'node-notready-runtime-down',
  'node-notready-cni',
] as const;
const NODE_STORM = ['node-notready-xtables-contention', 'mass-start-storm'] as const;

/** What the rules of kubernetes-mixin and kube-prometheus mean, and the alerts that Kubewhy makes itself: which object they are about, and what to test first. */
export const ALERT_CATALOGUE: readonly CatalogueEntry[] = [
  { alerts: ['KubePodCrashLooping'], target: POD, first: CRASH },
  {
    alerts: ['KubePodNotReady'],
    target: POD,
    first: ['readiness-gate-not-met', 'probe-dependency-cascade', 'readiness-probe-failing'],
  },
  { alerts: ['KubeContainerWaiting'], target: POD, first: [], byReason: true },
  { alerts: ['KubeDeploymentReplicasMismatch'], target: DEPLOYMENT, first: [] },
  { alerts: ['KubeDeploymentRolloutStuck'], target: DEPLOYMENT, first: ['rollout-progress-deadline'] },
  {
    alerts: ['KubeDeploymentGenerationMismatch'],
    target: DEPLOYMENT,
    first: ['namespace-terminating-controller-not-running'],
  },
  {
    alerts: ['KubeStatefulSetGenerationMismatch'],
    target: STATEFUL_SET,
    first: ['namespace-terminating-controller-not-running'],
  },
  {
    alerts: ['KubeStatefulSetReplicasMismatch', 'KubeStatefulSetUpdateNotRolledOut'],
    target: STATEFUL_SET,
    first: ['statefulset-rollout-stuck', 'pod-terminating-node-unreachable'],
  },
  {
    alerts: ['KubeDaemonSetRolloutStuck', 'KubeDaemonSetNotScheduled', 'KubeDaemonSetMisScheduled'],
    target: DAEMON_SET,
    first: ['daemonset-rollout-stuck', 'pending-untolerated-taint'],
  },
  { alerts: ['KubeJobFailed'], target: JOB, first: ['job-backoff-limit-exceeded', 'job-deadline-exceeded'] },
  { alerts: ['KubeJobNotCompleted', 'KubeJobCompletion'], target: JOB, first: ['cronjob-not-running'] },
  {
    alerts: ['KubeHpaReplicasMismatch', 'KubeHpaMaxedOut'],
    target: HPA,
    first: ['hpa-no-metrics', 'pending-insufficient-resources'],
  },
  {
    alerts: ['KubePdbNotEnoughHealthyPods'],
    target: { by: 'object', kind: 'PodDisruptionBudget', labels: ['poddisruptionbudget'] },
    first: ['pdb-blocks-drain'],
  },
  { alerts: ['KubeNodeNotReady'], target: NODE, first: NODE_DOWN, several: NODE_STORM },
  { alerts: ['KubeNodeUnreachable'], target: NODE, first: ['node-notready-kubelet-unreachable'], several: NODE_STORM },
  {
    alerts: ['KubeNodeReadinessFlapping'],
    target: NODE,
    first: ['node-notready-pleg', 'node-notready-xtables-contention', 'node-clock-skew'],
    several: NODE_STORM,
  },
  {
    alerts: ['KubeNodePressure', 'KubeNodeEviction'],
    target: NODE,
    first: ['node-pressure', 'evicted-node-pressure', 'evicted-ephemeral-storage'],
  },
  {
    alerts: ['KubeletPlegDurationHigh', 'KubeletPodStartUpLatencyHigh'],
    target: NODE,
    first: ['node-notready-pleg', 'mass-start-storm'],
  },
  { alerts: ['KubeletTooManyPods'], target: NODE, first: ['pending-insufficient-resources'] },
  {
    alerts: ['KubeletDown', 'KubeletInstanceUnreachable', 'TargetDown'],
    target: { by: 'scrape' },
    first: ['node-notready-kubelet-unreachable', 'node-certificate-expired'],
  },
  {
    alerts: [
      'KubeletClientCertificateExpiration',
      'KubeletServerCertificateExpiration',
      'KubeletClientCertificateRenewalErrors',
      'KubeletServerCertificateRenewalErrors',
    ],
    target: NODE,
    first: ['node-certificate-expired'],
  },
  {
    alerts: ['KubeClientCertificateExpiration'],
    target: { by: 'control-plane', part: 'api-clients' },
    first: ['x509-expired'],
  },
  {
    alerts: ['KubeAggregatedAPIDown', 'KubeAggregatedAPIErrors'],
    target: API_SERVICE,
    first: ['apiservice-unavailable'],
  },
  {
    alerts: [
      'KubeAPIDown',
      'KubeAPIInstanceUnreachable',
      'KubeAPIErrorBudgetBurn',
      'KubeAPITerminatedRequests',
      'KubeClientErrors',
    ],
    target: { by: 'control-plane', part: 'api-server' },
    first: [],
  },
  {
    alerts: ['KubeSchedulerDown'],
    target: { by: 'control-plane', part: 'scheduler' },
    first: ['pending-no-scheduler'],
  },
  {
    alerts: ['KubeControllerManagerDown'],
    target: { by: 'control-plane', part: 'controller-manager' },
    first: ['namespace-terminating-controller-not-running'],
  },
  { alerts: ['KubeProxyDown'], target: { by: 'control-plane', part: 'kube-proxy' }, first: ['kube-proxy-unhealthy'] },
  {
    alerts: ['KubePersistentVolumeFillingUp', 'KubePersistentVolumeInodesFillingUp'],
    target: CLAIM,
    first: ['volume-full'],
  },
  {
    alerts: ['KubePersistentVolumeErrors'],
    target: { by: 'object', kind: 'PersistentVolume', labels: ['persistentvolume'] },
    first: ['pvc-terminating-or-lost', 'pvc-pending-no-class-or-pv', 'pvc-pending-provisioning-failed'],
  },
  {
    alerts: ['KubeQuotaAlmostFull', 'KubeQuotaFullyUsed', 'KubeQuotaExceeded'],
    target: QUOTA,
    first: ['quota-exceeded'],
  },
  {
    alerts: ['KubeCPUOvercommit', 'KubeMemoryOvercommit', 'KubeCPUQuotaOvercommit', 'KubeMemoryQuotaOvercommit'],
    target: { by: 'cluster' },
    first: [],
    information: true,
  },
  { alerts: ['CPUThrottlingHigh'], target: POD, first: ['liveness-probe-kill', 'startup-too-slow-for-probes'] },
  {
    alerts: [
      'NodeFilesystemAlmostOutOfSpace',
      'NodeFilesystemSpaceFillingUp',
      'NodeFilesystemAlmostOutOfFiles',
      'NodeFilesystemFilesFillingUp',
    ],
    target: NODE,
    first: ['node-pressure', 'evicted-node-pressure'],
  },
  {
    alerts: ['NodeClockSkewDetected', 'NodeClockNotSynchronising'],
    target: NODE,
    first: ['node-clock-skew', 'token-or-clock-invalid'],
  },
  { alerts: ['NodeHighNumberConntrackEntriesUsed'], target: NODE, first: ['dns-failure'] },
  {
    alerts: ['NodeSystemdServiceFailed'],
    target: NODE,
    first: NODE_DOWN,
    onlyFor: {
      label: 'name',
      values: ['kubelet', 'kubelet.service', 'containerd', 'containerd.service', 'docker', 'docker.service'],
    },
  },
  { alerts: ['KubewhyPodCrashLooping'], target: POD, first: CRASH },
  { alerts: ['KubewhyImagePullFailing', 'KubewhyContainerCreateFailing', 'KubewhyPodStuck'], target: POD, first: [] },
  { alerts: ['Watchdog', 'InfoInhibitor'], target: { by: 'nothing' }, first: [] },
];

const BY_NAME = new Map(ALERT_CATALOGUE.flatMap((entry) => entry.alerts.map((alert) => [alert, entry] as const)));

/** What is known about alerts of that name. */
export function catalogueEntry(alert: string): CatalogueEntry | undefined {
  return BY_NAME.get(alert);
}
