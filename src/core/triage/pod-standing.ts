import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeContainerStatus, type KubePod } from '../facts/kube-types.ts';

/**
 * How a pod stands, in words that are the same for pods that may have one cause: `waiting CrashLoopBackOff`, `Pending`,
 * `not ready on worker-1`. Cheap and no diagnosis: it only says which pods to take samples of together. Undefined when
 * only the metadata is known.
 */
export function podStanding(raw: JsonObject): string | undefined {
  const pod = asKube<KubePod>(raw);
  if (pod.status === undefined) {
    return undefined;
  }
  if (pod.metadata?.deletionTimestamp !== undefined) {
    return 'Terminating';
  }
  return waitingOf(pod) ?? phaseOf(pod);
}

function waitingOf(pod: KubePod): string | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const waiting = [...initContainerStatuses, ...containerStatuses].find((one) => reasonOf(one) !== '');
  if (waiting === undefined) {
    return undefined;
  }
  const reason = reasonOf(waiting);
  // Of images only the image itself can be shared.
  return reason.includes('Image') ? `waiting ${reason} ${imageOf(pod, waiting)}` : `waiting ${reason}`;
}

function imageOf({ spec }: KubePod, { name }: KubeContainerStatus): string {
  const { initContainers = [], containers = [] } = spec ?? {};
  return [...initContainers, ...containers].find((container) => container.name === name)?.image ?? '';
}

/** Empty for a container that only waits for others. */
function reasonOf({ state }: KubeContainerStatus): string {
  const reason = state?.waiting?.reason ?? '';
  return reason === 'PodInitializing' ? '' : reason;
}

/** A pod that runs and is not ready may suffer from its node. */
function phaseOf({ status, spec }: KubePod): string {
  const phase = status?.phase ?? 'Unknown';
  const isReady = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
  return phase === 'Running' && !isReady ? `not ready on ${spec?.nodeName ?? 'no node'}` : phase;
}
