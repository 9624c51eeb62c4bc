import { describe, expect, it } from 'vitest';
import { ChangeStage, POLICY, T3 } from './change-stage.ts';

async function remediationsOf(stage: ChangeStage, user: string) {
  return (await stage.bot.home('T1', user)).remediations;
}

const VAULT = { kind: 'Pod', group: '', namespace: 'vault', name: 'v', uid: '1' } as const;

describe('the changes on the App Home', () => {
  it('are what waits for the person, what ended, and what the person may approve', async () => {
    const stage = new ChangeStage();
    await stage.waiting('m-1', { requester: { team: 'T1', user: 'UANN' } });
    await stage.waiting('m-2', T3);
    await stage.waiting('m-3');
    await stage.bot.deny(stage.act('UBOB'), 'm-3', 'no');
    await stage.store.stop({ scope: 'stage', by: 'x', reason: 'y' });

    expect(await remediationsOf(stage, 'UANN')).toEqual({
      waiting: [
        {
          id: 'm-2',
          title: 'delete pod shop/web-m-2',
          cluster: 'prod',
          state: 'awaiting_approval',
          since: '2026-01-31T12:00:00.000Z',
          expiresAt: '2026-01-31T12:30:00.000Z',
          votes: 0,
          required: 2,
          requester: 'U1',
          yours: true,
          thread: { channel: 'C1', ts: '17.9' },
        },
        expect.objectContaining({ id: 'm-1', requester: 'UANN', yours: false }),
      ],
      recent: [expect.objectContaining({ id: 'm-3', state: 'denied', yours: false })],
      permissions: ['T1, T2, T3 in shop and vault (all clusters): R-POD-DELETE'],
      stopped: ['stage'],
    });
  });

  it('name nothing to those who may neither ask nor decide', async () => {
    const stage = new ChangeStage();
    await stage.waiting('m-1', { target: VAULT });

    expect(await remediationsOf(stage, 'UX')).toEqual({ waiting: [], recent: [], permissions: [], stopped: [] });
  });

  it.each([
    ['who asked', 'U1'],
    ['who proposed', 'U2'],
  ])('name it to the person %s', async (_what, user) => {
    const stage = new ChangeStage();
    stage.policy = { ...POLICY, rules: POLICY.rules.map((rule) => ({ ...rule, approvers: ['UANN'] })) };
    await stage.waiting('m-1', { target: VAULT });

    expect((await remediationsOf(stage, user))?.waiting.map(({ id, yours }) => [id, yours])).toEqual([['m-1', false]]);
  });

  it('are not the person’s own any more after a vote', async () => {
    const stage = new ChangeStage();
    const { digest } = await stage.waiting('m-1', T3);
    await stage.bot.approve(stage.act('UANN'), 'm-1', { digest, confirm: 'web-m-1', reason: 'it is' });

    expect((await remediationsOf(stage, 'UANN'))?.waiting.map(({ yours, votes }) => [yours, votes])).toEqual([
      [false, 1],
    ]);
  });

  it.each([
    ['a guest', { guest: true }],
    ['somebody of another workspace', { team: 'T2' }],
  ])('are not for %s', async (_what, changes) => {
    const stage = new ChangeStage();
    await stage.waiting();
    stage.people.changes.set('UANN', changes);

    expect(await remediationsOf(stage, 'UANN')).toBeUndefined();
  });

  it('are not there where nothing can be changed', async () => {
    const stage = new ChangeStage();
    stage.policy = { ...POLICY, rules: [] };

    expect(await remediationsOf(stage, 'UANN')).toBeUndefined();
  });

  it('show at most twelve that wait, and ten that ended', async () => {
    const stage = new ChangeStage();
    for (let count = 0; count < 30; count += 1) {
      await stage.waiting(`m-${count}`);
    }
    for (let count = 0; count < 15; count += 1) {
      await stage.store.deny(`m-${count}`, { team: 'T1', user: 'UBOB', reason: '' });
    }

    const found = await remediationsOf(stage, 'UANN');

    expect([found?.waiting.length, found?.recent.length]).toEqual([12, 10]);
  });

  it('promise nothing by a group that Slack does not tell of', async () => {
    const stage = new ChangeStage();
    await stage.waiting();
    stage.people.groups.delete('SSRE');

    const found = await remediationsOf(stage, 'UEVE');

    expect([found?.permissions, found?.waiting]).toEqual([[], []]);
  });
});
