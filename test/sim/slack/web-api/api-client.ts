import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';

/** The JSON of an answer. */
export type Json = Readonly<Record<string, unknown>>;

/** Calls a method as WebClient does (a form), or with JSON; returns status, headers and body. */
export async function callMethod(
  slack: SlackSim,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
  options: { readonly token?: string; readonly json?: boolean } = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Json }> {
  const { token = slack.botToken, json = false } = options;
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': json ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded',
    },
    body: json ? JSON.stringify(args) : new URLSearchParams(formOf(args)).toString(),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}

/** The answer's body only. */
export async function call(
  slack: SlackSim,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<Json> {
  return (await callMethod(slack, method, args)).body;
}

/** Posts a message as the bot should, and returns its `ts`. */
export async function post(
  slack: SlackSim,
  args: Readonly<Record<string, unknown>> = {},
  channel: string = slack.channels.ops.id,
): Promise<string> {
  const answer = await call(slack, 'chat.postMessage', { ...QUIET, channel, text: 'hello', ...args });
  if (answer['ok'] !== true) {
    throw new Error(`not posted: ${String(answer['error'])}`);
  }
  return String(answer['ts']);
}

/** Without these a posted message counts as a problem. */
export const QUIET = { unfurl_links: false, unfurl_media: false };

function formOf(args: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
