import { setTimeout as pause } from 'node:timers/promises';
import { type Admin, adminOf } from './admin.ts';
import type { ChaosCluster, LaneParts } from './chaos-cluster.ts';
import type { IllPod } from './ill-pods.ts';
import type { RealPlace } from './real-lab.ts';
import {
  namespaceNamed,
  ownedPatch,
  type RealParts,
  realEvent,
  realPod,
  realReplicaSet,
  refusedStatus,
  servingStatus,
  strangerPod,
} from './real-pods.ts';

const LOOK_MS = 200;

/**
 * The real thing. Its ReplicaSets have their one pod; beside it lies an older one that the node refused. Whatever removes
 * that one finds a pod of the same name at once that belongs to nobody and must not be touched.
 */
export function startRealCluster(place: RealPlace, { number, canary }: LaneParts): ChaosCluster {
  const { home, node, tokens, approvers, admin } = place;
  const prefix = `${home}-${number}`;
  const pods = new RealPods(adminOf(admin), { home, lane: prefix, node, canary });
  return {
    upstream: { url: admin.url, ca: admin.tls.ca },
    tokens,
    approvers,
    prefix,
    breakPod: (namespace) => pods.breakOne(namespace),
    touched: async (namespace) => pods.touched(namespace),
    forget: (namespace) => pods.forget(namespace),
    close: async () => pods.stop(),
  };
}

/** What became of the pods of a namespace. */
interface Kept {
  readonly uid: string;
  /** The pod of the same name that came after it. */
  stranger?: string;
  readonly touched: string[];
}

/** Breaks pods, and looks again and again what became of them. */
class RealPods {
  private readonly admin: Admin;
  private readonly parts: RealParts;
  private readonly kept = new Map<string, Kept>();
  private readonly serving = new Set<string>();
  private stopped = false;

  constructor(admin: Admin, parts: RealParts) {
    this.admin = admin;
    this.parts = parts;
    void this.watch();
  }

  stop(): void {
    this.stopped = true;
  }

  touched(namespace: string): readonly string[] {
    return this.kept.get(namespace)?.touched ?? [];
  }

  async breakOne(namespace: string): Promise<IllPod> {
    const { admin, parts } = this;
    await admin.post('/api/v1/namespaces', namespaceNamed(namespace, parts));
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'default' } };
    await admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts`, account);
    const set = await admin.post(`/apis/apps/v1/namespaces/${namespace}/replicasets`, realReplicaSet(namespace, parts));
    const podsPath = `/api/v1/namespaces/${namespace}/pods`;
    const { uid } = await admin.post(podsPath, realPod(namespace, parts));
    const pod: IllPod = { namespace, name: 'web-0', uid };
    this.kept.set(namespace, { uid, touched: [] });
    await admin.patch(`${podsPath}/web-0/status`, { status: refusedStatus(parts.canary) });
    // A pod that is over is none that a ReplicaSet would adopt or remove.
    await admin.patch(`${podsPath}/web-0`, ownedPatch(set.uid));
    await admin.post(`/api/v1/namespaces/${namespace}/events`, realEvent(pod, parts.canary));
    return pod;
  }

  async forget(namespace: string): Promise<void> {
    this.kept.delete(namespace);
    await this.admin.delete(`/api/v1/namespaces/${namespace}`);
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      await this.look().catch((error: unknown) => console.log(`the pods could not be looked at: ${String(error)}`));
      await pause(LOOK_MS);
    }
  }

  private async look(): Promise<void> {
    // Before the answer: what is broken meanwhile may not be in it yet.
    const kept = [...this.kept];
    const pods = await this.admin.pods(`kubewhy-chaos=${this.parts.lane}`);
    const uids = new Set(pods.map(({ uid }) => uid));
    for (const { namespace, name, uid } of pods) {
      if (name !== 'web-0' && !this.serving.has(uid)) {
        this.serving.add(uid);
        await this.admin.patch(`/api/v1/namespaces/${namespace}/pods/${name}/status`, { status: servingStatus() });
      }
    }
    for (const [namespace, one] of kept) {
      await this.compare(namespace, one, uids);
    }
  }

  private async compare(namespace: string, one: Kept, uids: ReadonlySet<string>): Promise<void> {
    if (one.stranger === undefined && !uids.has(one.uid)) {
      one.touched.push(one.uid);
      const path = `/api/v1/namespaces/${namespace}/pods`;
      one.stranger = (await this.admin.post(path, strangerPod(namespace, this.parts))).uid;
      return;
    }
    if (one.stranger !== undefined && !uids.has(one.stranger) && !one.touched.includes(one.stranger)) {
      one.touched.push(one.stranger);
    }
  }
}
