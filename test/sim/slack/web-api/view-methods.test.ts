import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';
import { httpApp, type RunningApp } from '../bolt-apps.ts';
import { ManualClock } from '../manual-clock.ts';
import { call } from './api-client.ts';

function modal(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Approve fix' },
    blocks: [{ type: 'divider' }],
    ...fields,
  };
}

describe('views', () => {
  let slack: SlackSim;
  let clock: ManualClock;
  let running: RunningApp;

  beforeEach(async () => {
    clock = new ManualClock();
    slack = await startSlackSim({ clock: clock.read, rateLimits: 'off' });
    running = await httpApp(slack);
    running.app.command('/k8s', ({ ack }) => ack());
  });

  afterEach(async () => {
    await running.stop();
    await slack.close();
  });

  async function trigger(): Promise<string> {
    return String((await slack.drivers.command()).payload['trigger_id']);
  }

  it('opens with a trigger that works once and for 3 s', async () => {
    const used = await trigger();
    const opened = await call(slack, 'views.open', { trigger_id: used, view: modal() });
    const again = await call(slack, 'views.open', { trigger_id: used, view: modal() });
    const old = await trigger();
    clock.advance(3000);
    const expired = await call(slack, 'views.open', { trigger_id: old, view: modal() });
    const unknown = await call(slack, 'views.open', { trigger_id: 'x', view: modal() });
    const foreign = slack.faults.foreignTrigger(slack.users.alice.id);
    const bound = await call(slack, 'views.open', { trigger_id: foreign, view: modal() });

    expect(opened).toMatchObject({
      ok: true,
      view: { id: 'V00000001', type: 'modal', app_installed_team_id: 'T0ACME001' },
    });
    expect([again, expired, unknown, bound].map((answer) => answer['error'])).toEqual([
      'exchanged_trigger_id',
      'expired_trigger_id',
      'invalid_trigger_id',
      'invalid_trigger_id',
    ]);
  });

  it('can let every trigger expire', async () => {
    slack.faults.expireTriggers();

    const answer = await call(slack, 'views.open', { trigger_id: await trigger(), view: modal() });

    expect(answer['error']).toBe('expired_trigger_id');
    expect(slack.problems()).toEqual([]);
  });

  it('refuses invalid views with a pointer', async () => {
    const view = modal({ title: { type: 'plain_text', text: 'x'.repeat(25) } });

    const answer = await call(slack, 'views.open', { trigger_id: await trigger(), view });

    expect(answer).toMatchObject({
      ok: false,
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
    });
    expect(slack.problems()).toHaveLength(1);
  });

  it('updates with the right hash only', async () => {
    const { view } = (await call(slack, 'views.open', { trigger_id: await trigger(), view: modal() })) as unknown as {
      view: { id: string; hash: string };
    };

    const first = await call(slack, 'views.update', { view_id: view.id, hash: view.hash, view: modal() });
    const second = await call(slack, 'views.update', { view_id: view.id, hash: view.hash, view: modal() });
    const without = await call(slack, 'views.update', { view_id: view.id, view: modal() });
    const gone = await call(slack, 'views.update', { view_id: 'V9', view: modal() });
    const neither = await call(slack, 'views.update', { view: modal() });

    expect([first, second, without, gone, neither].map((answer) => answer['error'] ?? answer['ok'])).toEqual([
      true,
      'hash_conflict',
      true,
      'not_found',
      'invalid_arguments',
    ]);
    expect(slack.views()[0]?.versions).toHaveLength(3);
  });

  it('keeps external ids unique while a view is open', async () => {
    const view = modal({ external_id: 'proposal-1' });
    await call(slack, 'views.open', { trigger_id: await trigger(), view });

    const updated = await call(slack, 'views.update', { external_id: 'proposal-1', view });
    const twice = await call(slack, 'views.push', { trigger_id: await trigger(), view });
    slack.views().forEach((open) => void slack.drivers.closeView({ viewId: open.id }));
    const afterClose = await call(slack, 'views.open', { trigger_id: await trigger(), view });

    expect([updated['ok'], twice['error'], afterClose['ok']]).toEqual([true, 'duplicate_external_id', true]);
  });

  it('stacks three modals', async () => {
    const answers = [];
    for (const method of ['views.push', 'views.open', 'views.push', 'views.push', 'views.push']) {
      const answer = await call(slack, method, { trigger_id: await trigger(), view: modal() });
      answers.push(answer['error'] ?? answer['ok']);
    }
    const [, , top] = slack.views();
    await slack.drivers.closeView({ viewId: top?.id ?? '' });

    expect(answers).toEqual(['not_found', true, true, true, 'push_limit_reached']);
    expect(slack.views().map(({ open }) => open)).toEqual([true, true, false]);
  });

  it('publishes Home tabs with their hash', async () => {
    const home = { type: 'home', blocks: [{ type: 'divider' }] };
    const user_id = slack.users.alice.id;

    const first = (await call(slack, 'views.publish', { user_id, view: home })) as unknown as {
      view: { hash: string };
    };
    const right = await call(slack, 'views.publish', { user_id, view: home, hash: first.view.hash });
    const stale = await call(slack, 'views.publish', { user_id, view: home, hash: first.view.hash });
    const nobody = await call(slack, 'views.publish', { user_id: 'U0NOBODY1', view: home });
    const wrong = await call(slack, 'views.publish', { user_id, view: modal() });

    expect([right, stale, nobody, wrong].map((answer) => answer['error'] ?? answer['ok'])).toEqual([
      true,
      'hash_conflict',
      'user_not_found',
      'invalid_arguments',
    ]);
    expect(slack.homes()).toMatchObject([{ user: user_id, type: 'home' }]);
  });

  it.each([
    [{ response_action: 'clear' }, [false, false], undefined],
    [undefined, [true, false], undefined],
    [{ response_action: 'update', view: modal({ callback_id: 'next' }) }, [true, true], 'next'],
    [{ response_action: 'push', view: modal({ callback_id: 'third' }) }, [true, true, true], 'third'],
  ])('does what the answer to a submission says: %o', async (answer, open, callbackId) => {
    running.app.view('second', ({ ack }) => (answer === undefined ? ack() : ack(answer as never)));
    await call(slack, 'views.open', { trigger_id: await trigger(), view: modal() });
    await call(slack, 'views.push', { trigger_id: await trigger(), view: modal({ callback_id: 'second' }) });

    await slack.drivers.submit({ viewId: 'V00000002' });

    expect(slack.views().map((view) => view.open)).toEqual(open);
    expect(slack.views().findLast((view) => view.open)?.callbackId ?? '').toBe(callbackId ?? '');
    expect(slack.problems()).toEqual([]);
  });

  it('notes errors for inputs that do not exist', async () => {
    running.app.view('v', ({ ack }) => ack({ response_action: 'errors', errors: { nope: 'x' } }));
    await call(slack, 'views.open', { trigger_id: await trigger(), view: modal({ callback_id: 'v' }) });

    await slack.drivers.submit({ viewId: 'V00000001' });

    expect(slack.problems()).toHaveLength(1);
    expect(slack.views()[0]?.open).toBe(true);
  });
});
