import { asKube, type KubeObject, type KubeWorkload } from '../../core/facts/kube-types.ts';
import { selectorQuery } from '../../core/facts/nodes.ts';
import type { RemediationPlan } from '../../core/remediation/remediation.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { Subject } from '../../core/subject/subject.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';

/** Pods that are diagnosed at most in the place of one that is gone. */
const MOST_PODS = 3;
const REVISION = 'deployment.kubernetes.io/revision';

type Standing = Pick<RemediationPlan, 'input' | 'target'>;

/** Whether other pods may show what the diagnosed one showed: only the Deployment is changed that makes all of them from one template. */
export function mayStandIn({ input, target }: Standing): boolean {
  return input.subject.kind === 'Pod' && target.kind === 'Deployment' && target.group === 'apps';
}

/** Pods of the newest revision of that very Deployment that are not being deleted, the oldest first; undefined: it cannot be read. */
export async function standIns({ target }: Standing, reader: ClusterReader): Promise<readonly Subject[] | undefined> {
  const { namespace, name, uid } = target;
  const read = await reader.get({ resource: resourceOf('Deployment'), namespace, name });
  if (read.kind === 'unreadable') {
    return undefined;
  }
  const { metadata, spec } = read.kind === 'found' ? asKube<KubeWorkload>(read.object) : {};
  const revision = metadata?.annotations?.[REVISION];
  if (metadata?.uid !== uid || revision === undefined || spec?.selector === undefined) {
    return [];
  }
  const query = { namespace, labelSelector: selectorQuery(spec.selector), metadataOnly: true };
  const [sets, pods] = await Promise.all([
    reader.list({ ...query, resource: resourceOf('ReplicaSet') }),
    reader.list({ ...query, resource: resourceOf('Pod') }),
  ]);
  if (sets.kind === 'unreadable' || pods.kind === 'unreadable') {
    return undefined;
  }
  const newest = sets.objects
    .map((object) => asKube<KubeObject>(object))
    .filter((set) => ownerUid(set) === uid && set.metadata?.annotations?.[REVISION] === revision)
    .map((set) => set.metadata?.uid);
  return pods.objects
    .map((object) => asKube<KubeObject>(object))
    .filter((pod) => pod.metadata?.deletionTimestamp === undefined && newest.includes(ownerUid(pod) ?? ''))
    .toSorted((a, b) => ageText(a).localeCompare(ageText(b)))
    .slice(0, MOST_PODS)
    .map((pod) => ({ kind: 'Pod', namespace, name: pod.metadata?.name ?? '', uid: pod.metadata?.uid ?? '' }));
}

function ownerUid({ metadata }: KubeObject): string | undefined {
  return metadata?.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

function ageText({ metadata }: KubeObject): string {
  return `${metadata?.creationTimestamp ?? ''} ${metadata?.name ?? ''}`;
}
