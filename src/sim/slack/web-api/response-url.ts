import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, answerExchange, jsonAnswer, refusalAnswer, textAnswer } from '../http/exchange.ts';
import { parseJson, readBody } from '../http/read-body.ts';
import type { SimState } from '../state.ts';
import type { ResponseOrigin } from '../store/response-urls.ts';
import { isObject } from '../validation/walk.ts';
import { acceptContent } from './accept-content.ts';
import { ApiArguments } from './api-arguments.ts';
import { existingMessage } from './channel-access.ts';
import { ApiRefusal, invalidArguments } from './refusal.ts';

/** Answers a POST to a `response_url`: 5 uses within 30 minutes, afterwards 404. */
export async function serveResponseUrl(
  state: SimState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const key = (request.url ?? '').split('/').at(-1) ?? '';
  const values = parseJson((await readBody(request)).toString());
  const args = isObject(values) ? values : {};
  const carryOut = (forced?: ApiRefusal) => answerTo(state, key, args, forced);
  await answerExchange(state, { method: 'response_url', args, carryOut }, response);
}

const DEAD_URLS = { unknown: 'invalid_url', used: 'used_url', expired: 'expired_url' } as const;

function answerTo(
  state: SimState,
  key: string,
  values: Readonly<Record<string, unknown>>,
  forced: ApiRefusal | undefined,
): Answer {
  const use = state.responseUrls.use(key, state.clock());
  if (use.kind !== 'valid') {
    const error = DEAD_URLS[use.kind];
    return { ...jsonAnswer({ ok: false, error }, 404), error };
  }
  try {
    if (forced !== undefined) {
      throw forced;
    }
    respond(state, use.origin, new ApiArguments(values));
    return textAnswer('ok');
  } catch (error) {
    if (error instanceof ApiRefusal) {
      return refusalAnswer(state, 'response_url', error, 400);
    }
    throw error;
  }
}

function respond(state: SimState, origin: ResponseOrigin, args: ApiArguments): void {
  if (args.flag('delete_original') === true) {
    removeOriginal(state, origin, args);
    return;
  }
  const inChannel = responseType(args) === 'in_channel';
  checkCombination(origin, args, inChannel);
  if (args.flag('replace_original') === true) {
    replaceOriginal(state, origin, args);
    return;
  }
  const content = acceptContent(state, args, { label: 'response_url', isUpdate: false });
  const at = state.clock();
  const { channel, user } = origin;
  const threadTs = args.text('thread_ts');
  const thread = threadTs === undefined ? {} : { threadTs };
  const place = { channel, ts: state.ids.timestamp(at), ...thread, via: 'response_url' as const };
  if (inChannel) {
    state.messages.add({ ...place, user: state.world.app.botUserId, content }, at);
  } else {
    state.messages.addEphemeral({ ...place, ...content, user }, at);
  }
}

function checkCombination(origin: ResponseOrigin, args: ApiArguments, inChannel: boolean): void {
  const replaces = args.flag('replace_original');
  if (args.text('thread_ts') !== undefined && (!inChannel || replaces !== false)) {
    throw invalidArguments('thread_ts needs response_type in_channel and replace_original false');
  }
  if (origin.kind === 'ephemeral' && inChannel && replaces === true) {
    throw invalidArguments('an ephemeral message cannot become one in the channel');
  }
}

function responseType(args: ApiArguments): string {
  const type = args.text('response_type') ?? 'ephemeral';
  if (type !== 'ephemeral' && type !== 'in_channel') {
    throw invalidArguments(`unknown response_type ${type}`);
  }
  return type;
}

function replaceOriginal(state: SimState, origin: ResponseOrigin, args: ApiArguments): void {
  if (origin.ts === undefined) {
    throw invalidArguments('replace_original needs the message of an action');
  }
  const content = acceptContent(state, args, { label: 'response_url', isUpdate: true });
  const revision = { content, at: state.clock(), via: 'response_url' };
  if (origin.kind === 'ephemeral') {
    state.messages.reviseEphemeral(origin.ts, revision);
    return;
  }
  state.messages.revise(existingMessage(state, origin.channel, origin.ts), revision, content.blocks.length === 0);
}

function removeOriginal(state: SimState, origin: ResponseOrigin, args: ApiArguments): void {
  if (origin.ts === undefined || Object.keys(args.values).length > 1) {
    throw invalidArguments('delete_original stands alone and does not work for commands');
  }
  if (origin.kind === 'ephemeral') {
    state.messages.reviseEphemeral(origin.ts, 'delete');
    return;
  }
  state.messages.delete(existingMessage(state, origin.channel, origin.ts));
}
