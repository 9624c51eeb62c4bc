import type { JsonObject } from '../../core/facts/json.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { nameOf, namespaceOf } from './cluster-names.ts';

/** Enough to find something to ask about; the rest of a large cluster is not read. */
const MOST_PODS = 500;

/** The state of a pod, as far as it tells whether the pod is worth a question. */
interface PodState {
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly ready?: boolean }[];
  };
}

/** Commands about pods that are not well, at most so many. */
export async function findBrokenPods(reader: ClusterReader, most: number): Promise<readonly string[]> {
  const result = await reader.list({ resource: resourceOf('Pod'), limit: MOST_PODS });
  if (result.kind !== 'found') {
    return [];
  }
  const broken = result.objects.filter(isBroken).slice(0, most);
  return broken.map((pod) => `/k8s why ${nameOf(pod)} -n ${namespaceOf(pod)}`);
}

function isBroken(pod: JsonObject): boolean {
  // Lenient: whatever has another shape is taken as well.
  const { status } = pod as PodState;
  if (status?.phase === 'Succeeded') {
    return false;
  }
  return status?.phase !== 'Running' || (status.containerStatuses ?? []).some(({ ready }) => ready === false);
}
