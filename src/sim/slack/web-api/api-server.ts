import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerExchange } from '../http/exchange.ts';
import { readBody } from '../http/read-body.ts';
import { sendJson } from '../http/send.ts';
import type { SimState } from '../state.ts';
import { callApi } from './call-api.ts';
import type { Methods } from './method.ts';
import { readArguments } from './read-arguments.ts';

/** Answers `POST /api/METHOD`, and GET, which Slack allows too. */
export async function serveApi(
  state: SimState,
  methods: Methods,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://loopback');
  const body = (await readBody(request)).toString();
  const read = readArguments(request.headers['content-type'] ?? '', body, search);
  if (read.kind === 'unreadable') {
    state.problems.push(`${pathname}: ${read.error}`);
    sendJson(response, { ok: false, error: read.error });
    return;
  }
  const method = pathname.slice('/api/'.length);
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? read.token;
  const call = { method, values: read.values, token };
  const carryOut = (forced?: Parameters<typeof callApi>[3]) => callApi(state, methods, call, forced);
  await answerExchange(state, { method, args: read.values, carryOut }, response);
}
