import type { JsonObject } from '../../../src/core/facts/json.ts';
import type { AccessRight } from '../../../src/core/remediation/remediation.ts';
import type { Unreadable } from '../../../src/ports/cluster-reader.ts';
import type {
  ClusterEvent,
  ClusterWriter,
  KubernetesIdentity,
  WriteRequest,
  WriteResult,
} from '../../../src/ports/cluster-writer.ts';
import type { FakeClock } from '../../fakes/fake-clock.ts';
import type { FakeContent } from '../../fakes/fake-cluster.ts';

/** A pod of the namespace `shop`. */
export interface WorldPod {
  readonly uid: string;
  readonly ready: boolean;
}

/** What happens to the next send that is no dry run, instead of a plain answer. */
export type Fault =
  /** The effect is made, the reply is lost. */
  | 'reply-lost'
  /** The request never arrives. */
  | 'request-lost'
  /** HTTP 500 and nothing is done. */
  | 'http-500'
  /** An answer of that status and nothing is done. */
  | { readonly status: number };

/** A change that was made. */
export interface WorldEffect {
  readonly remediation: string;
  readonly verb: string;
  readonly uid: string;
  readonly at: number;
}

/** An API server with uid preconditions, and the controller that replaces a pod under the same name. */
export class ApiServerWorld implements ClusterWriter {
  readonly effects: WorldEffect[] = [];
  readonly events: ClusterEvent[] = [];
  readonly sends: { readonly dryRun: boolean; readonly request: WriteRequest }[] = [];
  readonly faults: Fault[] = [];
  /** Answers of the next dry runs. */
  readonly dryRuns: WriteResult[] = [];
  /** Whether what replaces a pod works. */
  heals = true;
  /** Whether anything can be read. */
  readable = true;
  nodes: readonly { readonly name: string; readonly ready: boolean; readonly version?: string }[] = [
    { name: 'n1', ready: true },
  ];
  cordoned = false;
  /** Whom the cluster lets do nothing; `unreadable` answers nothing. */
  readonly powerless = new Set<string>();
  reviews: 'known' | 'unreadable' = 'known';
  readonly asked: { readonly user: string; readonly right: AccessRight }[] = [];
  readonly #pods = new Map<string, WorldPod>([['web-0', { uid: 'uid-1', ready: false }]]);
  readonly #clock: FakeClock;
  #made = 1;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  pod(name: string): WorldPod {
    return this.#pods.get(name) ?? { uid: '', ready: false };
  }

  /** Somebody else does it. */
  replace(name: string, ready: boolean): void {
    this.#made += 1;
    this.#pods.set(name, { uid: `uid-${this.#made}`, ready });
  }

  heal(name: string): void {
    this.#pods.set(name, { ...this.pod(name), ready: true });
  }

  remove(name: string): void {
    this.#pods.delete(name);
  }

  inject(): Unreadable | undefined {
    return this.readable ? undefined : { kind: 'unreadable', why: 'unavailable', message: 'the API server is silent' };
  }

  content(): FakeContent {
    const pods = [...this.#pods].map(([name, { uid, ready }]) => podObject(name, uid, ready));
    const nodes = this.nodes.map(({ name, ready, version = 'v1.34.4' }) => ({
      kind: 'Node',
      metadata: { name, uid: `uid-${name}` },
      spec: { unschedulable: this.cordoned },
      status: {
        nodeInfo: { kubeletVersion: version },
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      },
    }));
    const clock = this.#clock
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    return { objects: [...pods, ...nodes], clock, namespace: 'shop' };
  }

  async send(
    request: WriteRequest,
    { dryRun, remediation }: { readonly dryRun: boolean; readonly remediation: string },
  ): Promise<WriteResult> {
    this.sends.push({ dryRun, request });
    if (dryRun) {
      return this.dryRuns.shift() ?? this.#answer(request);
    }
    const fault = this.faults.shift();
    if (fault === 'request-lost' || fault === 'http-500') {
      return { kind: 'unknown', message: fault === 'http-500' ? 'HTTP 500' : 'connection reset' };
    }
    if (typeof fault === 'object') {
      return refusal(fault.status);
    }
    const answer = this.#answer(request);
    if (answer.kind === 'done') {
      this.#make(request, remediation);
    }
    return fault === 'reply-lost' ? { kind: 'unknown', message: 'connection reset' } : answer;
  }

  async mayUser(
    identity: KubernetesIdentity,
    right: AccessRight,
  ): Promise<{ kind: 'known'; allowed: boolean; reason: string } | Unreadable> {
    this.asked.push({ user: identity.user, right });
    return this.reviews === 'unreadable'
      ? { kind: 'unreadable', why: 'forbidden', message: 'it may not be asked' }
      : { kind: 'known', allowed: !this.powerless.has(identity.user), reason: '' };
  }

  async event(event: ClusterEvent): Promise<void> {
    this.events.push(event);
  }

  #answer({ verb, path, body }: WriteRequest): WriteResult {
    if (verb === 'patch') {
      return { kind: 'done', status: 200, object: {} };
    }
    const found = this.#pods.get(path.at(-1) ?? '');
    if (found === undefined) {
      return refusal(404);
    }
    const { preconditions } = body as { readonly preconditions?: { readonly uid?: string } };
    return preconditions?.uid === found.uid ? { kind: 'done', status: 200, object: {} } : refusal(409);
  }

  #make({ verb, path }: WriteRequest, remediation: string): void {
    const name = path.at(-1) ?? '';
    const uid = verb === 'patch' ? `uid-${name}` : this.pod(name).uid;
    this.effects.push({ remediation, verb, uid, at: this.#clock.ms });
    if (verb === 'patch') {
      this.cordoned = true;
    } else {
      this.replace(name, this.heals);
    }
  }
}

function refusal(status: number): WriteResult {
  return { kind: 'refused', status, reason: 'No', message: `refused with ${status}` };
}

function podObject(name: string, uid: string, ready: boolean): JsonObject {
  const state = ready
    ? { running: { startedAt: '2026-01-31T11:00:00Z' } }
    : { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } };
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid, creationTimestamp: '2026-01-31T10:00:00Z' },
    spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'web:1' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'app', image: 'web:1', imageID: '', ready, restartCount: 0, state }],
    },
  };
}
