import type { JsonObject } from './json.ts';

/** The fields of Kubernetes objects that derivations in code use; playbooks read the raw objects. All optional: old servers and recordings leave fields out. */
export interface KubeMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly generation?: number;
  readonly ownerReferences?: readonly KubeOwnerReference[];
}

export interface KubeOwnerReference {
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
}

export interface KubeCondition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: KubeMetadata;
}

export interface KubeRunState {
  readonly reason?: string;
  readonly message?: string;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface KubeContainerState {
  readonly waiting?: KubeRunState;
  readonly running?: KubeRunState;
  readonly terminated?: KubeRunState;
}

export interface KubeContainerStatus {
  readonly name?: string;
  readonly state?: KubeContainerState;
  readonly lastState?: KubeContainerState;
  readonly restartCount?: number;
  readonly ready?: boolean;
  readonly started?: boolean;
}

export interface KubeKeyRef {
  readonly name?: string;
  readonly key?: string;
  readonly optional?: boolean;
}

export interface KubeProbe {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
}

export interface KubeContainer {
  readonly name?: string;
  readonly image?: string;
  readonly restartPolicy?: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly {
    readonly name?: string;
    readonly value?: string;
    readonly valueFrom?: { readonly configMapKeyRef?: KubeKeyRef; readonly secretKeyRef?: KubeKeyRef };
  }[];
  readonly envFrom?: readonly { readonly configMapRef?: KubeKeyRef; readonly secretRef?: KubeKeyRef }[];
  readonly volumeMounts?: readonly {
    readonly name?: string;
    readonly mountPath?: string;
    readonly subPath?: string;
    readonly subPathExpr?: string;
  }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly ports?: readonly { readonly hostPort?: number; readonly protocol?: string }[];
  readonly readinessProbe?: KubeProbe;
  readonly livenessProbe?: KubeProbe;
  readonly startupProbe?: KubeProbe;
}

export interface KubeKeyItems extends KubeKeyRef {
  readonly secretName?: string;
  readonly items?: readonly { readonly key?: string }[];
}

export interface KubeVolume {
  readonly name?: string;
  readonly configMap?: KubeKeyItems;
  readonly secret?: KubeKeyItems;
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly projected?: {
    readonly sources?: readonly { readonly configMap?: KubeKeyItems; readonly secret?: KubeKeyItems }[];
  };
}

export interface KubeToleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface KubeNodeSelectorRequirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

export interface KubeNodeSelectorTerm {
  readonly matchExpressions?: readonly KubeNodeSelectorRequirement[];
  readonly matchFields?: readonly KubeNodeSelectorRequirement[];
}

export interface KubePodSpec {
  readonly nodeName?: string;
  readonly containers?: readonly KubeContainer[];
  readonly initContainers?: readonly KubeContainer[];
  readonly volumes?: readonly KubeVolume[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly serviceAccountName?: string;
  readonly restartPolicy?: string;
  readonly tolerations?: readonly KubeToleration[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly readinessGates?: readonly { readonly conditionType?: string }[];
  readonly overhead?: Readonly<Record<string, string>>;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms?: readonly KubeNodeSelectorTerm[];
      };
    };
  };
}

export interface KubePod extends KubeObject {
  readonly spec?: KubePodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly startTime?: string;
    readonly conditions?: readonly KubeCondition[];
    readonly containerStatuses?: readonly KubeContainerStatus[];
    readonly initContainerStatuses?: readonly KubeContainerStatus[];
  };
}

export interface KubeNode extends KubeObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key?: string; readonly value?: string; readonly effect?: string }[];
  };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly KubeCondition[];
  };
}

export interface KubeLease extends KubeObject {
  readonly metadata?: KubeMetadata & { readonly managedFields?: readonly { readonly time?: string }[] };
  readonly spec?: { readonly renewTime?: string; readonly leaseDurationSeconds?: number };
}

export interface KubeEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly note?: string;
  readonly count?: number;
  readonly eventTime?: string | null;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly involvedObject?: {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly fieldPath?: string;
  };
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
}

export interface KubeLabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly KubeNodeSelectorRequirement[];
}

export interface KubeWorkload extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly suspend?: boolean;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly selector?: KubeLabelSelector;
    readonly template?: { readonly metadata?: KubeMetadata; readonly spec?: KubePodSpec };
    readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: KubePodSpec } } };
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
  };
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly updatedNumberScheduled?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly active?: number | readonly { readonly name?: string }[];
    readonly conditions?: readonly KubeCondition[];
    readonly startTime?: string;
  };
}

/** Reads a JSON object as one of the types above; the only place where cluster data gets a type without being checked field by field. */
export function asKube<T extends KubeObject>(object: JsonObject): T {
  // All fields are optional and readers guard them; the API server has validated the structure.
  return object as unknown as T;
}
