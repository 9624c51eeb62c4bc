import type { PageEvent, PageMessage, PageState, PageView } from '../../page-api.ts';

/** Applies one change; the given state stays as it is. Files come with their message, notices are shown elsewhere. */
export function reduce(state: PageState, event: PageEvent): PageState {
  switch (event.type) {
    case 'message':
    case 'message_changed':
    case 'ephemeral':
      return withMessage(state, event.message);
    case 'message_deleted':
      return withMessages(state, event.channel, (messages) => without(messages, event.ts));
    case 'view_opened':
    case 'view_updated':
      return withView(state, event.view);
    case 'view_closed':
      return withTopModal(state, event.view);
    case 'home':
      return { ...state, home: event.view };
    case 'stage':
      return { ...state, stage: event.stage };
    case 'file':
    case 'notice':
      return state;
  }
}

function withMessage(state: PageState, message: PageMessage): PageState {
  return withMessages(state, message.channel, (messages) => {
    const parent = message.thread_ts;
    // A parent is sent with its replies, to which those for one person do not belong.
    if (parent === undefined || parent === message.ts || message.ephemeral) {
      return placed(messages, message);
    }
    const threaded = messages.map((one) =>
      one.ts === parent ? { ...one, replies: placed(one.replies, message) } : one,
    );
    const known = messages.some(({ ts }) => ts === parent);
    return message.broadcast || !known ? placed(threaded, message) : threaded;
  });
}

function withMessages(
  state: PageState,
  channel: string,
  change: (messages: readonly PageMessage[]) => readonly PageMessage[],
): PageState {
  return { ...state, messages: { ...state.messages, [channel]: change(state.messages[channel] ?? []) } };
}

/** The messages of a thread after its parent, with those that only this person sees. */
export function threadReplies(parent: PageMessage, messages: readonly PageMessage[]): readonly PageMessage[] {
  const stray = messages.filter((one) => one.thread_ts === parent.ts && one.ephemeral);
  return [...parent.replies, ...stray].toSorted((left, right) => Number(left.ts) - Number(right.ts));
}

/** Whether a message stands in the channel and not only in its thread. */
export function isInChannel({ ts, thread_ts, broadcast }: PageMessage): boolean {
  return thread_ts === undefined || thread_ts === ts || broadcast;
}

/** In the place of its older form, or in the order of time. */
function placed(messages: readonly PageMessage[], message: PageMessage): readonly PageMessage[] {
  if (messages.some(({ ts }) => ts === message.ts)) {
    return messages.map((one) => (one.ts === message.ts ? message : one));
  }
  const after = messages.findLastIndex(({ ts }) => Number(ts) <= Number(message.ts)) + 1;
  return messages.toSpliced(after, 0, message);
}

function without(messages: readonly PageMessage[], ts: string): readonly PageMessage[] {
  return messages
    .filter((one) => one.ts !== ts)
    .map((one) => ({ ...one, replies: one.replies.filter((reply) => reply.ts !== ts) }));
}

function withView(state: PageState, view: PageView): PageState {
  return view.type === 'home' ? { ...state, home: view } : withTopModal(state, view);
}

function withTopModal({ view: _old, ...state }: PageState, view: PageView | undefined): PageState {
  return view === undefined ? state : { ...state, view };
}
