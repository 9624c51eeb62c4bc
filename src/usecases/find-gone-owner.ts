import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { resourceOf, type SubjectKind } from '../core/subject/kinds.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { Reads } from './reads.ts';

/** Whose pods have names that end like this. */
const MAKERS: readonly { readonly ending: RegExp; readonly kinds: readonly ('ReplicaSet' | SubjectKind)[] }[] = [
  { ending: /-[a-z0-9]{5}$/, kinds: ['ReplicaSet', 'DaemonSet'] },
  { ending: /-\d+$/, kinds: ['StatefulSet'] },
];

/**
 * The workload that a pod belonged to which is gone: what its name begins with still exists and makes pods of such names.
 * Undefined when there is none, or when it cannot be read.
 */
export async function findGoneOwner(
  { namespace, name }: SubjectQuery,
  reader: Pick<Reads, 'get'>,
): Promise<SubjectQuery | undefined> {
  for (const { ending, kinds } of MAKERS) {
    const base = name.replace(ending, '');
    for (const kind of base === name ? [] : kinds) {
      const read = await reader.get({ resource: resourceOf(kind), namespace, name: base, metadataOnly: true });
      if (read.kind === 'found') {
        return kind === 'ReplicaSet' ? deploymentOf(asKube<KubeObject>(read.object)) : { kind, namespace, name: base };
      }
    }
  }
  return undefined;
}

function deploymentOf({ metadata }: KubeObject): SubjectQuery | undefined {
  const owner = metadata?.ownerReferences?.find(({ controller, kind }) => controller === true && kind === 'Deployment');
  return owner?.name === undefined
    ? undefined
    : { kind: 'Deployment', namespace: metadata?.namespace ?? '', name: owner.name };
}
