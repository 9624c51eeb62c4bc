/** How a kind is addressed in the Kubernetes API. */
export interface ResourceType {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural in the path. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
}

function type(
  kind: string,
  path: string,
  resource: string,
  options: { short?: string; cluster?: boolean } = {},
): ResourceType {
  const slash = path.lastIndexOf('/');
  return {
    kind,
    group: slash < 0 ? '' : path.slice(0, slash),
    version: path.slice(slash + 1),
    resource,
    namespaced: options.cluster !== true,
    shortNames: options.short === undefined ? [] : options.short.split(' '),
  };
}

/** Every resource that Kubewhy reads; short names as `kubectl api-resources` prints them. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  type('Pod', 'v1', 'pods', { short: 'po' }),
  type('Deployment', 'apps/v1', 'deployments', { short: 'deploy' }),
  type('StatefulSet', 'apps/v1', 'statefulsets', { short: 'sts' }),
  type('DaemonSet', 'apps/v1', 'daemonsets', { short: 'ds' }),
  type('ReplicaSet', 'apps/v1', 'replicasets', { short: 'rs' }),
  type('ControllerRevision', 'apps/v1', 'controllerrevisions'),
  type('Job', 'batch/v1', 'jobs'),
  type('CronJob', 'batch/v1', 'cronjobs', { short: 'cj' }),
  type('PersistentVolumeClaim', 'v1', 'persistentvolumeclaims', { short: 'pvc' }),
  type('Ingress', 'networking.k8s.io/v1', 'ingresses', { short: 'ing' }),
  type('Service', 'v1', 'services', { short: 'svc' }),
  type('Node', 'v1', 'nodes', { short: 'no', cluster: true }),
  type('Namespace', 'v1', 'namespaces', { short: 'ns', cluster: true }),
  type('Event', 'v1', 'events', { short: 'ev' }),
  type('ConfigMap', 'v1', 'configmaps', { short: 'cm' }),
  type('Secret', 'v1', 'secrets'),
  type('ServiceAccount', 'v1', 'serviceaccounts', { short: 'sa' }),
  type('ResourceQuota', 'v1', 'resourcequotas', { short: 'quota' }),
  type('LimitRange', 'v1', 'limitranges', { short: 'limits' }),
  type('PersistentVolume', 'v1', 'persistentvolumes', { short: 'pv', cluster: true }),
  type('StorageClass', 'storage.k8s.io/v1', 'storageclasses', { short: 'sc', cluster: true }),
  type('VolumeAttachment', 'storage.k8s.io/v1', 'volumeattachments', { cluster: true }),
  type('CSINode', 'storage.k8s.io/v1', 'csinodes', { cluster: true }),
  type('CSIDriver', 'storage.k8s.io/v1', 'csidrivers', { cluster: true }),
  type('PriorityClass', 'scheduling.k8s.io/v1', 'priorityclasses', { short: 'pc', cluster: true }),
  type('RuntimeClass', 'node.k8s.io/v1', 'runtimeclasses', { cluster: true }),
  type('IngressClass', 'networking.k8s.io/v1', 'ingressclasses', { cluster: true }),
  type('NetworkPolicy', 'networking.k8s.io/v1', 'networkpolicies', { short: 'netpol' }),
  type('EndpointSlice', 'discovery.k8s.io/v1', 'endpointslices'),
  type('ResourceClaim', 'resource.k8s.io/v1', 'resourceclaims'),
  type('ResourceClaimTemplate', 'resource.k8s.io/v1', 'resourceclaimtemplates'),
  type('Lease', 'coordination.k8s.io/v1', 'leases'),
  type('HorizontalPodAutoscaler', 'autoscaling/v2', 'horizontalpodautoscalers', { short: 'hpa' }),
  type('PodDisruptionBudget', 'policy/v1', 'poddisruptionbudgets', { short: 'pdb' }),
  type('CertificateSigningRequest', 'certificates.k8s.io/v1', 'certificatesigningrequests', {
    short: 'csr',
    cluster: true,
  }),
  type('APIService', 'apiregistration.k8s.io/v1', 'apiservices', { cluster: true }),
  type('ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations', {
    cluster: true,
  }),
  type('MutatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'mutatingwebhookconfigurations', {
    cluster: true,
  }),
];

/** Where kubelets renew the leases of their nodes. */
export const NODE_LEASES = 'kube-node-lease';
/** Where events about cluster-scoped objects are. */
export const NODE_EVENTS = 'default';

/** Kinds that `kubewhy why` accepts as a subject. */
export const SUBJECT_KINDS = [
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'PersistentVolumeClaim',
  'Ingress',
  'Node',
  'Namespace',
] as const;

export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** The kinds whose pods are found through a controller. */
export type WorkloadKind = Exclude<SubjectKind, 'Pod' | 'Node' | 'Namespace' | 'PersistentVolumeClaim' | 'Ingress'>;

/** Whether a kind is one that `kubewhy why` accepts. */
export function isSubjectKind(kind: string): kind is SubjectKind {
  return SUBJECT_KINDS.some((known) => known === kind);
}

/** Where objects of a kind are looked for: in a namespace, or nowhere in particular for cluster-scoped kinds. */
export function placeOf(kind: SubjectKind, namespace: string): { readonly namespace?: string } {
  return resourceOf(kind).namespaced ? { namespace } : {};
}

/** Finds a resource by plural, singular, kind or short name, ignoring case and a trailing `.group`; undefined when unknown. */
export function findResourceType(word: string): ResourceType | undefined {
  const wanted = word.toLowerCase().split('.')[0] ?? '';
  return RESOURCE_TYPES.find(
    (known) => known.resource === wanted || known.kind.toLowerCase() === wanted || known.shortNames.includes(wanted),
  );
}

/** The resource of a plural that a validated playbook names. */
export function resourceByPlural(plural: string): ResourceType {
  const found = RESOURCE_TYPES.find((known) => known.resource === plural);
  if (found === undefined) {
    throw new TypeError(`no resource type ${plural}`);
  }
  return found;
}

/** The resource of a kind that is in the table; a kind that is not is a defect of the caller. */
export function resourceOf(kind: string): ResourceType {
  const found = RESOURCE_TYPES.find((known) => known.kind === kind);
  if (found === undefined) {
    throw new TypeError(`no resource type for kind ${kind}`);
  }
  return found;
}
