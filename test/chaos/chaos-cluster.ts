import { randomUUID } from 'node:crypto';
import { textAt } from '../../src/core/recording/object-parts.ts';
import { startClusterSim } from '../../src/sim/cluster/cluster-sim.ts';
import { EXECUTOR_USER, READER_USER } from '../../src/sim/cluster/users.ts';
import { APPROVERS } from '../integration/remediation-world.ts';
import type { Upstream } from './http-wire.ts';
import { emptyCluster, type IllPod, illObjects, illPod, replacement } from './ill-pods.ts';

/** A cluster in which pods can be broken, and which tells what was done to them. */
export interface ChaosCluster {
  readonly upstream: Upstream;
  /** What the bot proves itself with. */
  readonly tokens: { readonly reader: string; readonly executor: string };
  /** The RBAC group of the approvers. */
  readonly approvers: string;
  /** How the names of its namespaces begin. */
  readonly prefix: string;
  /** Breaks a pod in a namespace of its own. */
  breakPod(namespace: string): Promise<IllPod>;
  /** The uids of all objects that were changed or removed in a namespace, in order. */
  touched(namespace: string): Promise<readonly string[]>;
  /** Forgets a namespace. */
  forget(namespace: string): Promise<void>;
  close(): Promise<void>;
}

/** What differs from lane to lane. */
export interface LaneParts {
  readonly number: number;
  /** A secret that is in everything that is broken. */
  readonly canary: string;
}

/** The stand-in. What removes a pod finds a new one of the same name at once, as with a StatefulSet. */
export async function startSimCluster({ number, canary }: LaneParts): Promise<ChaosCluster> {
  const sim = await startClusterSim({ recordings: [emptyCluster()], controllers: 'still' });
  sim.setIdentities([{ group: APPROVERS, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }]);
  const touched = new Map<string, string[]>();
  sim.onWrite(({ resource, namespace, name, before, after }) => {
    if (resource === 'events') {
      return;
    }
    const uid = textAt((before ?? after)?.['metadata'] as never, 'uid');
    touched.set(namespace, [...(touched.get(namespace) ?? []), uid]);
    if (resource === 'pods' && after === undefined) {
      sim.put(replacement(namespace, name, randomUUID()));
    }
  });
  return {
    upstream: { url: sim.url },
    tokens: { reader: READER_USER.token, executor: EXECUTOR_USER.token },
    approvers: APPROVERS,
    prefix: `chaos-${number}`,
    async breakPod(namespace) {
      const pod = illPod(namespace);
      illObjects(pod, canary).forEach((object) => sim.put(object));
      return pod;
    },
    touched: async (namespace) => touched.get(namespace) ?? [],
    async forget(namespace) {
      for (const [kind, name] of [
        ['Pod', 'web-0'],
        ['StatefulSet', 'web'],
        ['Event', 'web-0.1'],
      ] as const) {
        sim.remove({ kind, namespace, name });
      }
      sim.remove({ kind: 'Namespace', namespace: '', name: namespace });
    },
    close: () => sim.close(),
  };
}
