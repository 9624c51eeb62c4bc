import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';
import { httpApp, type RunningApp } from '../bolt-apps.ts';
import { ManualClock } from '../manual-clock.ts';
import { post } from '../web-api/api-client.ts';

const BUTTON = { type: 'button', text: { type: 'plain_text', text: 'Go' }, action_id: 'go', accessibility_label: 'Go' };

describe('response_url', () => {
  let slack: SlackSim;
  let clock: ManualClock;
  let running: RunningApp;

  beforeEach(async () => {
    clock = new ManualClock();
    slack = await startSlackSim({ clock: clock.read, rateLimits: 'off' });
    running = await httpApp(slack);
    running.app.command('/k8s', ({ ack }) => ack());
    running.app.action('go', ({ ack }) => ack());
  });

  afterEach(async () => {
    await running.stop();
    await slack.close();
  });

  async function commandUrl(): Promise<string> {
    return String((await slack.drivers.command({ channel: slack.channels.random.id })).payload['response_url']);
  }

  async function clickUrl(): Promise<{ readonly url: string; readonly ts: string }> {
    const ts = await post(slack, { blocks: [{ type: 'actions', elements: [BUTTON] }] });
    const click = await slack.drivers.action({ place: { channel: slack.channels.ops.id, ts }, actionId: 'go' });
    return { url: String(click.payload['response_url']), ts };
  }

  async function ephemeralUrl(): Promise<{ readonly url: string; readonly ts: string }> {
    await respond(await commandUrl(), { text: 'e', blocks: [{ type: 'actions', elements: [BUTTON] }] });
    const ts = slack.ephemerals().at(-1)?.ts ?? '';
    const click = await slack.drivers.action({ place: { channel: slack.channels.random.id, ts }, actionId: 'go' });
    return { url: String(click.payload['response_url']), ts };
  }

  async function respond(url: string, body: unknown): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  }

  it('works five times', async () => {
    const url = await commandUrl();
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      statuses.push(await respond(url, { text: `${count}` }));
    }

    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.ephemerals().map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4']);
    expect(slack.calls('response_url').at(-1)).toMatchObject({ ok: false, status: 404, error: 'used_url' });
  });

  it('works for 30 minutes', async () => {
    const url = await commandUrl();
    clock.advance(30 * 60 * 1000 - 1);
    const inTime = await respond(url, { text: 'x' });
    clock.advance(1);
    const late = await respond(url, { text: 'x' });
    const unknown = await respond(`${slack.url}/response/none`, { text: 'x' });

    expect([inTime, late, unknown]).toEqual([200, 404, 404]);
  });

  it('posts to the channel without membership, and to a thread only in the allowed combination', async () => {
    const ts = slack.drivers.say({ text: 'parent', channel: slack.channels.random.id });
    const url = await commandUrl();

    const statuses = [
      await respond(url, { text: 'all', response_type: 'in_channel' }),
      await respond(url, { text: 'x', thread_ts: ts }),
      await respond(url, { text: 'thread', response_type: 'in_channel', replace_original: false, thread_ts: ts }),
      await respond(url, { text: 'x', response_type: 'everywhere' }),
    ];

    expect(statuses).toEqual([200, 400, 200, 400]);
    expect(slack.messages(slack.channels.random.id).map(({ text, threadTs }) => [text, threadTs])).toEqual([
      ['parent', undefined],
      ['all', undefined],
      ['thread', ts],
    ]);
    expect(slack.problems()).toHaveLength(2);
  });

  it('replaces and deletes the message of a click', async () => {
    const { url, ts } = await clickUrl();

    const replaced = await respond(url, { text: 'new', replace_original: true });
    const [message] = slack.messages(slack.channels.ops.id);
    const mixed = await respond(url, { text: 'x', delete_original: true });
    const deleted = await respond(url, { delete_original: true });

    expect([replaced, mixed, deleted]).toEqual([200, 400, 200]);
    expect(message).toMatchObject({ ts, text: 'new', blocks: [] });
    expect(slack.messages(slack.channels.ops.id)).toEqual([]);
  });

  it('has no original after a command', async () => {
    const url = await commandUrl();

    const statuses = [
      await respond(url, { text: 'x', replace_original: true }),
      await respond(url, { delete_original: true }),
      await respond(url, {}),
    ];

    expect(statuses).toEqual([400, 400, 400]);
    expect(slack.problems()).toHaveLength(3);
  });

  it('replaces ephemerals, which never become visible to all', async () => {
    const { url, ts } = await ephemeralUrl();

    const statuses = [
      await respond(url, { text: 'x', replace_original: true, response_type: 'in_channel' }),
      await respond(url, { text: 'new', replace_original: true }),
    ];
    const { text, versions } = slack.ephemerals().find((message) => message.ts === ts) ?? {};
    statuses.push(await respond(url, { delete_original: true }));

    expect(statuses).toEqual([400, 200, 200]);
    expect([text, versions?.length]).toEqual(['new', 2]);
    expect(slack.ephemerals().find((message) => message.ts === ts)?.deleted).toBe(true);
  });

  it('plays faults', async () => {
    const url = await commandUrl();
    slack.faults.add({ method: 'response_url', fault: { kind: 'http-error', status: 502 } });
    slack.faults.add({ method: 'response_url', fault: { kind: 'drop-after-accept' } });

    const status = await respond(url, { text: 'one' });
    const dropped = respond(url, { text: 'two' });

    await expect(dropped).rejects.toThrow('fetch failed');
    expect(status).toBe(502);
    expect(slack.ephemerals().map(({ text }) => text)).toEqual(['two']);
  });
});
