import { expect } from 'vitest';
import type { Advance, ClaimResult, DecideResult, RemediationStore } from '../../src/ports/remediation-store.ts';
import { sampleDraft, sampleSigned, sampleTarget, sampleVote } from '../fakes/remediation-samples.ts';
import { MODEL_LEASE_MS, MODEL_LIMITS, type ModelCommand, modelPlan } from './remediation-commands.ts';
import { RemediationModel } from './remediation-model.ts';

/** A store whose time only the test moves. */
export interface PlayedStore {
  readonly store: RemediationStore;
  readonly pass: (ms: number) => Promise<void>;
}

const START_MS = Date.parse('2026-01-31T12:00:00.000Z');
const CHANGES = 12;
const MINUTE = 60_000;
const TIMES = [1, 1000, 29_999, 30_000, 30_000, 10 * MINUTE, 15 * MINUTE - 1, 15 * MINUTE, 60 * MINUTE];
const USERS = ['U1', 'U2', 'U7', 'U8', 'U9'];
/** A millisecond before, at and after the moment from which something is different. */
const AROUND = [-1, 0, 0, 1];
const WAYS = [
  ['executing', 'verifying'],
  ['executing', 'failed'],
  ['executing', 'unknown_outcome'],
  ['verifying', 'succeeded'],
  ['verifying', 'verify_failed'],
] as const;
const SCOPES = ['prod', 'dev', '*'];
/** Of the one who has it, of one before and of none. */
const FENCES = [0, 0, 0, -1, 1];
const NUMBERS = Array.from({ length: CHANGES }, (_, n) => n);
const KINDS: readonly ModelCommand['kind'][] = [
  ...(['propose', 'opened', 'approve', 'approve', 'claim', 'claim', 'intend', 'advance', 'renew', 'step'] as const),
  ...(['deny', 'cancel', 'stopBefore', 'expire', 'pass', 'pass', 'stop', 'resume', 'resume', 'resume'] as const),
];

/** Takes parts of a number, so that each number stands for one choice of everything. */
class Picker {
  #rest: number;

  constructor(number: number) {
    this.#rest = number;
  }

  pick<T>(from: readonly T[]): T {
    const index = this.#rest % from.length;
    this.#rest = Math.floor(this.#rest / from.length);
    return from[index] ?? expect.fail('there is nothing to pick from');
  }
}

/** Which command a number stands for: mostly what leads a change on, now and then anything. */
function commandOf(number: number, model: RemediationModel): ModelCommand {
  const picker = new Picker(number);
  const onward = picker.pick(['on', 'on', 'on', 'any']) === 'on';
  const n = picker.pick(NUMBERS);
  return onward ? onwardCommand(n, model, picker) : anyCommand(n, model, picker);
}

function onwardCommand(n: number, model: RemediationModel, picker: Picker): ModelCommand {
  const one = model.ones.get(`m-${n}`);
  const fence = one?.fence ?? 0;
  switch (one?.state) {
    case undefined:
      return { kind: 'propose', n };
    case 'proposed':
      return { kind: 'opened', n };
    case 'awaiting_approval':
      return { kind: 'approve', n, user: picker.pick(['U7', 'U8', 'U9']), stale: false };
    case 'approved':
      return picker.pick(['claim', 'claim', 'claim', 'pass']) === 'claim'
        ? { kind: 'claim', n }
        : edge(n, model, picker);
    case 'executing':
      return executingCommand(n, model, picker);
    case 'verifying': {
      const [from, to] = picker.pick(WAYS.slice(3));
      return picker.pick(['advance', 'advance', 'claim']) === 'claim'
        ? { kind: 'claim', n }
        : { kind: 'advance', n, fence, from, to };
    }
    default:
      return picker.pick(['time', 'edge']) === 'time'
        ? { kind: 'pass', ms: picker.pick(TIMES) }
        : edge(n, model, picker);
  }
}

/** Just so much time that something is about to be different, or is. */
function edge(n: number, model: RemediationModel, picker: Picker): ModelCommand {
  const edges = model.edges(n);
  return { kind: 'pass', ms: Math.max(1, (edges.length === 0 ? 1 : picker.pick(edges)) + picker.pick(AROUND)) };
}

function executingCommand(n: number, model: RemediationModel, picker: Picker): ModelCommand {
  const kind = picker.pick(['advance', 'advance', 'intend', 'intend', 'step', 'renew', 'claim', 'pass'] as const);
  const fence = model.ones.get(`m-${n}`)?.fence ?? 0;
  if (kind === 'claim') {
    return { kind, n };
  }
  if (kind === 'pass') {
    return edge(n, model, picker);
  }
  const [from, to] = picker.pick(WAYS.slice(0, 3));
  return kind === 'advance' ? { kind, n, fence, from, to } : { kind, n, fence };
}

