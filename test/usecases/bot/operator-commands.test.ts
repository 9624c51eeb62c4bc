import { describe, expect, it } from 'vitest';
import { ChangeStage, POLICY } from './change-stage.ts';

async function told(stage: ChangeStage, user: string, text: string): Promise<string> {
  const reply = await stage.bot.ask(stage.act(user), text);
  switch (reply.kind) {
    case 'told':
      return reply.text;
    case 'refused':
    case 'unavailable':
      return `${reply.kind}: ${reply.reason}`;
    default:
      return reply.kind;
  }
}

describe('stop', () => {
  it.each([
    ['stop', '*', 'No reason was given.'],
    ['stop prod', 'prod', 'No reason was given.'],
    ['stop prod node trouble', 'prod', 'node trouble'],
    ['stop node trouble', '*', 'node trouble'],
    ['stop -c stage node trouble', 'stage', 'node trouble'],
    ['stop -c stage prod looks bad', 'stage', 'prod looks bad'],
    ['stop PROD', '*', 'PROD'],
  ])('%s', async (text, scope, reason) => {
    const stage = new ChangeStage();

    const reply = await told(stage, 'UOPS', text);

    expect(reply).toContain('Changes are switched off');
    expect(await stage.store.stopped()).toEqual([
      { scope, by: 'slack:T1/UOPS', at: '2026-01-31T12:00:00.000Z', reason },
    ]);
  });

  it('blocks what waits there', async () => {
    const stage = new ChangeStage();
    const { digest } = await stage.waiting();

    await told(stage, 'UOPS', 'stop prod');

    const reply = await stage.bot.approve(stage.act('UANN'), 'm-1', { digest, confirm: '', reason: '' });
    expect([reply.kind, (await stage.record()).state]).toEqual(['refused', 'blocked']);
  });

  it('stops nothing where the cluster is not known, since another one was meant', async () => {
    const stage = new ChangeStage();

    const reply = await told(stage, 'UOPS', 'stop -c prd');

    expect(reply).toBe(
      'refused: There is no cluster "prd"; there are prod and stage. Nothing was done. Did you mean `prod`?',
    );
    expect(await stage.store.stopped()).toEqual([]);
  });

  it.each([
    ['an approver', 'UANN', {}],
    ['a guest who is an operator', 'UOPS', { guest: true }],
    ['a deactivated operator', 'UOPS', { deactivated: true }],
    ['somebody else', 'UX', {}],
  ])('is refused of %s', async (_what, user, changes) => {
    const stage = new ChangeStage();
    stage.people.changes.set(user, changes);

    const reply = await told(stage, user, 'stop');

    expect(reply).toMatch(/^refused: /);
    expect([await stage.store.stopped(), stage.refusals.length]).toEqual([[], 1]);
  });

  it('is for the members of a group as well', async () => {
    const stage = new ChangeStage();
    stage.people.groups.set('SADM', ['UX']);

    expect(await told(stage, 'UX', 'stop')).toContain('switched off everywhere');
  });

  it('happens once for a delivery', async () => {
    const stage = new ChangeStage();
    const doing = stage.act('UOPS');

    const replies = [await stage.bot.ask(doing, 'stop'), await stage.bot.ask(doing, 'stop')];

    expect(replies.map(({ kind }) => kind)).toEqual(['told', 'duplicate']);
  });

  it('is told where nothing can be changed anyway', async () => {
    const stage = new ChangeStage();
    stage.policy = { ...POLICY, rules: [] };

    expect(await told(stage, 'UOPS', 'stop')).toMatch(/^refused: Kubewhy changes nothing here/);
  });

  it('keeps that Slack did not answer', async () => {
    const stage = new ChangeStage();
    stage.people.down = true;

    expect(await told(stage, 'UOPS', 'stop')).toMatch(/^unavailable: /);
    expect(stage.refusals).toEqual(['slack:T1/UOPS stop unknown 2']);
  });
});

describe('resume', () => {
  it('switches on again, and says what is still off', async () => {
    const stage = new ChangeStage();
    await told(stage, 'UOPS', 'stop');
    await told(stage, 'UOPS', 'stop prod');

    const replies = [await told(stage, 'UOPS', 'resume'), await told(stage, 'UOPS', 'resume prod')];

    expect(replies).toEqual([
      'Changes are switched on again everywhere. What was blocked must be proposed again. They are still switched off in the cluster "prod".',
      'Changes are switched on again in the cluster "prod". What was blocked must be proposed again.',
    ]);
  });

  it('says that nothing was switched off', async () => {
    expect(await told(new ChangeStage(), 'UOPS', 'resume')).toContain('were not switched off everywhere');
  });

  it('frees a cluster that is not served any more, and no other unknown one', async () => {
    const stage = new ChangeStage();
    await stage.store.stop({ scope: 'old', by: 'x', reason: 'y' });

    const replies = [await told(stage, 'UOPS', 'resume old'), await told(stage, 'UOPS', 'resume odl')];

    expect(replies.map((reply) => reply.slice(0, 30))).toEqual([
      'Changes are switched on again ',
      'refused: There is no cluster "',
    ]);
  });

  it('is refused of an approver', async () => {
    expect(await told(new ChangeStage(), 'UANN', 'resume')).toMatch(/^refused: You may not do that/);
  });
});

describe('audit', () => {
  it('shows the newest entries first', async () => {
    const stage = new ChangeStage();
    const { digest } = await stage.waiting();
    await stage.bot.approve(stage.act('UANN'), 'm-1', { digest, confirm: '', reason: 'a\u202eb\n```' });

    const reply = await stage.bot.ask(stage.act('UOPS'), 'audit 3');

    expect(reply).toEqual({
      kind: 'told',
      text: 'The newest 3 entries of the audit, the newest first. `kubewhy audit export` has all of it.',
      code: [
        expect.stringMatching(
          /^#4 2026-01-31T12:00:00Z approved awaiting_approval → approved prod R-POD-DELETE Pod shop/,
        ),
        expect.stringMatching(/^#3 2026-01-31T12:00:00Z vote prod .* by slack:T1\/UANN reason=a\\u\{202e\}b ```/),
        expect.stringMatching(/^#2 2026-01-31T12:00:00Z posted proposed → awaiting_approval prod/),
      ],
    });
  });

  it('shows those of one cluster, and of all of them', async () => {
    const stage = new ChangeStage();
    await stage.waiting();
    await told(stage, 'UOPS', 'stop');

    expect(await told(stage, 'UOPS', 'audit -c stage')).toContain(
      'The newest entry of the audit of the cluster "stage"',
    );
    expect(await told(stage, 'UOPS', 'audit -c nowhere')).toContain('There is no cluster "nowhere"');
  });

  it('shows at most thirty', async () => {
    const stage = new ChangeStage();
    for (let count = 0; count < 40; count += 1) {
      await told(stage, `UX${count}`, 'stop');
    }

    const reply = await stage.bot.ask(stage.act('UOPS'), 'audit 1000');

    expect(reply.kind === 'told' ? reply.code : []).toHaveLength(30);
  });

  it('is not filled by somebody who is refused all the time', async () => {
    const stage = new ChangeStage();
    for (let count = 0; count < 40; count += 1) {
      await told(stage, 'UX', 'stop');
    }

    expect(stage.refusals).toHaveLength(30);
  });

  it('says that there is nothing', async () => {
    expect(await told(new ChangeStage(), 'UOPS', 'audit')).toBe('The audit has no entries.');
  });

  it('is refused of an approver', async () => {
    expect(await told(new ChangeStage(), 'UANN', 'audit')).toMatch(/^refused: You may not do that/);
  });
});
