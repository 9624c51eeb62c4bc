import { describe, expect, it } from 'vitest';
import { isInChannel, reduce, threadReplies } from '../../../../src/sim/slack/page/session/reduce.ts';
import type { PageMessage, PageState, PageView } from '../../../../src/sim/slack/page-api.ts';

const user = { id: 'U1', name: 'a', real_name: 'A', is_bot: false, is_guest: false, is_foreign: false, deleted: false };

function message(ts: string, more: Partial<PageMessage> = {}): PageMessage {
  return {
    channel: 'C1',
    ts,
    user: 'U1',
    text: ts,
    blocks: [],
    attachments: [],
    edited: false,
    ephemeral: false,
    broadcast: false,
    files: [],
    reactions: [],
    replies: [],
    ...more,
  };
}

function stateWith(...messages: readonly PageMessage[]): PageState {
  return {
    team: { id: 'T1', name: 'T' },
    me: user,
    bot: user,
    users: [],
    usergroups: [],
    channels: [],
    messages: { C1: messages },
    commands: [],
    shortcuts: [],
    suggestions: [],
  };
}

const view: PageView = { id: 'V1', type: 'modal', callback_id: '', hash: '', blocks: [], depth: 0 };

describe('a change', () => {
  it('places a message in the order of time', () => {
    const state = reduce(stateWith(message('1.0'), message('3.0')), { type: 'message', message: message('2.0') });

    expect(state.messages['C1']?.map(({ ts }) => ts)).toEqual(['1.0', '2.0', '3.0']);
  });

  it('replaces an edited message, and adds none twice', () => {
    const edited = message('1.0', { text: 'new', edited: true });

    const once = reduce(stateWith(message('1.0')), { type: 'message_changed', message: edited });
    const twice = reduce(once, { type: 'message', message: edited });

    expect(twice.messages['C1']).toEqual([edited]);
  });

  it('puts a reply into its thread', () => {
    const reply = message('2.0', { thread_ts: '1.0' });

    const state = reduce(stateWith(message('1.0')), { type: 'message', message: reply });

    expect(state.messages['C1']).toEqual([message('1.0', { replies: [reply] })]);
  });

  it('keeps a reply for one person when the thread is sent again', () => {
    const secret = message('2.0', { thread_ts: '1.0', ephemeral: true });
    const parent = message('1.0', { replies: [message('3.0', { thread_ts: '1.0' })] });

    const withSecret = reduce(stateWith(message('1.0')), { type: 'ephemeral', message: secret });
    const state = reduce(withSecret, { type: 'message_changed', message: parent });

    const all = state.messages['C1'] ?? [];
    expect(threadReplies(parent, all).map(({ ts }) => ts)).toEqual(['2.0', '3.0']);
    expect(all.filter(isInChannel)).toEqual([parent]);
  });

  it('shows a broadcast reply in both places', () => {
    const reply = message('2.0', { thread_ts: '1.0', broadcast: true });

    const state = reduce(stateWith(message('1.0')), { type: 'message', message: reply });

    expect(state.messages['C1']).toEqual([message('1.0', { replies: [reply] }), reply]);
  });

  it('removes messages and replies', () => {
    const before = stateWith(message('1.0', { replies: [message('2.0'), message('3.0')] }), message('4.0'));

    const state = ['2.0', '4.0'].reduce(
      (all, ts) => reduce(all, { type: 'message_deleted', channel: 'C1', ts }),
      before,
    );

    expect(state.messages['C1']).toEqual([message('1.0', { replies: [message('3.0')] })]);
  });

  it('opens, updates and closes modals', () => {
    const updated = { ...view, hash: 'new' };

    const opened = reduce(stateWith(), { type: 'view_opened', view });
    const changed = reduce(opened, { type: 'view_updated', view: updated });
    const closed = reduce(changed, { type: 'view_closed', view_id: 'V1' });

    expect([opened.view, changed.view, closed.view]).toEqual([view, updated, undefined]);
  });
});
