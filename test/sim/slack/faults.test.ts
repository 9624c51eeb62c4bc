import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlackSim } from '../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../src/sim/slack/slack-sim-types.ts';
import { callMethod, QUIET } from './web-api/api-client.ts';

describe('faults', () => {
  let slack: SlackSim;
  let client: WebClient;

  beforeEach(async () => {
    slack = await startSlackSim({ rateLimits: 'off' });
    client = new WebClient(slack.botToken, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });
  });

  afterEach(() => slack.close());

  function send(args: Readonly<Record<string, unknown>> = {}) {
    return client.apiCall('chat.postMessage', { ...QUIET, channel: slack.channels.ops.id, text: 't', ...args });
  }

  function posted(): number {
    return slack.messages(slack.channels.ops.id).length;
  }

  it('reset before accept: not posted, no answer', async () => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'reset-before-accept' } });

    await expect(send()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(posted()).toBe(0);
    expect(slack.calls()).toMatchObject([{ ok: false, status: 0, fault: 'reset-before-accept' }]);
  });

  it('drop after accept: posted, no answer', async () => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'drop-after-accept' } });

    await expect(send()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(posted()).toBe(1);
    expect(slack.calls()).toMatchObject([{ ok: true, status: 0, fault: 'drop-after-accept' }]);
  });

  it('hang: no answer until it is released, accepted or not', async () => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'hang' } });
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'hang', accepted: true } });
    const refused = send().then(
      () => 'answered',
      () => 'reset',
    );
    await slack.waitFor(() => slack.calls().length === 1);
    const postedWhileRefused = posted();
    const accepted = send();
    await slack.waitFor(() => slack.calls().length === 2);
    await expect.poll(() => slack.faults.hanging).toBe(2);

    slack.faults.release();

    await expect(refused).resolves.toBe('reset');
    await expect(accepted).resolves.toMatchObject({ ok: true });
    expect([postedWhileRefused, posted()]).toEqual([0, 1]);
  });

  it('closes although calls hang', async () => {
    const other = await startSlackSim();
    other.faults.add({ method: '*', fault: { kind: 'hang' } });
    const hanging = callMethod(other, 'auth.test').catch(() => 'cut');
    await other.waitFor(() => other.calls().length === 1);

    await other.close();

    await expect(hanging).resolves.toBe('cut');
  });

  it('500 with HTML, as often as asked', async () => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'http-error' }, times: 2 });

    await expect(send()).rejects.toMatchObject({ code: 'slack_webapi_http_error', statusCode: 500 });
    await expect(send()).rejects.toMatchObject({ statusCode: 500 });
    await expect(send()).resolves.toMatchObject({ ok: true });
    expect(posted()).toBe(1);
  });

  it('slow answers', async () => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'slow', milliseconds: 1 } });

    await expect(send()).resolves.toMatchObject({ ok: true });
    expect(slack.calls()).toMatchObject([{ fault: 'slow', ok: true }]);
  });

  it.each(['message_not_found', 'not_in_channel', 'trigger_expired', 'internal_error'])('error %s', async (error) => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'error', error } });

    await expect(send()).rejects.toMatchObject({ data: { ok: false, error } });
    expect(slack.problems()).toEqual([]);
  });

  it('429 with Retry-After for one method', async () => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'rate-limited', retryAfter: 3 } });

    await expect(send()).rejects.toMatchObject({ retryAfter: 3 });
    await expect(client.auth.test()).resolves.toMatchObject({ ok: true });
  });

  it('invalid_blocks for some block types only, which is not the message’s mistake', async () => {
    const fault = { kind: 'invalid-blocks', types: ['table'] } as const;
    slack.faults.add({ method: '*', fault, times: Number.POSITIVE_INFINITY });
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] };

    await expect(send({ blocks: [table] })).rejects.toMatchObject({ data: { error: 'invalid_blocks' } });
    await expect(send({ blocks: [table] })).rejects.toMatchObject({ data: { error: 'invalid_blocks' } });
    await expect(send({ blocks: [{ type: 'divider' }] })).resolves.toMatchObject({ ok: true });
    slack.faults.clear();
    await expect(send({ blocks: [table] })).resolves.toMatchObject({ ok: true });
    expect(slack.problems()).toEqual([]);
  });

  it('for the calls that a test picks', async () => {
    slack.faults.add({
      method: 'chat.postMessage',
      fault: { kind: 'error', error: 'is_archived' },
      when: ({ args }) => args['channel'] === slack.channels.shopAlerts.id,
    });

    await expect(send()).resolves.toMatchObject({ ok: true });
    await expect(send({ channel: slack.channels.shopAlerts.id })).rejects.toMatchObject({
      data: { error: 'is_archived' },
    });
  });

  it('uploads that get lost', async () => {
    slack.faults.add({ method: 'upload', fault: { kind: 'reset-before-accept' } });
    const upload = () => client.filesUploadV2({ channel_id: slack.channels.ops.id, filename: 'a.txt', content: 'a' });

    await expect(upload()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    await expect(upload()).resolves.toMatchObject({ ok: true });
    expect(slack.files()).toHaveLength(1);
  });
});

describe('waitFor', () => {
  it('resolves at the change that makes it true, and rejects in time', async () => {
    const slack = await startSlackSim();

    const waiting = slack.waitFor((sim) => sim.messages(sim.channels.ops.id).at(-1)?.text);
    slack.drivers.say({ text: 'now' });
    const found = await waiting;
    const never = slack.waitFor(() => false, 5);

    await expect(never).rejects.toThrow('did not happen within 5 ms');
    expect(found).toBe('now');
    await slack.close();
  });
});
