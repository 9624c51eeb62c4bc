import { createHash, createHmac } from 'node:crypto';
import { hashedIds } from '../../../src/adapters/system/hashed-ids.ts';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { RemediationPolicy } from '../../../src/core/policy/remediation-policy.ts';
import { DEFAULT_TIMES } from '../../../src/core/remediation/limits.ts';
import type { RemediationPlan, RemediationRecord, SignedPlan } from '../../../src/core/remediation/remediation.ts';
import { planText, signedPlanText } from '../../../src/core/remediation/signed-text.ts';
import type { Act, Bot } from '../../../src/ports/bot.ts';
import type { People, Person, Place } from '../../../src/ports/people.ts';
import type { RemediationJob } from '../../../src/ports/remediation-queue.ts';
import type { Signer } from '../../../src/ports/signer.ts';
import type { BotDeps, BotSettings } from '../../../src/usecases/bot/bot-deps.ts';
import { createBot } from '../../../src/usecases/bot/create-bot.ts';
import { FakeAlertmanagers } from '../../fakes/fake-alertmanagers.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeClusterDirectory } from '../../fakes/fake-cluster-directory.ts';
import { FakeIncidentDesk } from '../../fakes/fake-incident-desk.ts';
import { FakeNoteStore } from '../../fakes/fake-note-store.ts';
import { FakeOutbox } from '../../fakes/fake-outbox.ts';
import { FakeQuestionStore } from '../../fakes/fake-question-store.ts';
import { FakeRemediationStore } from '../../fakes/fake-remediation-store.ts';
import { FakeSeenStore } from '../../fakes/fake-seen-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { NO_LIMITS, samplePlan } from '../../fakes/remediation-samples.ts';

const KEY = 'a key of the tests that is long enough';

export const signer: Signer = {
  digest: (text) => createHash('sha256').update(text).digest('hex'),
  sign: (text) => createHmac('sha256', KEY).update(text).digest('hex'),
  verify: (text, signature) => createHmac('sha256', KEY).update(text).digest('hex') === signature,
};

/** U1 asks, U2 proposes, UANN, UBOB and the members of SSRE (UEVE) may approve, UOPS operates. */
export const POLICY: RemediationPolicy = {
  rules: [
    {
      name: 'shop',
      approvers: ['UANN', 'UBOB', 'U1', 'U2', 'UGUEST', 'SSRE'],
      actions: ['R-POD-DELETE'],
      tiers: ['T1', 'T2', 'T3'],
      namespaces: ['shop', 'vault'],
      quorum: { T1: 1, T2: 1, T3: 2 },
      owners: ['UANN', 'SOWN'],
    },
  ],
  identities: ['UANN', 'UBOB', 'UEVE', 'UOWN', 'U1', 'U2', 'UGUEST'].map((slack) => ({
    slack,
    user: `${slack}@example.com`,
    groups: [],
  })),
  protectedNamespaces: [],
  freezes: [],
  limits: NO_LIMITS,
  operators: ['UOPS', 'SADM'],
  sharedChannels: 'refuse',
  upgrades: 'refuse',
};

const SETTINGS: BotSettings = {
  version: '1.2.3',
  command: '/k8s',
  botName: 'kubewhy',
  clusters: ['prod', 'stage'],
  defaultCluster: 'prod',
  channels: [],
  reading: {
    guests: 'refuse',
    sharedChannels: 'refuse',
    botsMayAsk: false,
    rules: [{ channels: ['C1'], namespaces: ['shop'] }],
  },
  questionsPerUserPerMinute: 20,
  questionExpirySeconds: 300,
  incidents: { acknowledge: ['*'], silence: [], clusterLabel: 'cluster', clusterNames: {} },
};

/** People, groups and channels as Slack tells of them at this moment. */
export class FakePeople implements People {
  readonly changes = new Map<string, Partial<Person>>();
  readonly groups = new Map<string, readonly string[]>([
    ['SSRE', ['UEVE']],
    ['SOWN', []],
    ['SADM', []],
  ]);
  channel: Partial<Place> = {};
  down = false;

  async person(user: string): Promise<Person> {
    this.#check();
    const plain = { user, team: 'T1', deactivated: false, guest: false, bot: false, foreign: false };
    return { ...plain, name: user.toLowerCase(), ...this.changes.get(user) };
  }

  async place(channel: string): Promise<Place> {
    this.#check();
    const plain = { channel, name: 'ops', kind: 'channel', shared: false, archived: false, member: true } as const;
    return { ...plain, ...this.channel };
  }

