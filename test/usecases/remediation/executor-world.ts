import { createHash, createHmac } from 'node:crypto';
import { hashedIds } from '../../../src/adapters/system/hashed-ids.ts';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import { compilePlaybookSet } from '../../../src/core/playbook/compile-set.ts';
import type { CompiledPlaybook } from '../../../src/core/playbook/compiled.ts';
import { playbookSchema } from '../../../src/core/playbook/definition.ts';
import type { RemediationPolicy } from '../../../src/core/policy/remediation-policy.ts';
import type { DiagnosisJob, Question } from '../../../src/core/question/question.ts';
import { DEFAULT_TIMES } from '../../../src/core/remediation/limits.ts';
import type { RemediationPlan, RemediationRecord, SignedPlan } from '../../../src/core/remediation/remediation.ts';
import { planText, signedPlanText, voteText } from '../../../src/core/remediation/signed-text.ts';
import type { AlertSlot, RequestSlot } from '../../../src/core/remediation/storm-signals.ts';
import type { Person, Place } from '../../../src/ports/people.ts';
import type { RemediationJob } from '../../../src/ports/remediation-queue.ts';
import type { Signer } from '../../../src/ports/signer.ts';
import { type ExecuteResult, executeRemediation } from '../../../src/usecases/remediation/execute.ts';
import type { ExecutorDeps, SweepDeps } from '../../../src/usecases/remediation/remediation-deps.ts';
import { SpyMetrics } from '../../adapters/slack/fakes.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeCluster } from '../../fakes/fake-cluster.ts';
import { FakeOutbox } from '../../fakes/fake-outbox.ts';
import { FakeQuestionStore } from '../../fakes/fake-question-store.ts';
import { FakeRemediationStore } from '../../fakes/fake-remediation-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { NO_LIMITS, samplePlan } from '../../fakes/remediation-samples.ts';
import { ApiServerWorld } from './api-server-world.ts';
import { testActions } from './test-actions.ts';

const KEY = 'a key of the tests that is long enough';
const DIGEST = '0123456789ab';

/** Says of every pod that is not ready that it is stuck, and offers one of the actions. */
function playbooksFor(action: 'R-POD-DELETE' | 'R-CORDON'): readonly CompiledPlaybook[] {
  const definition = playbookSchema.parse({
    apiVersion: 'kubewhy.dev/v1',
    kind: 'Playbook',
    metadata: { name: 'pod-stuck', title: 'The pod is stuck' },
    spec: {
      subject: 'Pod',
      stage: 'run',
      trigger: '!state.ready',
      finding: { cause: 'the pod is stuck' },
      remediation: { action },
    },
  });
  return compilePlaybookSet({ playbooks: [{ file: 'pod-stuck.yaml', definition }], signatures: {} }).playbooks;
}

const PLAYBOOKS = { 'R-POD-DELETE': playbooksFor('R-POD-DELETE'), 'R-CORDON': playbooksFor('R-CORDON') };

export const signer: Signer = {
  digest: (text) => createHash('sha256').update(text).digest('hex'),
  sign: (text) => createHmac('sha256', KEY).update(text).digest('hex'),
  verify: (text, signature) => createHmac('sha256', KEY).update(text).digest('hex') === signature,
};

/** U1 asks, U2 proposes, UBOB and UEVE may approve. */
export const POLICY: RemediationPolicy = {
  rules: [
    {
      name: 'shop',
      approvers: ['UBOB', 'SOPS'],
      actions: ['*'],
      tiers: ['T1', 'T2', 'T3'],
      namespaces: ['*'],
      quorum: { T1: 1, T2: 1, T3: 2 },
      owners: ['UBOB'],
    },
  ],
  identities: ['UBOB', 'UEVE', 'U1', 'U2'].map((slack) => ({ slack, user: `${slack}@example.com`, groups: ['ops'] })),
  protectedNamespaces: ['ceph*'],
  freezes: [],
  limits: NO_LIMITS,
  operators: [],
  sharedChannels: 'refuse',
  upgrades: 'refuse',
};

export const QUESTION: Question = {
  id: 'q-abcdefghijklmnop',
  cluster: 'prod',
  subject: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
  readable: ['shop'],
  asker: { team: 'T1', user: 'U1' },
  replyTo: { team: 'T1', channel: 'C1', thread: '1700000000.000100' },
  askedAt: '2026-01-31T11:59:00.000Z',
};

/** People, groups and the channel as Slack tells of them. */
export class FakePeople {
  readonly changes = new Map<string, Partial<Person>>();
  readonly groups = new Map<string, readonly string[]>([['SOPS', ['UEVE', 'U1']]]);
  place: Partial<Place> = {};
  down = false;
  /** Answers of the next look-ups of groups that Slack refuses, since it was asked too often: when it answers again. */
  readonly limited: number[] = [];

  async personNow(user: string): Promise<Person> {
    this.check();
    const plain = { user, team: 'T1', deactivated: false, guest: false, bot: false, foreign: false };
    return { ...plain, ...this.changes.get(user) };
  }

  async placeNow(channel: string): Promise<Place> {
    this.check();
    const plain = { channel, name: 'ops', kind: 'channel', shared: false, archived: false, member: true } as const;
    return { ...plain, ...this.place };
  }

  async groupMembers(group: string): Promise<readonly string[]> {
    this.check();
    const retryAfterMs = this.limited.shift();
    if (retryAfterMs !== undefined) {
      throw new KubewhyError('CHAT_UNAVAILABLE', { message: 'No.', context: { code: 'ratelimited', retryAfterMs } });
    }
    return this.groups.get(group) ?? [];
  }

