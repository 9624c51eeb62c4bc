import { hashedIds } from '../../../src/adapters/system/hashed-ids.ts';
import { isKubewhyError, KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { Ids } from '../../../src/ports/ids.ts';
import { answerQuestion } from '../../../src/usecases/answer-question.ts';
import { type PassEnd, runPass } from '../../../src/usecases/triage/run-pass.ts';
import type { TellMemory } from '../../../src/usecases/triage/tell-all.ts';
import type { TriageDeps } from '../../../src/usecases/triage/triage-deps.ts';
import { watchUnanswered } from '../../../src/usecases/watch-unanswered.ts';
import { FakeClusterDirectory } from '../../fakes/fake-cluster-directory.ts';
import { TriageStage } from './triage-stage.ts';

/** What happens at one call of the store, the outbox or the questions. */
export type Fault =
  /** It is not done. */
  | 'before'
  /** It is done, and nothing is heard of it. */
  | 'after'
  /** The lease ends, and somebody else makes a whole pass before it goes on. */
  | 'takeover';

/** What comes from outside, and how many minutes later than the step before. */
export interface Step {
  readonly minutes: number;
  readonly act: (stage: TriageStage) => Promise<void>;
}

/** How it went. */
export interface Played {
  readonly calls: number;
  /** Everything that is known and told in the end, without times and counts of changes. */
  readonly end: unknown;
}

/** Plays a scenario in which one call goes wrong. */
export async function play(
  steps: readonly Step[],
  fault?: { readonly at: number; readonly kind: Fault },
): Promise<Played> {
  const stage = new TriageStage();
  const injected = new Injected(stage, fault);
  let start = stage.clock.ms;
  for (const { minutes, act } of steps) {
    start += minutes * 60_000;
    stage.clock.ms = Math.max(stage.clock.ms, start);
    await act(stage);
    await quiet(stage, injected.deps());
  }
  return { calls: injected.calls, end: await endOf(stage) };
}

class Injected {
  calls = 0;
  readonly #stage: TriageStage;
  readonly #fault: { readonly at: number; readonly kind: Fault } | undefined;

  constructor(stage: TriageStage, fault: { readonly at: number; readonly kind: Fault } | undefined) {
    this.#stage = stage;
    this.#fault = fault;
  }

  deps(): TriageDeps {
    const { store, outbox, questions } = this.#stage;
    return this.#stage.deps({
      ids: timelessIds(),
      store: this.#injecting(store),
      outbox: this.#injecting(outbox),
      questions: this.#injecting(questions),
    });
  }

  #injecting<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' && name !== 'onWork'
          ? (...parameters: readonly unknown[]) => this.#call(() => value.apply(target, parameters))
          : value;
      },
    });
  }

  async #call(call: () => Promise<unknown>): Promise<unknown> {
    this.calls += 1;
    const fault = this.calls === this.#fault?.at ? this.#fault.kind : undefined;
    if (fault === 'before') {
      throw outage();
    }
    if (fault === 'takeover') {
      await takeOver(this.#stage);
    }
    const result = await call();
    if (fault === 'after') {
      throw outage();
    }
    return result;
  }
}

function outage(): KubewhyError {
  return new KubewhyError('STORE_UNAVAILABLE', { message: 'Redis does not answer.' });
}

/** The same whenever an incident is opened. */
function timelessIds(): Ids {
  const ids = hashedIds();
  return {
    derive: (...parts) => ids.derive(...(parts.length > 4 || parts[0] === 'digest' ? parts.slice(0, -1) : parts)),
  };
}

async function takeOver(stage: TriageStage): Promise<void> {
  stage.clock.advance(11_000);
  await onePass(stage, stage.deps({ holder: 'b', ids: timelessIds() }), { memory: new Map(), thorough: false });
}

interface How {
  readonly memory: TellMemory;
  readonly thorough: boolean;
}

async function onePass(stage: TriageStage, deps: TriageDeps, how: How): Promise<PassEnd> {
  const lease = await deps.store.take('prod', deps.holder);
  if (lease === undefined) {
    return 'lost';
  }
  try {
    return await runPass({ lease, ...how }, deps);
  } finally {
    await stage.store.release(lease);
  }
}

async function tryPass(stage: TriageStage, deps: TriageDeps, thorough: boolean): Promise<PassEnd | 'failed'> {
  try {
    return await onePass(stage, deps, { memory: stage.memory, thorough });
  } catch (error) {
    if (isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      return 'failed';
    }
    throw error;
  }
}

/** Passes, posts and looks after questions until nothing is left to do. */
async function quiet(stage: TriageStage, deps: TriageDeps): Promise<void> {
  let end: PassEnd | 'failed' = 'more';
  for (let passes = 0; passes < 40 && end !== 'done'; passes += 1) {
    stage.clock.advance(1500);
    end = await tryPass(stage, deps, end === 'waiting');
    await stage.post();
  }
  if (end !== 'done') {
    throw new Error(`it does not come to an end: ${end}`);
  }
  await watch(stage);
  await stage.post();
}

async function watch(stage: TriageStage): Promise<void> {
  const { questions, outbox, clock, logger, metrics } = stage;
  const asking = stage.cluster();
  if (asking.kind === 'nobody') {
    return;
  }
  stage.clock.advance(12_000);
  const canRepair = (): boolean => false;
  const answering = { ...asking, questions, outbox, clock, canRepair, logger, metrics, expirySeconds: () => 300 };
  await watchUnanswered({
    questions,
    outbox,
    clock,
    canRepair,
    clusters: new FakeClusterDirectory(clock),
    queue: { enqueue: (job) => answerQuestion(job, answering), close: async () => undefined },
    expirySeconds: () => 300,
  });
}

async function endOf(stage: TriageStage): Promise<unknown> {
  const rows = [...stage.outbox.rows.values()].toSorted((a, b) => (a.delivery.key < b.delivery.key ? -1 : 1));
  const questions = rows.flatMap(({ delivery }) => (delivery.content.kind === 'answer' ? delivery.key : []));
  return timeless({
    incidents: (await stage.incidents()).toSorted((a, b) => (a.incident.id < b.incident.id ? -1 : 1)),
    told: rows.map(({ delivery, posted, state }) => ({ key: delivery.key, content: delivery.content, posted, state })),
    questions: await Promise.all(questions.map((id) => stage.questions.read(id))),
    left: await stage.questions.unanswered(-1),
  });
}

const COUNTS = ['revision', 'looks', 'tookMs', 'runAgeMs', 'requests'];

function timeless(value: unknown): unknown {
  const text = JSON.stringify(value, (key, inner: unknown) => (COUNTS.includes(key) ? 0 : inner));
  return JSON.parse(text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'then'));
}
