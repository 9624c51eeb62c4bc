import type { SimState } from '../state.ts';
import type { ViewRecord } from '../store/records.ts';
import { isObject } from '../validation/walk.ts';
import { acceptContent } from '../web-api/accept-content.ts';
import { acceptView } from '../web-api/accept-view.ts';
import { ApiArguments } from '../web-api/api-arguments.ts';
import { ApiRefusal } from '../web-api/refusal.ts';
import { DEEPEST_STACK } from '../web-api/view-methods.ts';
import type { DeliveryAnswer } from './delivery-types.ts';

/** Where a command was typed. */
export interface CommandPlace {
  readonly command: string;
  readonly channel: string;
  readonly user: string;
}

/** Slack's word for a delivery that was not acknowledged; `undefined` when it was. */
export function failureOf(answer: DeliveryAnswer): string | undefined {
  if (answer.outcome !== 'answered') {
    return answer.outcome === 'timeout' ? 'operation_timeout' : 'dispatch_failed';
  }
  if (answer.status >= 200 && answer.status < 300) {
    return undefined;
  }
  return answer.status < 500 ? 'http_client_error' : 'http_service_error';
}

/** Shows what the app answered to a command. */
export function applyCommandAnswer(state: SimState, place: CommandPlace, answer: DeliveryAnswer): void {
  if (failureOf(answer) !== undefined || answer.body.trim() === '') {
    return;
  }
  const values = isObject(answer.json) ? answer.json : { text: answer.body };
  if (Object.keys(values).length > 0) {
    accepting(state, place, `answer to ${place.command}`, () => showAnswer(state, place, values));
  }
}

function showAnswer(state: SimState, place: CommandPlace, values: Readonly<Record<string, unknown>>): void {
  const { channel, user, command } = place;
  const content = acceptContent(state, new ApiArguments(values), { label: `answer to ${command}`, isUpdate: false });
  const now = state.clock();
  const ts = state.ids.timestamp(now);
  if (values['response_type'] === 'in_channel') {
    state.messages.add({ channel, ts, user: state.world.app.botUserId, content, via: 'ack' }, now);
  } else {
    state.messages.addEphemeral({ ...content, channel, user, ts, via: 'ack' }, now);
  }
}

/** Does to a modal what the app answered to its submission. */
export function applySubmitAnswer(state: SimState, view: ViewRecord, answer: DeliveryAnswer): void {
  const { user } = view;
  if (failureOf(answer) !== undefined) {
    return;
  }
  if (answer.body.trim() === '') {
    state.views.close(view);
    return;
  }
  const values = isObject(answer.json) ? answer.json : {};
  accepting(state, { user }, `answer to the submission of ${view.id}`, () => actOn(state, view, values));
}

function actOn(state: SimState, view: ViewRecord, values: Readonly<Record<string, unknown>>): void {
  const { user } = view;
  switch (values['response_action']) {
    case 'clear':
      state.views.closeAll(user);
      return;
    case 'errors':
      checkErrors(view, values['errors']);
      return;
    case 'update':
      state.views.update(view, acceptView(state, values['view'], { type: 'modal', user, current: view }));
      return;
    case 'push': {
      if (state.views.stack(user).length >= DEEPEST_STACK) {
        throw new ApiRefusal('push_limit_reached', { isMistake: true });
      }
      state.views.open(acceptView(state, values['view'], { type: 'modal', user }), view);
      return;
    }
    default:
      throw new ApiRefusal('invalid_arguments', { isMistake: true, details: ['unknown response_action'] });
  }
}

function checkErrors(view: ViewRecord, errors: unknown): void {
  const ids = isObject(errors) ? Object.keys(errors) : [];
  const inputs = view.blocks.filter(({ type }) => type === 'input').map((block) => block['block_id']);
  const unknown = ids.filter((id) => !inputs.includes(id));
  if (ids.length === 0 || unknown.length > 0) {
    const details = [`errors must name input blocks of the view: ${unknown.join(', ') || 'none given'}`];
    throw new ApiRefusal('invalid_arguments', { isMistake: true, details });
  }
}

function accepting(
  state: SimState,
  place: { readonly channel?: string; readonly user: string },
  label: string,
  act: () => void,
): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ApiRefusal)) {
      throw error;
    }
    state.problems.push(`${label}: ${error.message}`);
    notice(state, place, `The app's answer was refused: ${error.code}`);
  }
}

function notice(state: SimState, place: { readonly channel?: string; readonly user: string }, text: string): void {
  const { channel, user } = place;
  state.changes.emit({ kind: 'notice', user, text, ...(channel === undefined ? {} : { channel }) });
}