  personNow(user: string): Promise<Person> {
    return this.person(user);
  }

  placeNow(channel: string): Promise<Place> {
    return this.place(channel);
  }

  async groupMembers(group: string): Promise<readonly string[]> {
    this.#check();
    const members = this.groups.get(group);
    if (members === undefined) {
      throw new KubewhyError('CHAT_UNAVAILABLE', { message: 'No.', context: { code: 'missing_scope' } });
    }
    return members;
  }

  #check(): void {
    if (this.down) {
      throw new KubewhyError('CHAT_UNAVAILABLE', { message: 'Slack does not answer.' });
    }
  }
}

/** Everything around a bot that lets people decide about changes, in memory. */
export class ChangeStage {
  readonly clock = new FakeClock();
  readonly store = new FakeRemediationStore(this.clock);
  readonly seen = new FakeSeenStore(this.clock);
  readonly questions = new FakeQuestionStore(this.clock);
  readonly outbox = new FakeOutbox(this.clock);
  readonly people = new FakePeople();
  readonly logger = new RecordingLogger();
  readonly queued: { readonly job: RemediationJob; readonly key: string }[] = [];
  readonly asked: string[] = [];
  policy = POLICY;
  queueDown = false;
  readonly bot: Bot;
  #deliveries = 0;

  constructor(changes: Partial<BotDeps> = {}) {
    this.bot = createBot({ ...this.#deps(), ...changes });
  }

  /** Something that somebody does in the channel of the change, each time another delivery. */
  act(user: string, changes: Partial<Act> = {}): Act {
    this.#deliveries += 1;
    return { delivery: `d-${this.#deliveries}`, team: 'T1', user, channel: 'C1', thread: '17.1', ...changes };
  }

  /** Proposes a change and shows it, so that it waits for approval. */
  async waiting(id = 'm-1', changes: Partial<RemediationPlan> = {}): Promise<SignedPlan> {
    const signed = signedPlan(id, changes);
    await this.store.propose(signed, NO_LIMITS);
    await this.store.opened(id, { channel: signed.plan.replyTo.channel, ts: '17.9' });
    return signed;
  }

  async record(id = 'm-1'): Promise<RemediationRecord> {
    const record = await this.store.read(id);
    if (record === undefined) {
      throw new Error(`there is no ${id}`);
    }
    return record;
  }

  /** What the audit has about refusals: deed, why, security, who. */
  get refusals(): readonly string[] {
    return this.store.audit.drafts
      .filter(({ event }) => event === 'refused')
      .map(({ actor, detail, security }) => `${actor} ${detail.deed} ${detail.why} ${security}`);
  }

  #deps(): BotDeps {
    const { clock, store, questions, outbox, people, logger } = this;
    return {
      questions,
      seen: this.seen,
      notes: new FakeNoteStore(clock),
      clusters: new FakeClusterDirectory(clock),
      queue: {
        enqueue: async ({ questionId, run }) => void this.asked.push(`${questionId} ${run}`),
        close: async () => undefined,
      },
      outbox,
      desk: new FakeIncidentDesk(clock),
      alertmanagers: new FakeAlertmanagers(),
      people,
      clock,
      ids: hashedIds(),
      logger,
      metrics: { count: () => undefined, observe: () => undefined },
      settings: () => ({ ...SETTINGS, remediation: { policy: this.policy, times: DEFAULT_TIMES } }),
      remediations: {
        store,
        audit: store.audit,
        lines: { write: (entry) => logger.info('audit', { audit: entry }) },
        signer,
        queue: {
          enqueue: async (job, key) => {
            if (this.queueDown) {
              throw new KubewhyError('QUEUE_UNAVAILABLE', { message: 'The queue does not answer.' });
            }
            this.queued.push({ job, key });
          },
          close: async () => undefined,
        },
      },
    };
  }
}

/** A plan as an executor signs it. */
export function signedPlan(id: string, changes: Partial<RemediationPlan> = {}): SignedPlan {
  const plan = samplePlan(id, changes);
  const digest = signer.digest(planText(plan));
  return { plan, digest, signature: signer.sign(signedPlanText(digest)) };
}

/** A T3 plan that two people must approve, one of them an owner. */
export const T3: Partial<RemediationPlan> = {
  tier: 'T3',
  approval: { rule: 'shop', required: 2, owners: ['UANN', 'SOWN'], confirm: 'web-m-1', reasonRequired: true },
};
