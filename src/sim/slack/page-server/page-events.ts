import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageEvent } from '../page-api.ts';
import type { SimState } from '../state.ts';
import type { Change } from '../store/changes.ts';
import type { MessageRecord } from '../store/records.ts';
import { pageEphemeral, pageFile, pageMessage, pageView } from './page-json.ts';
import type { PageServed } from './page-served.ts';

const KEEP_ALIVE_MS = 15_000;

/** Answers with Server-Sent Events until the page goes away. */
export function streamEvents({ state, viewer }: PageServed, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
  });
  response.write(': connected\n\n');
  const tell = (event: PageEvent): void => {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const stop = state.changes.listen((change) => eventsOf(state, change, viewer.id).forEach(tell));
  const { stage } = state.options.page ?? {};
  const stopStage = stage?.listen(() => tell({ type: 'stage', stage: stage.shown() }));
  const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS);
  request.on('close', () => {
    clearInterval(keepAlive);
    stop();
    stopStage?.();
  });
}

/** What the page hears of a change; nothing when it concerns somebody else. */
function eventsOf(state: SimState, change: Change, viewer: string): readonly PageEvent[] {
  switch (change.kind) {
    case 'message':
    case 'message_changed':
    case 'message_deleted':
      return messageEvents(state, change.kind, change.message);
    case 'ephemeral':
    case 'ephemeral_changed':
      return change.message.user === viewer ? ephemeralEvents(state, change) : [];
    case 'file':
      return [{ type: 'file', file: pageFile(change.file) }];
    case 'notice':
      return change.user === viewer ? noticeEvents(change) : [];
    case 'view_opened':
    case 'view_updated':
    case 'view_closed':
    case 'home':
      return change.view.user === viewer ? viewEvents(state, change) : [];
    case 'call':
    case 'sockets':
      return [];
  }
}

type MessageKind = 'message' | 'message_changed' | 'message_deleted';

function messageEvents(state: SimState, kind: MessageKind, message: MessageRecord): readonly PageEvent[] {
  const { channel, ts, threadTs } = message;
  const parent = threadTs === undefined ? undefined : state.messages.find(channel, threadTs);
  const parentEvents: readonly PageEvent[] =
    parent === undefined ? [] : [{ type: 'message_changed', message: pageMessage(state, parent) }];
  const own: PageEvent =
    kind === 'message_deleted' ? { type: kind, channel, ts } : { type: kind, message: pageMessage(state, message) };
  return [own, ...parentEvents];
}

function ephemeralEvents(
  state: SimState,
  { kind, message }: Extract<Change, { kind: 'ephemeral' | 'ephemeral_changed' }>,
): readonly PageEvent[] {
  if (message.deleted) {
    return [{ type: 'message_deleted', channel: message.channel, ts: message.ts }];
  }
  return [{ type: kind === 'ephemeral' ? kind : 'message_changed', message: pageEphemeral(state)(message) }];
}

function noticeEvents({ channel, text }: Extract<Change, { kind: 'notice' }>): readonly PageEvent[] {
  return [{ type: 'notice', text, ...(channel === undefined ? {} : { channel }) }];
}

type ViewChange = Extract<Change, { kind: 'view_opened' | 'view_updated' | 'view_closed' | 'home' }>;

function viewEvents(state: SimState, change: ViewChange): readonly PageEvent[] {
  if (change.kind === 'view_closed') {
    const below = change.below === undefined ? {} : { view: pageView(state, change.below) };
    return [{ type: 'view_closed', view_id: change.view.id, ...below }];
  }
  return [{ type: change.kind, view: pageView(state, change.view) }];
}
