import type { SimState } from '../state.ts';
import type { EphemeralRecord, MessageRecord, SlackObject } from '../store/records.ts';
import { messageJson } from '../web-api/message-json.ts';
import { viewJson } from '../web-api/view-json.ts';
import type { ActionPlace, ViewValues } from './driver-inputs.ts';
import { channelOf } from './payload-parts.ts';

/** Where an action happens: the blocks that are looked at, and the fields of the payload that describe the place. */
export interface Place {
  readonly blocks: readonly SlackObject[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly viewId?: string;
}

/** Looks the place up; throws when there is no such message or view. */
export function findPlace(state: SimState, place: ActionPlace, user: string, values: ViewValues): Place {
  if (place.viewId !== undefined) {
    return viewPlace(state, place.viewId, values);
  }
  const { channel, ts } = place;
  const message = state.messages.find(channel, ts);
  if (message !== undefined) {
    return messagePlace(state, message, user, values);
  }
  const ephemeral = state.messages.ephemerals().find((one) => one.ts === ts && one.channel === channel);
  if (ephemeral === undefined || ephemeral.deleted) {
    throw new Error(`slack-sim: there is no message ${ts} in ${channel}`);
  }
  return ephemeralPlace(state, ephemeral, user, values);
}

function viewPlace(state: SimState, viewId: string, values: ViewValues): Place {
  const view = state.views.find(viewId);
  if (view === undefined || !view.open) {
    throw new Error(`slack-sim: there is no open view ${viewId}`);
  }
  const container = { type: 'view', view_id: viewId };
  return { blocks: view.blocks, viewId, fields: { container, view: viewJson(state, view, values) } };
}

function messagePlace(state: SimState, message: MessageRecord, user: string, values: ViewValues): Place {
  const { channel, ts, threadTs } = message;
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  return {
    blocks: message.blocks,
    fields: {
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false, ...thread },
      channel: { id: channel, name: nameInPayload(state, channel) },
      message: messageJson(state, message, true),
      state: { values },
      response_url: responseUrl(state, {
        kind: 'message',
        channel,
        user,
        ts,
        ...(threadTs === undefined ? {} : { threadTs }),
      }),
    },
  };
}

function ephemeralPlace(state: SimState, message: EphemeralRecord, user: string, values: ViewValues): Place {
  const { channel, ts } = message;
  return {
    blocks: message.blocks,
    fields: {
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: true },
      channel: { id: channel, name: nameInPayload(state, channel) },
      state: { values },
      response_url: responseUrl(state, { kind: 'ephemeral', channel, user, ts }),
    },
  };
}

/** A whole address to which the app may answer. */
export function responseUrl(state: SimState, origin: Parameters<SimState['responseUrls']['issue']>[0]): string {
  return `${state.url}${state.responseUrls.issue(origin, state.clock())}`;
}

/** Slack hides the names of direct conversations and private channels from commands and actions. */
export function nameInPayload(state: SimState, channelId: string): string {
  const { kind, name } = channelOf(state, channelId);
  return { public: name, private: 'privategroup', im: 'directmessage' }[kind];
}
