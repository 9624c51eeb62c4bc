import { Fragment, type ReactNode } from 'react';
import type { PageMessage } from '../../page-api.ts';
import { dayName } from '../text/time.ts';
import { MessageView } from './message-view.tsx';
import { useStickyBottom } from './use-sticky-bottom.ts';

interface Props {
  readonly label: string;
  readonly messages: readonly PageMessage[];
  readonly onThread?: (parent: string) => void;
  /** What stands before the first message. */
  readonly children?: ReactNode;
}

/** Messages in the order of time. It stays at the newest one unless the reader scrolled away from it. */
export function MessageList({ label, messages, onThread, children }: Props) {
  const { ref, behind, toBottom } = useStickyBottom();
  return (
    <div className="message-list-frame">
      <div
        className="message-list"
        ref={ref}
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label={label}
        tabIndex={0}
      >
        <div className="message-list-content">
          {children}
          {messages.map((message, index) => (
            <Fragment key={message.ts}>
              {index === 0 || dayName(messages[index - 1]?.ts ?? '') !== dayName(message.ts) ? (
                <div className="day">
                  <span>{dayName(message.ts)}</span>
                </div>
              ) : null}
              <MessageView message={message} {...(onThread === undefined ? {} : { onThread })} />
            </Fragment>
          ))}
        </div>
      </div>
      {behind ? (
        <button type="button" className="to-bottom" onClick={toBottom}>
          Newest messages ↓
        </button>
      ) : null}
    </div>
  );
}
