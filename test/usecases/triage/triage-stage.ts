import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { loadPlaybooks } from '../../../src/adapters/playbook-files/load-playbooks.ts';
import { hashedIds } from '../../../src/adapters/system/hashed-ids.ts';
import type { Content } from '../../../src/core/chat/content.ts';
import type { Delivery } from '../../../src/core/chat/delivery.ts';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import type { Incident, IncidentRecord } from '../../../src/core/triage/incident.ts';
import type { StoredAlert } from '../../../src/core/triage/stored-alert.ts';
import type { ClusterReader } from '../../../src/ports/cluster-reader.ts';
import { type PassEnd, runPass } from '../../../src/usecases/triage/run-pass.ts';
import type { TellMemory } from '../../../src/usecases/triage/tell-all.ts';
import type { Asking, TriageDeps, TriageSettings, Workspace } from '../../../src/usecases/triage/triage-deps.ts';
import { SpyMetrics } from '../../adapters/slack/fakes.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeCluster } from '../../fakes/fake-cluster.ts';
import { FakeOutbox } from '../../fakes/fake-outbox.ts';
import { FakeQuestionStore } from '../../fakes/fake-question-store.ts';
import { FakeTriageStore } from '../../fakes/fake-triage-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

/** Those about the pods below: fewer of them take less time. */
const USED = ['missing-configmap-or-secret', 'invalid-image-name'];
const all = await loadPlaybooks({ folders: [join(import.meta.dirname, '../../../playbooks')] });
const playbooks = all.filter(({ name }) => USED.includes(name));

const MINUTE_MS = 60_000;
const NODE: JsonObject = {
  kind: 'Node',
  metadata: { name: 'n1' },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

/** A pod of the namespace `shop` without an owner. */
export function pod(name: string, waiting?: { readonly reason: string; readonly message: string }): JsonObject {
  const state = waiting === undefined ? { running: { startedAt: '2026-01-31T11:00:00Z' } } : { waiting };
  const ready = waiting === undefined;
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: `u-${name}` },
    spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'web:1' }] },
    status: {
      phase: ready ? 'Running' : 'Pending',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'app', image: 'web:1', imageID: '', ready, restartCount: 0, state }],
    },
  };
}

/** A pod that lacks a ConfigMap, which is to blame. */
export function withoutConfig(name: string, config: string): JsonObject {
  const broken = pod(name, { reason: 'CreateContainerConfigError', message: `configmap "${config}" not found` });
  const containers = [{ name: 'app', image: 'web:1', envFrom: [{ configMapRef: { name: config } }] }];
  return { ...broken, spec: { nodeName: 'n1', containers } };
}

/** A pod whose image has no valid name. */
export function withBadImage(name: string): JsonObject {
  return pod(name, {
    reason: 'InvalidImageName',
    message:
      'Failed to apply default image tag "web::1": couldn\'t parse image name "web::1": invalid reference format',
  });
}

/** What tests change of an alert. */
export interface AlertChange {
  readonly status?: 'firing' | 'resolved';
  readonly startsAt?: string;
  readonly cluster?: string;
  readonly change?: Partial<StoredAlert>;
}

/** An alert about a pod of `shop`, as intake stores it; its fingerprint is the name of the pod. */
export function alertAbout(name: string, { status = 'firing', startsAt, cluster = 'prod', change }: AlertChange = {}) {
  const alert: StoredAlert = {
    mapped: {
      alert: {
        sender: 'prometheus',
        receiver: 'kubewhy',
        groupKey: '',
        fingerprint: `fp-${name}`,
        status,
        name: 'KubePodNotReady',
        labels: { alertname: 'KubePodNotReady', namespace: 'shop', pod: name, severity: 'warning' },
        annotations: {},
        startsAt: startsAt ?? '2026-01-31T11:58:00.000Z',
      },
      target: { kind: 'object', object: { kind: 'Pod', namespace: 'shop', name } },
      cluster: { kind: 'cluster', name: cluster, from: 'label', says: 'label cluster says so' },
      first: [],
      several: [],
      information: false,
      trail: [],
    },
    cluster,
    channel: 'C1',
    mention: 'S1',
    readable: ['*'],
    receivedAt: '2026-01-31T12:00:00.000Z',
    notes: [],
    ...change,
  };
  return alert;
}

/** A triage between fakes, of which the test is the clock, the cluster and the chat. */
export class TriageStage {
  readonly clock = new FakeClock();
  readonly store = new FakeTriageStore(this.clock);
  readonly outbox = new FakeOutbox(this.clock);
  readonly questions = new FakeQuestionStore(this.clock);
  readonly logger = new RecordingLogger();
  readonly metrics = new SpyMetrics();
  readonly memory: TellMemory = new Map();
  /** By name. */
  readonly pods = new Map<string, JsonObject>();
  workspace: Workspace | undefined = { team: 'T1', botUser: 'UBOT' };
  settings: TriageSettings = {
    incidentsPerMinute: 5,
    calmMinutes: 5,
    forgetAfterHours: 4,
    silenceable: () => false,
  };
  /** Replaced where the cluster is slow, or is not there. */
  openReader: () => Promise<ClusterReader> = async () => this.reader();
  readonly looked: string[] = [];
  readonly #posts: string[] = [];

