import type { JsonObject } from './json.ts';
import { asKube, type KubeMetadata, type KubeObject } from './kube-types.ts';

interface ManagedField {
  readonly manager?: string;
  readonly fieldsV1?: { readonly 'f:metadata'?: { readonly 'f:finalizers'?: Readonly<Record<string, unknown>> } };
}

interface ManagedObject extends KubeObject {
  readonly metadata?: KubeMetadata & { readonly managedFields?: readonly ManagedField[] };
}

/** A finalizer of an object, with who set it as far as the object tells; empty when it does not. */
export interface FinalizerFact {
  readonly name: string;
  readonly manager: string;
}

/** The finalizers of an object in their order. */
export function finalizersOf(object: JsonObject): readonly FinalizerFact[] {
  const { finalizers, managedFields } = asKube<ManagedObject>(object).metadata ?? {};
  return (finalizers ?? []).map((name) => ({ name, manager: managerOf(name, managedFields ?? []) }));
}

function managerOf(finalizer: string, fields: readonly ManagedField[]): string {
  const owned = fields.find(({ fieldsV1 }) =>
    Object.hasOwn(fieldsV1?.['f:metadata']?.['f:finalizers'] ?? {}, `v:${JSON.stringify(finalizer)}`),
  );
  return owned?.manager ?? '';
}

/** What is known about a finalizer by its name alone. */
export interface KnownFinalizer {
  readonly known: boolean;
  /** Whose work it is, for people: `the Job controller`; the part of the name before the slash when it is not known. */
  readonly owner: string;
  /** Part of the kube-controller-manager. */
  readonly core: boolean;
  /** What it protects; nobody takes such a one away by hand. Empty: nothing that is known. */
  readonly guards: string;
}

interface Row {
  readonly name: RegExp;
  readonly owner: string;
  readonly core?: true;
  readonly guards?: string;
}

/** Names that Kubernetes, cloud providers and common operators use. */
const KNOWN: readonly Row[] = [
  {
    name: /^kubernetes\.io\/pvc-protection$/,
    owner: 'the protection controller of claims',
    core: true,
    guards: 'a claim that pods still use',
  },
  {
    name: /^kubernetes\.io\/pv-protection$/,
    owner: 'the protection controller of volumes',
    core: true,
    guards: 'a volume that a claim still uses',
  },
  {
    name: /^foregroundDeletion$/,
    owner: 'the garbage collector',
    core: true,
    guards: 'the order in which dependants are deleted',
  },
  { name: /^orphan$/, owner: 'the garbage collector', core: true, guards: 'dependants that shall stay' },
  {
    name: /^batch\.kubernetes\.io\/job-tracking$/,
    owner: 'the Job controller',
    core: true,
    guards: 'the count of pods of a Job',
  },
  {
    name: /^external-attacher\//,
    owner: 'the external-attacher of the CSI driver',
    guards: 'a volume that a node may still use',
  },
  {
    name: /^external-provisioner\.volume\.kubernetes\.io\/finalizer$/,
    owner: 'the external-provisioner of the CSI driver',
    guards: 'a volume in the storage system',
  },
  {
    name: /^snapshot\.storage\.kubernetes\.io\//,
    owner: 'the snapshot controller',
    guards: 'a snapshot in the storage system',
  },
  {
    name: /^service\.kubernetes\.io\/load-balancer-cleanup$/,
    owner: 'the service controller of the cloud provider',
    guards: 'a load balancer at the cloud provider',
  },
  {
    name: /^(?:elbv2|ingress|service|group\.ingress)\.k8s\.aws\//,
    owner: 'the AWS Load Balancer Controller',
    guards: 'a load balancer at the cloud provider',
  },
  {
    name: /^networking\.gke\.io\//,
    owner: 'the load balancer controller of GKE',
    guards: 'a load balancer at the cloud provider',
  },
  { name: /^karpenter\.sh\/termination$/, owner: 'Karpenter', guards: 'a machine at the cloud provider' },
  { name: /(?:^|\.)cattle\.io\//, owner: 'Rancher' },
  { name: /(?:^|\.)kubesphere\.io\//, owner: 'KubeSphere' },
  { name: /argocd\.argoproj\.io/, owner: 'the application controller of Argo CD' },
  { name: /^finalizers\.fluxcd\.io$/, owner: 'Flux' },
  { name: /(?:^|\.)ceph\.rook\.io(?:\/|$)/, owner: 'the Rook operator' },
  { name: /^objectbucket\.io\/finalizer$/, owner: 'the provisioner of object buckets' },
  {
    name: /^(?:[a-z0-9.-]+\.)?(?:kubernetes\.io|k8s\.io|k8s\.aws|gke\.io)(?:\/|$)/,
    owner: 'a controller of Kubernetes or of the cloud provider',
    guards: 'what it stands for outside of the object',
  },
  { name: /(?:^|\.)keda\.sh(?:\/|$)/, owner: 'KEDA' },
];

/** Looks a finalizer up by its name. */
export function knownFinalizer(finalizer: string): KnownFinalizer {
  const row = KNOWN.find(({ name }) => name.test(finalizer));
  const [domain = ''] = finalizer.split('/');
  return {
    known: row !== undefined,
    owner: row?.owner ?? `whoever set \`${domain}\``,
    core: row?.core ?? false,
    guards: row?.guards ?? '',
  };
}
