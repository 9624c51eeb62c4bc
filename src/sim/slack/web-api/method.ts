import type { SimState } from '../state.ts';
import type { ApiArguments } from './api-arguments.ts';
import type { Tier } from './rate-limiter.ts';

/** One method of the Web API. */
export interface Method {
  readonly tier: Tier;
  /** One of these is needed; none when empty. */
  readonly scopes: readonly string[];
  /** Needs the app-level token instead of the bot token. */
  readonly token?: 'app';
  /** Returns the fields of the answer besides `ok`; throws {@link ApiRefusal}. */
  readonly handle: (state: SimState, args: ApiArguments) => Readonly<Record<string, unknown>>;
}

/** Methods by name. */
export type Methods = Readonly<Record<string, Method>>;