  private check(): void {
    if (this.down) {
      throw new KubewhyError('CHAT_UNAVAILABLE', { message: 'Slack does not answer.' });
    }
  }
}

/** Everything around an executor of the cluster `prod`, in which the pod `shop/web-0` is stuck. */
export class ExecutorWorld {
  readonly clock = new FakeClock();
  readonly store = new FakeRemediationStore(this.clock);
  readonly outbox = new FakeOutbox(this.clock);
  readonly questions = new FakeQuestionStore(this.clock);
  readonly people = new FakePeople();
  readonly logger = new RecordingLogger();
  readonly api = new ApiServerWorld(this.clock);
  readonly asked: DiagnosisJob[] = [];
  readonly queued: { readonly job: RemediationJob; readonly key: string }[] = [];
  /** What the playbook offers. */
  offers: keyof typeof PLAYBOOKS = 'R-POD-DELETE';
  policy = POLICY;
  digest = DIGEST;
  alerts: readonly AlertSlot[] = [];
  requests: readonly RequestSlot[] = [];
  killSwitch: () => Promise<string | undefined> = async () => undefined;

  /** The ports of an executor. */
  deps(changes: Partial<ExecutorDeps> = {}): ExecutorDeps {
    const { clock, store, outbox, questions, people, logger, api } = this;
    return {
      cluster: 'prod',
      worker: 'w1',
      clock,
      store,
      audit: store.audit,
      outbox,
      questions,
      people,
      logger,
      signer,
      ids: hashedIds(),
      metrics: new SpyMetrics(),
      writer: api,
      content: { contentOf: async () => ({ found: [], empty: 0, unseen: [] }) },
      diagnoses: { enqueue: async (job) => void this.asked.push(job), close: async () => undefined },
      actionOf: (code) => testActions.get(code),
      openReader: async () => new FakeCluster(api.content(), () => api.inject()),
      openPlainReader: async () => new FakeCluster(api.content(), () => api.inject()),
      playbooks: async () => ({ playbooks: PLAYBOOKS[this.offers], digest: this.digest }),
      policy: () => this.policy,
      settings: () => ({ policy: this.policy, times: DEFAULT_TIMES, killSwitch: () => this.killSwitch() }),
      alertRate: { begun: async () => ({ now: clock.now(), slots: this.alerts }) },
      requests: () => this.requests,
      questionExpirySeconds: () => 300,
      pause: async (ms) => this.clock.advance(ms),
      monotonic: () => this.clock.ms,
      ...changes,
    };
  }

  sweepDeps(): SweepDeps {
    return {
      ...this.deps(),
      lines: { write: (entry) => this.logger.info('audit', { audit: entry }) },
      clusters: () => ['prod'],
      times: () => DEFAULT_TIMES,
      queue: { enqueue: async (job, key) => void this.queued.push({ job, key }), close: async () => undefined },
    };
  }

  /** A change of the stuck pod that is proposed, shown and approved. */
  async approved(changes: Partial<RemediationPlan> = {}, voters: readonly string[] = ['UBOB']): Promise<string> {
    const id = await this.shown(changes);
    await this.questions.begin(QUESTION);
    for (const user of voters) {
      await this.vote(user, id);
    }
    return id;
  }

  async vote(user: string, id = 'm-1'): Promise<void> {
    const { digest } = (await this.record(id)).signed;
    const vote = { team: 'T1', user, reason: '' };
    await this.store.approve(id, digest, { ...vote, signature: signer.sign(voteText(id, digest, vote)) });
  }

  /** The same before anybody decided. */
  async shown(changes: Partial<RemediationPlan> = {}): Promise<string> {
    const signed = signPlan(this.plan(changes));
    await this.store.propose(signed, NO_LIMITS);
    await this.store.opened(signed.plan.id, { channel: 'C1', ts: '1700000000.000200' });
    return signed.plan.id;
  }

  plan(changes: Partial<RemediationPlan> = {}): RemediationPlan {
    const { uid } = this.api.pod('web-0');
    const target = { kind: 'Pod', group: '', namespace: 'shop', name: 'web-0', uid };
    return samplePlan('m-1', {
      target,
      fingerprint: `stuck ${uid}`,
      finding: { code: 'pod-stuck', cause: 'the pod is stuck', playbooks: DIGEST, question: QUESTION.id, run: 1 },
      approval: { rule: 'shop', required: 1, owners: [], reasonRequired: false },
      ...changes,
    });
  }

  run(id = 'm-1', deps = this.deps()): Promise<ExecuteResult> {
    return executeRemediation({ remediation: id, cluster: 'prod' }, deps);
  }

  async record(id = 'm-1'): Promise<RemediationRecord> {
    const record = await this.store.read(id);
    if (record === undefined) {
      throw new TypeError(`no remediation ${id}`);
    }
    return record;
  }

  /** What the audit says happened, in order. */
  get events(): readonly string[] {
    return this.store.audit.drafts.map(({ event }) => event);
  }
}

/** A plan as an executor signs it. */
export function signPlan(plan: RemediationPlan): SignedPlan {
  const digest = signer.digest(planText(plan));
  return { plan, digest, signature: signer.sign(signedPlanText(digest)) };
}

/** A member of an object with private fields. */
export function bound(object: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(object, name, object);
  return typeof member === 'function' ? member.bind(object) : member;
}