function anyCommand(n: number, model: RemediationModel, picker: Picker): ModelCommand {
  const kind = picker.pick(KINDS);
  const fence = (model.ones.get(`m-${n}`)?.fence ?? 0) + picker.pick(FENCES);
  switch (kind) {
    case 'approve':
      return { kind, n, user: picker.pick(USERS), stale: picker.pick(['', '', '', 'stale']) === 'stale' };
    case 'renew':
    case 'intend':
    case 'step':
      return { kind, n, fence };
    case 'advance': {
      const [from, to] = picker.pick(WAYS);
      return { kind, n, fence, from, to };
    }
    case 'stop':
    case 'resume':
      return { kind, scope: picker.pick(SCOPES) };
    case 'pass':
      return { kind, ms: picker.pick(TIMES) };
    case 'expire':
      return { kind };
    default:
      return { kind, n };
  }
}

/** Plays the commands in the store and in the model; fails at the first answer that differs. Answers all that was answered. */
export async function playRemediations(
  { store, pass }: PlayedStore,
  numbers: readonly number[],
): Promise<readonly string[]> {
  const answers: string[] = [];
  const model = new RemediationModel(START_MS);
  const looks = NUMBERS.map((n) => () => ({ kind: 'read', n }) as const);
  for (const next of [...numbers.map((number) => () => commandOf(number, model)), ...looks]) {
    const command = next();
    const now = model.nowMs;
    const expected = model.answer(command);
    const actual = command.kind === 'pass' ? await pass(command.ms).then(() => '') : await perform(store, command, now);
    if (actual !== expected) {
      expect({ command, answer: actual }).toEqual({ command, answer: expected });
    }
    answers.push(`${command.kind} ${actual}`);
  }
  return answers;
}

type Performed = Exclude<ModelCommand, { kind: 'pass' }>;

async function perform(store: RemediationStore, command: Performed, nowMs: number): Promise<string> {
  switch (command.kind) {
    case 'expire':
      return (await store.expire()).toSorted().join();
    case 'stop':
      await store.stop({ scope: command.scope, by: 'U9', reason: 'no' });
      return '';
    case 'resume':
      return String(await store.resume(command.scope, 'U9'));
    case 'propose': {
      const result = await store.propose(signed(command.n, nowMs), MODEL_LIMITS);
      return result.kind === 'exists' ? `exists ${result.id}` : result.kind;
    }
    default:
      return (await store.read(`m-${command.n}`)) === undefined ? 'none' : about(store, command);
  }
}

async function about(
  store: RemediationStore,
  command: Exclude<Performed, { kind: 'expire' | 'stop' | 'resume' | 'propose' }>,
): Promise<string> {
  const id = `m-${command.n}`;
  switch (command.kind) {
    case 'read':
      return read(store, id);
    case 'approve':
      return decided(await store.approve(id, command.stale ? '' : await digestOf(store, id), sampleVote(command.user)));
    case 'deny':
      return decided(await store.deny(id, { team: 'T1', user: 'U9', reason: '' }));
    case 'cancel':
      return decided(await store.cancel(id, { team: 'T1', user: 'U9', reason: '' }));
    case 'opened':
      return String(await store.opened(id, { channel: 'C1', ts: '1' }));
    case 'stopBefore':
      return String(await store.stopBefore(id, 'blocked', 'no'));
    case 'claim':
      return claimed(await store.claim(id, { worker: 'e1', leaseMs: MODEL_LEASE_MS, limits: MODEL_LIMITS }));
    default:
      return String(await held(store, id, command as Extract<ModelCommand, { fence: number }>));
  }
}

function held(
  store: RemediationStore,
  id: string,
  command: Extract<ModelCommand, { fence: number }>,
): Promise<boolean> {
  const { fence } = command;
  switch (command.kind) {
    case 'renew':
      return store.renew(id, fence, MODEL_LEASE_MS);
    case 'intend':
      return store.intend(id, fence, 'r1', sampleDraft());
    case 'step':
      return store.step(id, fence, { what: 'x', ok: true, output: '', at: '2026-01-31T12:00:00.000Z', tookMs: 1 });
    default:
      return store.advance(id, fence, { from: command.from, to: command.to as Advance['to'], audit: sampleDraft() });
  }
}

function signed(n: number, nowMs: number) {
  const { id, cluster, action, required, conditional, object } = modelPlan(n);
  const target = sampleTarget(object);
  return sampleSigned(id, {
    cluster,
    target,
    conditional,
    input: { action, subject: { kind: 'Pod', namespace: 'shop', name: object, uid: target.uid }, parameters: {} },
    approval: { rule: 'shop', required, owners: [], reasonRequired: false },
    expiresAt: new Date(nowMs + 30 * MINUTE).toISOString(),
  });
}

async function digestOf(store: RemediationStore, id: string): Promise<string> {
  return (await store.read(id))?.signed.digest ?? '';
}

async function read(store: RemediationStore, id: string): Promise<string> {
  const record = await store.read(id);
  if (record === undefined) {
    return 'none';
  }
  const { state, revision, fence, votes, intent } = record;
  return `${state} ${revision} ${fence} ${votes.map(({ user }) => user).join()} ${intent !== undefined}`;
}

function decided(result: DecideResult): string {
  if (result.kind === 'counted') {
    return `counted ${result.votes} ${result.required}`;
  }
  return 'state' in result ? `${result.kind} ${result.state}` : result.kind;
}

function claimed(result: ClaimResult): string {
  if (result.kind === 'claimed') {
    return `claimed ${result.fence} ${result.from}`;
  }
  return 'state' in result ? `${result.kind} ${result.state}` : result.kind;
}
