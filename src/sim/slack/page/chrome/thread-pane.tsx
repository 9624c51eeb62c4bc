import { useEffect, useRef, useState } from 'react';
import { Composer } from '../composer/composer.tsx';
import { MessageList } from '../messages/message-list.tsx';
import { threadReplies } from '../session/reduce.ts';
import { useSession } from '../session/session.ts';
import { Notices } from './notices.tsx';
import { PaneHeader } from './pane-header.tsx';

interface Props {
  readonly channel: string;
  readonly thread: string;
  readonly onClose: () => void;
}

/** A thread beside its channel, or above it on a small screen. Escape closes it. */
export function ThreadPane({ channel, thread, onClose }: Props) {
  const { state, deliver } = useSession();
  const [text, setText] = useState('');
  const pane = useRef<HTMLElement>(null);
  useEffect(() => pane.current?.querySelector('textarea')?.focus(), []);
  const all = state.messages[channel] ?? [];
  const parent = all.find(({ ts }) => ts === thread);
  const messages = parent === undefined ? [] : [parent, ...threadReplies(parent, all)];
  const send = (typed: string) => {
    setText('');
    void deliver('message', { channel, text: typed, thread_ts: thread });
  };
  const close = () => {
    onClose();
    document.querySelector<HTMLElement>('main textarea')?.focus();
  };
  return (
    <aside
      className="pane thread"
      aria-label="Thread"
      ref={pane}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          close();
        }
      }}
    >
      <PaneHeader title="Thread" onClose={close} />
      <MessageList label="Messages in the thread" messages={messages}>
        {parent === undefined ? <p className="empty">This message is gone.</p> : null}
      </MessageList>
      <Notices channel={`${channel}/${thread}`} />
      <Composer
        label="Reply in the thread"
        placeholder="Reply…, or @kubewhy why …"
        text={text}
        onText={setText}
        commands={false}
        onSend={send}
      />
    </aside>
  );
}
