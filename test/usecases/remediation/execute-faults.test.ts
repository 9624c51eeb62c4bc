import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RemediationPlan } from '../../../src/core/remediation/remediation.ts';
import { isOpen } from '../../../src/core/remediation/state.ts';
import type { ClusterWriter } from '../../../src/ports/cluster-writer.ts';
import type { ExecutorDeps } from '../../../src/usecases/remediation/remediation-deps.ts';
import type { Fault, WorldEffect } from './api-server-world.ts';
import { ExecutorWorld } from './executor-world.ts';
import { BLOWS, type Blow, StruckDeps } from './struck-deps.ts';

/** Longer than a lease. */
const LONG_MS = 31_000;

/** What others do while an executor is frozen or dead. */
const HAPPENINGS = ['nothing', 'replaced', 'healed', 'stopped', 'late', 'fired', 'unreadable'] as const;

type Happening = (typeof HAPPENINGS)[number];

interface Script {
  readonly at: number;
  readonly blow: Blow;
  readonly times: number;
  readonly happening: Happening;
  readonly faults: readonly Fault[];
  /** Whether others work while it is frozen. */
  readonly others: boolean;
  readonly conditional: boolean;
}

const CORDON: Partial<RemediationPlan> = {
  conditional: false,
  tier: 'T2',
  fingerprint: 'n1',
  rights: [],
  target: { kind: 'Node', group: '', namespace: '', name: 'n1', uid: 'uid-n1' },
  input: {
    action: 'R-CORDON',
    subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'uid-1' },
    parameters: {},
  },
};

class Chaos {
  readonly world = new ExecutorWorld();
  readonly script: Script;
  /** Whether the approval held when each effect was sent. */
  readonly valid: boolean[] = [];
  private happened = false;
  private off = false;
  private fired = false;
  private until = 0;

  constructor(script: Script) {
    this.script = script;
  }

  /** An executor is struck, others go on; until nothing is left to do. */
  async play(): Promise<number> {
    const { world, script } = this;
    // What the playbook offers must be what is approved.
    world.offers = script.conditional ? 'R-POD-DELETE' : 'R-CORDON';
    await world.approved(script.conditional ? {} : CORDON);
    this.until = Date.parse((await world.record()).actBefore ?? '');
    world.api.faults.push(...script.faults);
    const meanwhile = async (): Promise<void> => {
      world.clock.advance(LONG_MS);
      await this.happen();
      await (script.others ? this.drive() : undefined);
    };
    const struck = new StruckDeps(world.deps(), { ...script, meanwhile });
    await world.run('m-1', this.watched(struck.deps)).catch(() => undefined);
    await this.happen();
    await this.drive();
    return struck.calls;
  }

  private async happen(): Promise<void> {
    const { world, script } = this;
    if (this.happened || script.at === 0 || script.blow.startsWith('fails')) {
      return;
    }
    this.happened = true;
    switch (script.happening) {
      case 'replaced':
        world.api.replace('web-0', false);
        break;
      case 'healed':
        world.api.heal('web-0');
        break;
      case 'stopped':
        this.off = true;
        await world.store.stop({ scope: '*', by: 'slack:T1/UBOB', reason: 'enough' });
        break;
      case 'late':
        world.clock.advance(20 * 60_000);
        break;
      case 'fired':
        this.fired = true;
        world.people.changes.set('UBOB', { deactivated: true });
        break;
      case 'unreadable':
        world.api.readable = false;
        break;
      case 'nothing':
        break;
      default:
        script.happening satisfies never;
    }
  }

  /** Other executors look for work, as the sweep makes them. */
  private async drive(): Promise<void> {
    const { world } = this;
    for (let turn = 0; turn < 6 && isOpen((await world.record()).state); turn += 1) {
      world.clock.advance(LONG_MS);
      await world.run('m-1', this.watched(world.deps({ worker: `w${turn + 2}` })));
    }
  }

  /** Notes of every effect whether its approval held when the request was handed over. */
  private watched(deps: ExecutorDeps): ExecutorDeps {
    const { writer } = deps;
    const send: ClusterWriter['send'] = async (request, options) => {
      const holds = !this.off && !this.fired && this.world.clock.ms < this.until;
      const result = await writer.send(request, options);
      const { effects } = this.world.api;
      this.valid.push(...effects.slice(this.valid.length).map(() => holds));
      return result;
    };
    const mayUser: ClusterWriter['mayUser'] = (identity, right) => writer.mayUser(identity, right);
    return { ...deps, writer: { send, mayUser, event: (event) => writer.event(event) } };
  }
}

function noted(world: ExecutorWorld, event: string): number {
  return world.store.audit.drafts.filter((draft) => draft.event === event).length;
}

async function checkInvariants({ world, script, valid }: Chaos): Promise<void> {
  const record = await world.record();
  const effects: readonly WorldEffect[] = world.api.effects;
  const said = JSON.stringify(script);

  expect(effects.length, `at most one effect: ${said}`).toBeLessThanOrEqual(1);
  expect(
    effects.filter(({ uid }) => uid !== record.signed.plan.target.uid),
    `no other object: ${said}`,
  ).toEqual([]);
  expect(
    valid.filter((held) => !held),
    `only with a valid approval: ${said}`,
  ).toEqual([]);
  expect(isOpen(record.state), `it ends (${record.state}): ${said}`).toBe(false);
  if (effects.length > 0) {
    expect(noted(world, 'intent'), `intent: ${said}`).toBeGreaterThan(0);
    // The store ends what nobody may look at, and says so.
    const results = noted(world, 'result') + Number(record.state === 'unknown_outcome' && noted(world, 'ended') > 0);
    expect(results, `result: ${said}`).toBeGreaterThan(0);
  }
  if (record.state === 'succeeded') {
    expect(effects, said).toHaveLength(1);
  }
}

const QUIET = { at: 0, blow: 'dies-before', times: 1, happening: 'nothing', faults: [], others: true } as const;

describe.each([true, false])('an executor that is struck (conditional: %s)', (conditional) => {
  it('at each of its calls leaves nothing undone, doubled or unsaid', async () => {
    const calls = await new Chaos({ ...QUIET, conditional }).play();

    for (let at = 1; at <= calls; at += 1) {
      for (const blow of BLOWS) {
        const chaos = new Chaos({ ...QUIET, at, blow, conditional });
        await chaos.play();
        await checkInvariants(chaos);
      }
    }
    expect(calls).toBeGreaterThan(20);
  });

  it('while anything happens around it harms nothing', async () => {
    const calls = await new Chaos({ ...QUIET, conditional }).play();
    const script: fc.Arbitrary<Script> = fc.record({
      at: fc.integer({ min: 0, max: calls + 10 }),
      blow: fc.constantFrom(...BLOWS),
      times: fc.integer({ min: 1, max: 30 }),
      happening: fc.constantFrom(...HAPPENINGS),
      faults: fc.array(
        fc.constantFrom<Fault>(
          'reply-lost',
          'request-lost',
          'http-500',
          { status: 403 },
          { status: 409 },
          { status: 422 },
        ),
        { maxLength: 4 },
      ),
      others: fc.boolean(),
      conditional: fc.constant(conditional),
    });

    await fc.assert(
      fc.asyncProperty(script, async (drawn) => {
        const chaos = new Chaos(drawn);
        await chaos.play();
        await checkInvariants(chaos);
      }),
      { numRuns: 1500 },
    );
  });
});
