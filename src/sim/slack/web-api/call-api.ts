import { type Answer, jsonAnswer, refusalAnswer } from '../http/exchange.ts';
import type { SimState } from '../state.ts';
import { ApiArguments } from './api-arguments.ts';
import { missingScope } from './channel-access.ts';
import type { Method, Methods } from './method.ts';
import { ApiRefusal } from './refusal.ts';

/** A request to a Web API method. */
export interface ApiCall {
  readonly method: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The Bearer token. */
  readonly token: string | undefined;
}

/** Carries out a call: token, scope, rate limit, then the method itself. `forced` refuses it instead. */
export function callApi(state: SimState, methods: Methods, call: ApiCall, forced?: ApiRefusal): Answer {
  try {
    const method = methods[call.method];
    if (method === undefined) {
      throw new ApiRefusal('unknown_method', { extra: { req_method: call.method }, isMistake: true });
    }
    authorise(state, method, call.token);
    checkRate(state, call.method, method);
    if (forced !== undefined) {
      throw forced;
    }
    const fields = method.handle(state, new ApiArguments(call.values));
    return jsonAnswer({ ok: true, ...fields }, 200, scopeHeaders(state, method));
  } catch (error) {
    if (error instanceof ApiRefusal) {
      return refusalAnswer(state, call.method, error, 200);
    }
    throw error;
  }
}

function authorise(state: SimState, method: Method, token: string | undefined): void {
  const { tokens } = state;
  if (token === undefined || token === '') {
    throw new ApiRefusal('not_authed');
  }
  if (token !== tokens.bot && token !== tokens.app) {
    throw new ApiRefusal('invalid_auth');
  }
  if (tokens.refusal !== undefined) {
    throw new ApiRefusal(tokens.refusal);
  }
  if ((method.token === 'app') !== (token === tokens.app)) {
    throw new ApiRefusal('not_allowed_token_type', { isMistake: true });
  }
  const [needed] = method.scopes;
  if (needed !== undefined && !method.scopes.some((scope) => tokens.scopes.includes(scope))) {
    throw missingScope(state, needed);
  }
}

function checkRate(state: SimState, name: string, method: Method): void {
  const retryAfter = state.limiter.methodWait(name, method.tier, state.clock());
  if (retryAfter !== undefined) {
    throw new ApiRefusal('ratelimited', { retryAfter });
  }
}

function scopeHeaders(state: SimState, method: Method): Readonly<Record<string, string>> {
  return method.token === 'app'
    ? { 'x-oauth-scopes': 'connections:write' }
    : { 'x-oauth-scopes': state.tokens.scopes.join(','), 'x-accepted-oauth-scopes': method.scopes.join(',') };
}
