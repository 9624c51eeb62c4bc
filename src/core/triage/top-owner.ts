import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeObject } from '../facts/kube-types.ts';

/** The workload that a pod belongs to. */
export interface TopOwner {
  readonly kind: string;
  readonly name: string;
}

/** The top workload of a pod as far as its own metadata tells: the Deployment behind a ReplicaSet, a StatefulSet, a Job; undefined for a pod of its own. */
export function topOwner(pod: JsonObject): TopOwner | undefined {
  const { metadata = {} } = asKube<KubeObject>(pod);
  const { kind, name } = metadata.ownerReferences?.find(({ controller }) => controller === true) ?? {};
  if (kind === undefined || name === undefined) {
    return undefined;
  }
  const owner = { kind, name };
  return deploymentOf(owner, metadata.labels?.['pod-template-hash']) ?? owner;
}

/** The hash of the pod template ends the name of every ReplicaSet that a Deployment made. */
function deploymentOf({ kind, name }: TopOwner, hash: string | undefined): TopOwner | undefined {
  const suffix = `-${hash ?? ''}`;
  return kind === 'ReplicaSet' && hash !== undefined && name.endsWith(suffix)
    ? { kind: 'Deployment', name: name.slice(0, -suffix.length) }
    : undefined;
}