  /** The cluster as it is now. */
  reader(): FakeCluster {
    const objects = [NODE, ...this.pods.values()];
    return new FakeCluster({ objects, clock: this.clock.now().toISOString() }, (query) => {
      if (query.verb === 'get' && query.resource.resource === 'pods') {
        this.looked.push(query.name);
      }
      return undefined;
    });
  }

  /** What triage works with; a test may put other ports in their places. */
  deps(changes: Partial<TriageDeps> = {}): TriageDeps {
    const { store, outbox, questions, clock, logger, metrics } = this;
    return {
      store,
      outbox,
      questions,
      asking: this.cluster(),
      holder: 'a',
      ids: hashedIds(),
      clock,
      canRepair: () => false,
      logger,
      metrics,
      workspace: async () => this.workspace,
      settings: () => this.settings,
      ...changes,
    };
  }

  cluster(): Asking {
    return {
      kind: 'cluster',
      openReader: () => this.openReader(),
      playbooks: async () => ({ playbooks, digest: '0123456789ab' }),
    };
  }

  /** Stores alerts and lets the time pass that they wait for others. */
  async come(...alerts: readonly StoredAlert[]): Promise<void> {
    await this.store.accept(alerts);
    this.clock.advance(1000);
  }

  /** One pass as the worker makes it. */
  async pass(changes: Partial<TriageDeps> = {}, thorough = false): Promise<PassEnd> {
    const deps = this.deps(changes);
    const lease = await deps.store.take('prod', deps.holder);
    if (lease === undefined) {
      return 'lost';
    }
    try {
      return await runPass({ lease, thorough, memory: this.memory }, deps);
    } finally {
      await deps.store.release(lease).catch(() => undefined);
    }
  }

  /** Passes with the chat posting in between, until there is nothing more to do; each takes some seconds. */
  async settle(changes: Partial<TriageDeps> = {}): Promise<void> {
    let end: PassEnd = 'more';
    for (let passes = 0; passes < 30 && end !== 'done'; passes += 1) {
      end = await this.pass(changes, end === 'waiting');
      await this.post();
      this.clock.advance(6000);
    }
    if (end !== 'done') {
      throw new Error(`the triage does not come to an end: ${end}`);
    }
    await this.post();
  }

  /** Lets time pass until incidents are looked at again. */
  async later(minutes: number, changes: Partial<TriageDeps> = {}): Promise<void> {
    this.clock.advance(minutes * MINUTE_MS);
    await this.settle(changes);
  }

  /** Posts and edits what waits in the outbox, of certain keys only when they are given. */
  async post(...keys: readonly string[]): Promise<void> {
    for (let sent = 0; sent < 1000; sent += 1) {
      const next = await this.outbox.claim();
      if (next.kind === 'none') {
        return;
      }
      const { claim } = next;
      if (keys.length > 0 && !keys.includes(claim.delivery.key)) {
        await this.outbox.settle(claim, { kind: 'postpone', afterMs: 1000, reason: 'not now' });
      } else {
        const posted = claim.posted ?? { channel: channelOf(claim.delivery), ts: this.#newTs(claim.delivery.key) };
        await this.outbox.settle(claim, { kind: 'sent', posted });
      }
    }
  }

  /** Always the same for the same message, and another one when it is posted again. */
  #newTs(key: string): string {
    this.#posts.push(key);
    const digits = createHash('sha256').update(key).digest().readUInt32BE();
    return `17${digits.toString().padStart(10, '0')}.00010${this.#posts.filter((posted) => posted === key).length}`;
  }

  /** Somebody deletes a message; its next edit posts it again. */
  deletePosted(key: string): void {
    const row = this.outbox.rows.get(key);
    if (row !== undefined) {
      row.posted = undefined;
    }
  }

  async incidents(): Promise<readonly IncidentRecord[]> {
    const ids = [...this.outbox.rows.keys()].filter((key) => /^i-[a-z2-7]{16}$/.test(key));
    const open = await this.store.open('prod');
    return [...(await this.store.records([...new Set([...open, ...ids])])).values()];
  }

  /** The only incident. */
  async incident(): Promise<Incident> {
    const [first, ...others] = await this.incidents();
    if (first === undefined || others.length > 0) {
      throw new Error(`not one incident: ${others.length + Number(first !== undefined)}`);
    }
    return first.incident;
  }

  /** The newest contents of that kind, in the order in which their messages came first. */
  told<K extends Content['kind']>(kind: K): readonly Extract<Content, { readonly kind: K }>[] {
    return this.outbox.deliveries.flatMap(({ content }) =>
      content.kind === kind ? [content as Extract<Content, { readonly kind: K }>] : [],
    );
  }

  /** Everything that was put, as key and version. */
  versions(): readonly string[] {
    return this.outbox.deliveries.map(({ key, version }) => `${key} ${version}`);
  }
}

function channelOf(delivery: Delivery): string {
  return delivery.kind === 'card' ? delivery.channel : '';
}
