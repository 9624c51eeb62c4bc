import type { SimState } from '../state.ts';
import type { ViewRecord } from '../store/records.ts';
import type { TriggerOrigin } from '../store/triggers.ts';
import { acceptView } from './accept-view.ts';
import type { ApiArguments } from './api-arguments.ts';
import type { Methods } from './method.ts';
import { ApiRefusal, invalidArguments } from './refusal.ts';
import { viewJson } from './view-json.ts';

/** Modals that may lie on each other. */
export const DEEPEST_STACK = 3;

/** `views.*` */
export const VIEW_METHODS: Methods = {
  'views.open': { tier: 4, scopes: [], handle: open },
  'views.push': { tier: 4, scopes: [], handle: push },
  'views.update': { tier: 4, scopes: [], handle: update },
  'views.publish': { tier: 4, scopes: [], handle: publish },
};

function open(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const { user } = useTrigger(state, args);
  const next = acceptView(state, args.values['view'], { type: 'modal', user });
  return { view: viewJson(state, state.views.open(next)) };
}

function push(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const { user } = useTrigger(state, args);
  const stack = state.views.stack(user);
  const top = stack.at(-1);
  if (top === undefined) {
    throw new ApiRefusal('not_found');
  }
  if (stack.length >= DEEPEST_STACK) {
    throw new ApiRefusal('push_limit_reached', { isMistake: true });
  }
  const next = acceptView(state, args.values['view'], { type: 'modal', user });
  return { view: viewJson(state, state.views.open(next, top)) };
}

function useTrigger(state: SimState, args: ApiArguments): TriggerOrigin {
  const use = state.triggers.use(args.required('trigger_id'), state.world.app.id, state.clock());
  switch (use.kind) {
    case 'valid':
      return use.origin;
    case 'expired':
      throw new ApiRefusal('expired_trigger_id', { details: ['trigger_expired'] });
    case 'exchanged':
      throw new ApiRefusal('exchanged_trigger_id', { details: ['trigger_exchanged'], isMistake: true });
    case 'invalid':
      throw new ApiRefusal('invalid_trigger_id', { isMistake: true });
  }
}

function update(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const current = namedView(state, args);
  checkHash(current, args.text('hash'));
  const { type, user } = current;
  const next = acceptView(state, args.values['view'], { type, user, current });
  return { view: viewJson(state, state.views.update(current, next)) };
}

function namedView(state: SimState, args: ApiArguments): ViewRecord {
  const id = args.text('view_id');
  const externalId = args.text('external_id');
  if (id === undefined && externalId === undefined) {
    throw invalidArguments('one of view_id and external_id is needed');
  }
  const view = id === undefined ? state.views.findExternal(externalId ?? '') : state.views.find(id);
  if (view === undefined || !view.open) {
    throw new ApiRefusal('not_found');
  }
  return view;
}

function publish(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const user = args.required('user_id');
  if (state.world.user(user) === undefined) {
    throw new ApiRefusal('user_not_found');
  }
  const current = state.views.home(user);
  checkHash(current, args.text('hash'));
  const target = { type: 'home' as const, user, ...(current === undefined ? {} : { current }) };
  return { view: viewJson(state, state.views.publishHome(acceptView(state, args.values['view'], target))) };
}

function checkHash(current: ViewRecord | undefined, hash: string | undefined): void {
  if (hash !== undefined && hash !== '' && hash !== current?.hash) {
    throw new ApiRefusal('hash_conflict');
  }
}
