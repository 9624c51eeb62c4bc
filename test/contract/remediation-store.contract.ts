import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/core/remediation/audit.ts';
import type { RemediationLimits } from '../../src/core/remediation/limits.ts';
import type { RemediationPlan } from '../../src/core/remediation/remediation.ts';
import type { AuditLog } from '../../src/ports/audit-log.ts';
import type { ClaimResult, RemediationStore } from '../../src/ports/remediation-store.ts';
import { NO_LIMITS, sampleDraft, sampleSigned, sampleTarget, sampleVote } from '../fakes/remediation-samples.ts';

/** A store and its audit, empty, at 2026-01-31T12:00:00Z. */
export interface ContractRemediations {
  readonly store: RemediationStore;
  readonly audit: AuditLog;
  /** Lets time pass; nothing else does. */
  readonly pass: (ms: number) => Promise<void>;
}

export type OpenRemediations = () => Promise<ContractRemediations>;

const MINUTE = 60_000;
const LEASE = 30_000;
const MESSAGE = { channel: 'C1', ts: '1700000000.000200' };
const ON_CALL = { team: 'T1', user: 'U9', reason: 'not <now>' };

/** What every store of remediations does, with the audit beside it. */
export function describeRemediationStore(name: string, open: OpenRemediations): void {
  /** With steps that the tests repeat. */
  async function start() {
    const opened = await open();
    const { store, audit } = opened;
    async function propose(id: string, changes: Partial<RemediationPlan> = {}, limits = NO_LIMITS) {
      return store.propose(sampleSigned(id, changes), limits);
    }
    async function awaiting(id: string, changes: Partial<RemediationPlan> = {}): Promise<string> {
      expect(await propose(id, changes)).toEqual({ kind: 'proposed' });
      expect(await store.opened(id, MESSAGE)).toBe(true);
      return sampleSigned(id, changes).digest;
    }
    async function approved(id: string, changes: Partial<RemediationPlan> = {}): Promise<void> {
      const digest = await awaiting(id, changes);
      expect(await store.approve(id, digest, sampleVote('U8'))).toEqual({ kind: 'decided', state: 'approved' });
    }
    async function claim(id: string, limits: RemediationLimits = NO_LIMITS): Promise<ClaimResult> {
      return store.claim(id, { worker: 'e1', leaseMs: LEASE, limits });
    }
    async function executing(id: string, changes: Partial<RemediationPlan> = {}): Promise<number> {
      await approved(id, changes);
      const claimed = await claim(id);
      return claimed.kind === 'claimed' ? claimed.fence : expect.fail(`the claim is ${claimed.kind}`);
    }
    /** Ends in the way that the breaker counts. */
    async function harmed(id: string, changes: Partial<RemediationPlan> = {}): Promise<void> {
      const fence = await executing(id, changes);
      expect(await store.intend(id, fence, 'r1', sampleDraft())).toBe(true);
      const audited = { audit: sampleDraft() };
      expect(await store.advance(id, fence, { from: 'executing', to: 'unknown_outcome', ...audited })).toBe(true);
    }
    async function state(id: string): Promise<string | undefined> {
      return (await store.read(id))?.state;
    }
    async function audited(): Promise<readonly string[]> {
      return (await audit.chain()).map(shortly);
    }
    return { ...opened, propose, awaiting, approved, claim, executing, harmed, state, audited };
  }

  describe(`remediation store: ${name}`, () => {
    test('the way of a change that helps', async () => {
      const { store, pass, awaiting, claim, audited } = await start();
      const signed = sampleSigned('m-1');
      await awaiting('m-1');
      await pass(1000);
      await store.approve('m-1', signed.digest, sampleVote('U8', { reason: 'go "on" \u2028 ü' }));
      await pass(1000);
      const claimed = await claim('m-1');
      const fence = claimed.kind === 'claimed' ? claimed.fence : expect.fail('it is not claimed');
      const step = { what: 'dry run', ok: true, output: 'a/b\n"c"', at: '2026-01-31T12:00:02.000Z', tookMs: 12.5 };
      await store.step('m-1', fence, step);
      await store.intend('m-1', fence, 'r1', sampleDraft({ event: 'intent' }));
      await store.advance('m-1', fence, { from: 'executing', to: 'verifying', audit: sampleDraft() });
      await pass(1000);
      const ending = { reason: 'web-0 is Ready <!channel>' };
      const audit = sampleDraft({ event: 'verified', to: 'succeeded' });

      const done = await store.advance('m-1', fence, { from: 'verifying', to: 'succeeded', ending, audit });

      expect(done).toBe(true);
      expect(await store.read('m-1')).toEqual({
        signed,
        state: 'succeeded',
        revision: 8,
        votes: [{ ...sampleVote('U8', { reason: 'go "on" \u2028 ü' }), at: '2026-01-31T12:00:01.000Z' }],
        history: [
          { state: 'proposed', at: '2026-01-31T12:00:00.000Z' },
          { state: 'awaiting_approval', at: '2026-01-31T12:00:00.000Z' },
          { state: 'approved', at: '2026-01-31T12:00:01.000Z' },
          { state: 'executing', at: '2026-01-31T12:00:02.000Z' },
          { state: 'verifying', at: '2026-01-31T12:00:02.000Z' },
          { state: 'succeeded', at: '2026-01-31T12:00:03.000Z' },
        ],
        actBefore: '2026-01-31T12:15:01.000Z',
        fence,
        intent: 'r1',
        steps: [step],
        ending,
        message: MESSAGE,
      });
      expect(await audited()).toEqual([
        'proposed m-1 -> proposed by slack:T1/U2',
        'posted m-1 proposed -> awaiting_approval by store',
        'vote m-1 by slack:T1/U8',
        'approved m-1 awaiting_approval -> approved by slack:T1/U8',
        'claimed m-1 approved -> executing by executor:e1',
        'step m-1 by executor:e1',
        'intent m-1 by executor:e1',
        'result m-1 by executor:e1',
        'verified m-1 -> succeeded by executor:e1',
      ]);
    });

    test('the entries of the audit say what it was about, and the chain is in order', async () => {
      const { store, audit, pass, awaiting } = await start();
      const digest = await awaiting('m-1');
      await store.approve('m-1', digest, sampleVote('U8', { reason: 'yes' }));
      await pass(5000);
      await audit.append(sampleDraft({ event: 'refused', detail: { why: 'not allowed', times: 2, again: true } }));
      const chained = await audit.chain();

      const [, , vote] = chained;

      expect(vote).toMatchObject({
        seq: 3,
        at: '2026-01-31T12:00:00.000Z',
        event: 'vote',
        cluster: 'prod',
        remediation: 'm-1',
        actor: 'slack:T1/U8',
        target: 'Pod shop/web-m-1 (uid-web-m-1)',
        action: 'R-POD-DELETE',
        detail: { digest, reason: 'yes', votes: 1, required: 1 },
        security: 3,
        prevHash: chained[1]?.hash,
      });
      expect(chained.at(-1)).toMatchObject({ event: 'refused', at: '2026-01-31T12:00:05.000Z' });
      expect(await audit.entries(2, 2)).toEqual(chained.slice(1, 3));
      expect(await audit.newest(2)).toEqual(chained.slice(-2).toReversed());
      expect(await audit.chain()).toEqual([]);
    });

    test('of the same change one is open at a time', async () => {
      const { store, propose, awaiting, state } = await start();
      const target = sampleTarget('web-0');
      await awaiting('m-1', { target });
      const others = [
        await propose('m-2', { target }),
        await propose('m-1', { target }),
        await propose('m-3', { target: { ...target, uid: 'uid-new' } }),
        await propose('m-4', { target, cluster: 'dev' }),
      ];
      await store.deny('m-1', ON_CALL);

      const after = [await propose('m-2', { target }), await propose('m-1', { target })];

      expect(others).toEqual([
        { kind: 'exists', id: 'm-1' },
        { kind: 'exists', id: 'm-1' },
        { kind: 'proposed' },
        { kind: 'proposed' },
      ]);
      expect(after).toEqual([{ kind: 'proposed' }, { kind: 'exists', id: 'm-1' }]);
      expect(await state('m-1')).toBe('denied');
    });

    test('what nobody knows is not decided, executed or told', async () => {
      const { store, claim } = await start();

      expect([
        await store.approve('m-0', 'd', sampleVote('U8')),
        await store.deny('m-0', ON_CALL),
        await store.cancel('m-0', ON_CALL),
        await claim('m-0'),
      ]).toEqual(Array.from({ length: 4 }, () => ({ kind: 'unknown' })));
      expect([
        await store.opened('m-0', MESSAGE),
        await store.stopBefore('m-0', 'blocked', 'no'),
        await store.renew('m-0', 0, LEASE),
        await store.intend('m-0', 0, 'r', sampleDraft()),
        await store.advance('m-0', 0, { from: 'executing', to: 'failed', audit: sampleDraft() }),
        await store.told('m-0', 1),
        await store.read('m-0'),
      ]).toEqual([false, false, false, false, false, undefined, undefined]);
    });

    test('nothing is decided before it is posted, and it is posted once', async () => {
      const { store, propose } = await start();
      await propose('m-1');
      const { digest } = sampleSigned('m-1');

      expect(await store.approve('m-1', digest, sampleVote('U8'))).toEqual({ kind: 'already', state: 'proposed' });
      expect(await store.deny('m-1', ON_CALL)).toEqual({ kind: 'already', state: 'proposed' });
      expect(await store.opened('m-1', MESSAGE)).toBe(true);
      expect(await store.opened('m-1', MESSAGE)).toBe(false);
    });

    test('two approvers are two people, none of them the requester or the proposer, all for the same plan', async () => {
      const { store, awaiting } = await start();
      const approval = { rule: 'shop', required: 2, owners: [], reasonRequired: false };
      const digest = await awaiting('m-1', { approval });

      expect([
        await store.approve('m-1', digest, sampleVote('U1')),
        await store.approve('m-1', digest, sampleVote('U2', { team: 'T2' })),
        await store.approve('m-1', 'another', sampleVote('U8')),
        await store.approve('m-1', digest, sampleVote('U8')),
        await store.approve('m-1', digest, sampleVote('U8')),
        await store.approve('m-1', digest, sampleVote('U8', { team: 'T2' })),
        await store.approve('m-1', digest, sampleVote('U9')),
        await store.approve('m-1', digest, sampleVote('U10')),
      ]).toEqual([
        { kind: 'own' },
        { kind: 'own' },
        { kind: 'stale' },
        { kind: 'counted', votes: 1, required: 2 },
        { kind: 'voted' },
        { kind: 'voted' },
        { kind: 'decided', state: 'approved' },
        { kind: 'already', state: 'approved' },
      ]);
      expect((await store.read('m-1'))?.votes.map(({ user }) => user)).toEqual(['U8', 'U9']);
    });

    test('where owners are needed, people who are none do not make the quorum', async () => {
      const { store, awaiting } = await start();
      const approval = { rule: 'shop', required: 2, owners: ['S1'], reasonRequired: true };
      const digest = await awaiting('m-1', { approval });

      expect([
        await store.approve('m-1', digest, sampleVote('U7', { owner: false })),
        await store.approve('m-1', digest, sampleVote('U8', { owner: false })),
        await store.approve('m-1', digest, sampleVote('U9', { owner: true })),
      ]).toEqual([
        { kind: 'counted', votes: 1, required: 2 },
        { kind: 'counted', votes: 2, required: 2 },
        { kind: 'decided', state: 'approved' },
      ]);
    });

    test('one denial ends it; after the approval it can be cancelled, once somebody executes it no more', async () => {
      const { store, awaiting, approved, executing } = await start();
      await awaiting('m-1');
      await approved('m-2');
      await executing('m-3');

      expect([
        await store.deny('m-1', ON_CALL),
        await store.deny('m-2', ON_CALL),
        await store.cancel('m-2', ON_CALL),
        await store.cancel('m-3', ON_CALL),
        await store.cancel('m-2', ON_CALL),
      ]).toEqual([
        { kind: 'decided', state: 'denied' },
        { kind: 'already', state: 'approved' },
        { kind: 'decided', state: 'cancelled' },
        { kind: 'already', state: 'executing' },
        { kind: 'already', state: 'cancelled' },
      ]);
      expect((await store.read('m-1'))?.ending).toEqual({ reason: 'not <now>', by: 'U9' });
    });

    test.each([
      [-1, 'decided', 'approved'],
      [0, 'expired', 'expired'],
      [1, 'expired', 'expired'],
    ])('%i ms after its end an approval is %s', async (ms, kind, end) => {
      const { store, pass, awaiting, state } = await start();
      const digest = await awaiting('m-1');
      await pass(30 * MINUTE + ms);

      const result = await store.approve('m-1', digest, sampleVote('U8'));

      expect([result.kind, await state('m-1')]).toEqual([kind, end]);
    });

    test.each([
      [-1, 'claimed', 'executing'],
      [0, 'already', 'expired'],
      [1, 'already', 'expired'],
    ])('%i ms after the time to act a claim is %s', async (ms, kind, end) => {
      const { pass, approved, claim, state } = await start();
      await approved('m-1');
      await pass(15 * MINUTE + ms);

      const result = await claim('m-1');

      expect([result.kind, await state('m-1')]).toEqual([kind, end]);
    });

    test.each([
      [-1, true],
      [0, false],
      [1, false],
    ])('%i ms after the time to act an intent is taken: %s', async (ms, may) => {
      const { store, pass, executing } = await start();
      const fence = await executing('m-1');
      await store.renew('m-1', fence, 20 * MINUTE);
      await pass(15 * MINUTE + ms);

      expect(await store.intend('m-1', fence, 'r1', sampleDraft())).toBe(may);
    });

    test('an approval late in its time leaves no more than what is left', async () => {
      const { store, pass, awaiting } = await start();
      const digest = await awaiting('m-1');
      await pass(20 * MINUTE);
      await store.approve('m-1', digest, sampleVote('U8'));

      expect((await store.read('m-1'))?.actBefore).toBe('2026-01-31T12:30:00.000Z');
    });

    test('everything whose time is over expires in whatever state it waits, and nothing else', async () => {
      const { store, pass, propose, awaiting, approved, executing, state, audited } = await start();
      await propose('m-1');
      await awaiting('m-2');
      await approved('m-3');
      await executing('m-4');
      await propose('m-5', { expiresAt: '2026-01-31T13:30:00.000Z' });
      await audited();
      await pass(30 * MINUTE);

      const expired = await store.expire();

      expect(expired.toSorted()).toEqual(['m-1', 'm-2', 'm-3']);
      expect(await store.expire()).toEqual([]);
      expect([await state('m-4'), await state('m-5')]).toEqual(['executing', 'proposed']);
      expect((await audited()).toSorted()).toEqual([
        'expired m-1 proposed -> expired by store',
        'expired m-2 awaiting_approval -> expired by store',
        'expired m-3 approved -> expired by store',
      ]);
      expect((await store.read('m-1'))?.ending).toEqual({
        reason: 'Its time was over before it was begun. Ask again: a fresh diagnosis shows whether it is still needed.',
      });
    });

    test('what an executor of a cluster that nobody looks after any more left behind has an end', async () => {
      const { store, pass, executing, harmed, state, audited } = await start();
      const clusters = ['prod', 'dev'];
      await executing('m-1');
      const fence = await executing('m-2', { cluster: 'gone' });
      await executing('m-3', { cluster: 'gone-too' });
      await harmed('m-4', { cluster: 'gone' });
      await store.intend('m-2', fence, 'r1', sampleDraft());
      await audited();
      await pass(LEASE + 59 * MINUTE);
      const early = await store.abandon({ clusters, silentMs: 60 * MINUTE });
      await pass(MINUTE);

      const ended = await store.abandon({ clusters, silentMs: 60 * MINUTE });

      expect([early, ended.toSorted()]).toEqual([[], ['m-2', 'm-3']]);
      expect(await store.abandon({ clusters, silentMs: 60 * MINUTE })).toEqual([]);
      expect([await state('m-1'), await state('m-2')]).toEqual(['executing', 'unknown_outcome']);
      expect((await audited()).filter((entry) => entry.startsWith('ended'))).toEqual([
        'ended m-2 executing -> unknown_outcome by store',
        'ended m-3 executing -> unknown_outcome by store',
      ]);
      expect((await store.read('m-3'))?.ending?.reason).toContain('its cluster is not in the settings any more');
      expect(await store.renew('m-2', fence, 1000)).toBe(false);
    });

    test('what is over does not keep out the next one about the same change', async () => {
      const { pass, propose, state } = await start();
      const target = sampleTarget('web-0');
      await propose('m-1', { target });
      await pass(30 * MINUTE);

      const next = await propose('m-2', { target, expiresAt: '2026-01-31T13:00:00.000Z' });
      const late = await propose('m-3');

      expect([next.kind, late.kind, await state('m-1')]).toEqual(['proposed', 'blocked', 'expired']);
    });

    test('one executor has it; another one takes it when that one is silent, and the first writes no more', async () => {
      const { store, pass, executing, claim } = await start();
      const fence = await executing('m-1');
      await pass(LEASE - 1);
      const early = await claim('m-1');
      await store.renew('m-1', fence, LEASE);
      await pass(LEASE);

      const again = await claim('m-1');

      expect(early).toEqual({ kind: 'busy' });
      expect(again).toMatchObject({ kind: 'claimed', how: 'recover', from: 'executing' });
      const newer = again.kind === 'claimed' ? again.fence : 0;
      expect(newer).toBeGreaterThan(fence);
      expect(await store.read('m-1')).toMatchObject({ fence: newer, state: 'executing' });
      expect([
        await store.renew('m-1', fence, LEASE),
        await store.intend('m-1', fence, 'r1', sampleDraft()),
        await store.step('m-1', fence, { what: 'x', ok: true, output: '', at: '2026-01-31T12:00:00Z', tookMs: 1 }),
        await store.advance('m-1', fence, { from: 'executing', to: 'failed', audit: sampleDraft() }),
        await store.advance('m-1', newer, { from: 'verifying', to: 'succeeded', audit: sampleDraft() }),
        await store.intend('m-1', newer, 'r1', sampleDraft()),
      ]).toEqual([false, false, false, false, false, true]);
    });

    test('nothing is sent after the lease is over, whether somebody took it or not', async () => {
      const { store, pass, executing } = await start();
      const fence = await executing('m-1');
      await pass(LEASE);

      expect(await store.intend('m-1', fence, 'r1', sampleDraft())).toBe(false);
      expect(await store.renew('m-1', fence, LEASE)).toBe(true);
      expect(await store.intend('m-1', fence, 'r1', sampleDraft())).toBe(true);
    });

    test.each([
      [true, { kind: 'claimed', from: 'executing' }],
      [false, { kind: 'already', state: 'unknown_outcome' }],
    ])('after an intent, conditional: %s, a dead executor leaves %o', async (conditional, expected) => {
      const { store, pass, executing, claim } = await start();
      const fence = await executing('m-1', { conditional });
      await store.intend('m-1', fence, 'r1', sampleDraft());
      const twice = await store.intend('m-1', fence, 'r1', sampleDraft());
      await pass(LEASE);

      expect(await claim('m-1')).toMatchObject(expected);
      expect(twice).toBe(conditional);
    });

    test('without an intent the next executor may try also what is not conditional, and verifying goes on', async () => {
      const { store, pass, executing, claim } = await start();
      await executing('m-1', { conditional: false });
      const fence = await executing('m-2', { conditional: false });
      await store.intend('m-2', fence, 'r1', sampleDraft());
      await store.advance('m-2', fence, { from: 'executing', to: 'verifying', audit: sampleDraft() });
      await pass(LEASE);

      expect([await claim('m-1'), await claim('m-2')]).toMatchObject([
        { kind: 'claimed', how: 'recover', from: 'executing' },
        { kind: 'claimed', how: 'recover', from: 'verifying' },
      ]);
    });

    test('a way that no change goes is a defect', async () => {
      const { store, executing } = await start();
      const fence = await executing('m-1');

      await expect(
        store.advance('m-1', fence, { from: 'executing', to: 'succeeded', audit: sampleDraft() }),
      ).rejects.toMatchObject({ code: 'BUG' });
    });

    test('what is stopped before it begins is blocked or superseded', async () => {
      const { store, propose, awaiting, executing, audited } = await start();
      await propose('m-1');
      await awaiting('m-2');
      await executing('m-3');
      await audited();

      expect([
        await store.stopBefore('m-1', 'blocked', 'a freeze'),
        await store.stopBefore('m-2', 'superseded', 'it healed'),
        await store.stopBefore('m-3', 'blocked', 'a freeze'),
        await store.stopBefore('m-1', 'superseded', 'late'),
      ]).toEqual([true, true, false, false]);
      expect((await store.read('m-2'))?.ending).toEqual({ reason: 'it healed' });
      expect(await audited()).toEqual([
        'ended m-1 proposed -> blocked by store',
        'ended m-2 awaiting_approval -> superseded by store',
      ]);
    });

    test('the switch blocks what waits and lets nothing new come or be sent, until somebody resumes', async () => {
      const { store, propose, approved, executing, claim, state, audited } = await start();
      await approved('m-1');
      await propose('m-2', { cluster: 'dev' });
      const fence = await executing('m-3');
      await audited();

      await store.stop({ scope: 'prod', by: 'U9', reason: 'incident' });

      expect(await store.stopped()).toEqual([
        { scope: 'prod', by: 'U9', reason: 'incident', at: '2026-01-31T12:00:00.000Z' },
      ]);
      expect([await state('m-1'), await state('m-2'), await state('m-3')]).toEqual([
        'blocked',
        'proposed',
        'executing',
      ]);
      expect((await store.read('m-1'))?.ending).toEqual({
        reason: 'Changes were switched off: incident',
        by: 'U9',
      });
      expect(await store.intend('m-3', fence, 'r1', sampleDraft())).toBe(false);
      expect(await propose('m-4')).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('switched off') });
      expect(await claim('m-1')).toEqual({ kind: 'already', state: 'blocked' });
      expect([await store.resume('dev', 'U9'), await store.resume('prod', 'U9')]).toEqual([false, true]);
      expect(await store.intend('m-3', fence, 'r1', sampleDraft())).toBe(true);
      expect(await store.stopped()).toEqual([]);
      expect(await audited()).toEqual([
        'stopped prod by U9',
        'ended m-1 approved -> blocked by U9',
        'resumed prod by U9',
        'result m-1 by executor:e1',
      ]);
    });

    test('the switch for all holds for each cluster', async () => {
      const { store, propose, awaiting, state } = await start();
      await awaiting('m-1');
      await awaiting('m-2', { cluster: 'dev' });

      await store.stop({ scope: '*', by: 'U9', reason: '' });

      expect([await state('m-1'), await state('m-2')]).toEqual(['blocked', 'blocked']);
      expect((await propose('m-3', { cluster: 'dev' })).kind).toBe('blocked');
      expect([await store.resume('dev', 'U9'), (await propose('m-3', { cluster: 'dev' })).kind]).toEqual([
        false,
        'blocked',
      ]);
    });

    test('as many are under way as may be: no further one is proposed, and those that are approved wait', async () => {
      const { store, propose, approved, executing, claim } = await start();
      const limits = { ...NO_LIMITS, inFlightPerNamespace: 1, inFlightPerCluster: 2 };
      const elsewhere = (name: string) => ({ target: sampleTarget(name, { namespace: name }) });
      await approved('m-2');
      await approved('m-3', elsewhere('c'));
      await approved('m-4', elsewhere('d'));
      const fence = await executing('m-1');

      const results = [
        await propose('m-5', {}, limits),
        await claim('m-2', limits),
        await claim('m-3', limits),
        await propose('m-5', elsewhere('e'), limits),
        await claim('m-4', limits),
      ].map((result) => ('reason' in result ? result.reason.slice(0, 60) : result.kind));
      await store.advance('m-1', fence, { from: 'executing', to: 'failed', audit: sampleDraft() });

      expect(results).toEqual([
        'No more changes may be under way at once in this namespace. ',
        'busy',
        'claimed',
        'No more changes may be under way at once in this cluster. Tr',
        'busy',
      ]);
      expect((await claim('m-2', limits)).kind).toBe('claimed');
    });

    test('what was begun within an hour counts', async () => {
      const { pass, propose, approved, executing, claim } = await start();
      const limits = { ...NO_LIMITS, perNamespaceHour: 2, perClusterHour: 3 };
      const elsewhere = { target: sampleTarget('x', { kind: 'Namespace', namespace: '', name: 'x' }) };
      const later = { expiresAt: '2026-01-31T14:00:00.000Z' };
      await executing('m-1');
      await pass(1);
      await executing('m-2');
      await approved('m-3');

      const results = [
        await propose('m-4', {}, limits),
        await claim('m-3', limits),
        await propose('m-4', elsewhere, limits),
        await executing('m-5', { target: sampleTarget('y', { namespace: 'other' }) }).then(async () =>
          propose('m-6', { cluster: 'prod' }, limits),
        ),
      ].map((result) => ('reason' in result ? result.reason.slice(0, 70) : result.kind));
      await pass(60 * MINUTE - 2);
      const before = await propose('m-7', later, limits);
      await pass(1);

      expect(results).toEqual([
        'This namespace has had all the changes that it may have within an hour',
        'already',
        'proposed',
        'This cluster has had all the changes that it may have within an hour. ',
      ]);
      expect([before.kind, (await propose('m-7', later, limits)).kind]).toEqual(['blocked', 'proposed']);
    });

    test('the same object is not changed again for a while, by whatever action and also when it was made anew', async () => {
      const { store, pass, propose, approved, executing, claim, state } = await start();
      const limits = { ...NO_LIMITS, perTargetMinutes: 30 };
      const target = sampleTarget('web-0');
      const anew = { target: { ...target, uid: 'uid-new' }, expiresAt: '2026-01-31T14:00:00.000Z' };
      await approved('m-2', { target: { ...target, uid: 'uid-other' } });
      const fence = await executing('m-1', { target });
      await store.intend('m-1', fence, 'r1', sampleDraft());
      await store.advance('m-1', fence, { from: 'executing', to: 'failed', audit: sampleDraft() });

      expect((await propose('m-3', anew, limits)).kind).toBe('blocked');
      expect([await claim('m-2', limits), await state('m-2')]).toEqual([
        { kind: 'already', state: 'blocked' },
        'blocked',
      ]);
      await pass(30 * MINUTE - 1);
      expect((await propose('m-3', anew, limits)).kind).toBe('blocked');
      await pass(1);
      expect((await propose('m-3', anew, limits)).kind).toBe('proposed');
    });

    test('an object that nothing was sent to was not changed', async () => {
      const { store, propose, executing } = await start();
      const target = sampleTarget('web-0');
      const fence = await executing('m-1', { target });
      await store.advance('m-1', fence, { from: 'executing', to: 'superseded', audit: sampleDraft() });

      expect(await propose('m-2', { target }, { ...NO_LIMITS, perTargetMinutes: 30 })).toEqual({ kind: 'proposed' });
    });

    test('what helped twice within a day is not done a third time, whatever uid the object has by then', async () => {
      const { store, pass, propose, approved, executing, claim } = await start();
      const limits = { ...NO_LIMITS, perTargetDay: 2 };
      const always = { expiresAt: '2026-02-02T14:00:00.000Z' };
      const web = { target: sampleTarget('web-0'), ...always };
      const evict = { input: { ...sampleSigned('x').plan.input, action: 'R-EVICT' as const } };
      async function ended(id: string, to: 'succeeded' | 'verify_failed', changes: Partial<RemediationPlan> = web) {
        const fence = await executing(id, {
          ...changes,
          target: { ...(changes.target ?? web.target), uid: `uid-${id}` },
        });
        await store.intend(id, fence, 'r1', sampleDraft());
        await store.advance(id, fence, { from: 'executing', to: 'verifying', audit: sampleDraft() });
        await store.advance(id, fence, { from: 'verifying', to, audit: sampleDraft() });
      }
      await ended('m-1', 'succeeded');
      await pass(MINUTE);
      await ended('m-2', 'verify_failed');
      await ended('m-3', 'succeeded', { ...web, ...evict });
      await ended('m-4', 'succeeded', { target: sampleTarget('web-1'), ...always });
      await ended('m-5', 'succeeded', { ...web, cluster: 'dev' });
      await approved('m-6', { ...web, target: { ...web.target, uid: 'uid-late' } });
      const before = await propose('m-7', web, limits);
      await store.cancel('m-7', ON_CALL);
      await ended('m-8', 'succeeded');

      expect(before).toEqual({ kind: 'proposed' });
      expect(await propose('m-9', web, limits)).toEqual({
        kind: 'blocked',
        reason: expect.stringContaining('each time the trouble came back'),
      });
      expect(await claim('m-6', limits)).toEqual({ kind: 'already', state: 'blocked' });
      expect(await propose('m-9', { ...web, ...evict }, limits)).toEqual({ kind: 'proposed' });
      await pass(24 * 60 * MINUTE - MINUTE - 1);
      expect((await propose('m-10', web, limits)).kind).toBe('blocked');
      await pass(1);
      expect((await propose('m-10', web, limits)).kind).toBe('proposed');
    });

    test('an action that did not help twice is off for an hour, in its cluster', async () => {
      const { store, pass, propose, approved, harmed, claim, audited } = await start();
      const later = { expiresAt: '2026-01-31T14:00:00.000Z' };
      const other = { input: { ...sampleSigned('x').plan.input, action: 'R-EVICT' as const } };
      await approved('m-1');
      await harmed('m-2');
      await audited();
      await harmed('m-3');
      const entries = await audited();

      expect(await store.breakers()).toEqual([
        { cluster: 'prod', action: 'R-POD-DELETE', until: '2026-01-31T13:00:00.000Z' },
      ]);
      expect(entries.slice(-2)).toEqual(['result m-1 by executor:e1', 'breaker m-3 by store']);
      expect(await claim('m-1')).toEqual({ kind: 'already', state: 'blocked' });
      expect([
        (await propose('m-4')).kind,
        (await propose('m-4', other)).kind,
        (await propose('m-5', { cluster: 'dev' })).kind,
      ]).toEqual(['blocked', 'proposed', 'proposed']);
      await pass(60 * MINUTE - 1);
      expect((await propose('m-6', later)).kind).toBe('blocked');
      await pass(1);
      expect([(await propose('m-6', later)).kind, await store.breakers()]).toEqual(['proposed', []]);
    });

    test('three that did not help switch everything off until somebody resumes', async () => {
      const { store, pass, propose, harmed, audited } = await start();
      const later = { expiresAt: '2026-01-31T20:00:00.000Z' };
      const other = { ...later, input: { ...sampleSigned('x').plan.input, action: 'R-EVICT' as const } };
      await harmed('m-1');
      await pass(61 * MINUTE);
      await harmed('m-2', later);
      expect(await store.breakers()).toEqual([]);
      await harmed('m-3', other);
      await pass(120 * MINUTE);
      await audited();

      expect(await store.breakers()).toEqual([{ cluster: 'prod', action: '' }]);
      expect((await propose('m-4', other)).kind).toBe('blocked');
      expect(await store.resume('dev', 'U9')).toBe(false);
      expect([await store.resume('*', 'U9'), await store.breakers()]).toEqual([false, []]);
      expect((await propose('m-4', other)).kind).toBe('proposed');
      expect((await audited()).at(0)).toBe('resumed * by U9');
    });

    test('a recovery that cannot tell counts for the breaker', async () => {
      const { store, pass, executing, claim } = await start();
      for (const id of ['m-1', 'm-2']) {
        const fence = await executing(id, { conditional: false });
        await store.intend(id, fence, 'r1', sampleDraft());
        await pass(LEASE);
        await claim(id);
      }

      expect((await store.breakers()).map(({ action }) => action)).toEqual(['R-POD-DELETE']);
    });

    test('the work of a cluster: what is not posted, may run, and is not told', async () => {
      const { store, pass, propose, approved, executing } = await start();
      await propose('m-1');
      await approved('m-2');
      const fence = await executing('m-3');
      await propose('m-4', { cluster: 'dev' });
      const before = await store.work('prod');
      for (const id of ['m-1', 'm-2', 'm-3']) {
        await store.told(id, (await store.read(id))?.revision ?? 0);
      }
      await store.told('m-4', 0);
      const told = await store.work('prod');
      await pass(LEASE);
      const silent = await store.work('prod');
      await store.renew('m-3', fence, LEASE);
      await store.advance('m-3', fence, { from: 'executing', to: 'failed', audit: sampleDraft() });
      const sorted = (ids: readonly string[]) => ids.toSorted();

      expect([sorted(before.unposted), sorted(before.runnable), sorted(before.untold)]).toEqual([
        ['m-1'],
        ['m-2'],
        ['m-1', 'm-2', 'm-3'],
      ]);
      expect(told).toEqual({ unposted: ['m-1'], runnable: ['m-2'], untold: [] });
      expect(sorted(silent.runnable)).toEqual(['m-2', 'm-3']);
      expect(await store.work('prod')).toEqual({ unposted: ['m-1'], runnable: ['m-2'], untold: ['m-3'] });
      expect(await store.work('dev')).toEqual({ unposted: ['m-4'], runnable: [], untold: ['m-4'] });
    });

    test('lists are the newest first, open ones and those that ended apart', async () => {
      const { store, pass, propose } = await start();
      for (const id of ['m-1', 'm-2', 'm-3', 'm-4']) {
        await propose(id, { cluster: id === 'm-3' ? 'dev' : 'prod' });
        await pass(1);
      }
      await store.cancel('m-4', ON_CALL);
      await pass(1);
      await store.cancel('m-1', ON_CALL);
      const ids = async (query: Parameters<RemediationStore['list']>[0]) =>
        (await store.list(query)).map(({ signed }) => signed.plan.id);

      expect([
        await ids({ open: true, limit: 10 }),
        await ids({ open: true, cluster: 'prod', limit: 10 }),
        await ids({ open: true, limit: 1 }),
        await ids({ open: false, limit: 10 }),
        await ids({ open: false, cluster: 'dev', limit: 10 }),
      ]).toEqual([['m-3', 'm-2'], ['m-2'], ['m-3'], ['m-1', 'm-4'], []]);
    });
  });
}

/** `expired m-1 proposed -> expired by store` */
function shortly({ event, remediation, cluster, from, to, actor }: AuditEntry): string {
  const way = to === undefined ? '' : ` ${from === undefined ? '' : `${from} `}-> ${to}`;
  return `${event} ${remediation === '' ? cluster : remediation}${way} by ${actor}`;
}
