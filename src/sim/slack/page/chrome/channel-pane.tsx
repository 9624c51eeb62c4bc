import { useState } from 'react';
import { Composer } from '../composer/composer.tsx';
import { MessageList } from '../messages/message-list.tsx';
import { isInChannel } from '../session/reduce.ts';
import { useSession } from '../session/session.ts';
import { Notices } from './notices.tsx';
import { PaneHeader } from './pane-header.tsx';
import { StageBar } from './stage-bar.tsx';
import { Suggestions } from './suggestions.tsx';

interface Props {
  readonly channel: string;
  readonly onMenu: () => void;
  readonly onThread: (parent: string) => void;
}

/** A channel: its messages and where to type. */
export function ChannelPane({ channel: id, onMenu, onThread }: Props) {
  const { state, deliver } = useSession();
  const [text, setText] = useState('');
  const channel = state.channels.find((one) => one.id === id);
  const messages = (state.messages[id] ?? []).filter(isInChannel);
  const name = channel?.is_im === true ? state.bot.real_name : `#${channel?.name ?? ''}`;
  const send = (typed: string) => {
    setText('');
    void deliver(typed.startsWith('/') ? 'command' : 'message', { channel: id, text: typed });
  };
  return (
    <main className="pane" aria-label={name}>
      <PaneHeader
        title={name}
        {...(channel?.is_member === false ? { about: `${state.bot.real_name} is not a member here` } : {})}
        onMenu={onMenu}
      />
      <StageBar channel={id} />
      <MessageList label={`Messages in ${name}`} messages={messages} onThread={onThread}>
        <Suggestions place={name} asked={messages.length > 0} onAsk={send} />
      </MessageList>
      <Notices channel={id} />
      <Composer
        label={`Message to ${name}`}
        placeholder={`Message ${name}, or /k8s why …`}
        text={text}
        onText={setText}
        commands
        onSend={send}
      />
    </main>
  );
}
