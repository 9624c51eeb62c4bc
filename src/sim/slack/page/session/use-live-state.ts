import { useEffect, useState } from 'react';
import type { PageEvent, PageState } from '../../page-api.ts';
import { reduce } from './reduce.ts';
import { loadState, pageApi } from './requests.ts';

const EVENTS: readonly PageEvent['type'][] = [
  'message',
  'message_changed',
  'message_deleted',
  'ephemeral',
  'view_opened',
  'view_updated',
  'view_closed',
  'home',
  'file',
  'notice',
  'stage',
];
const RETRY_MS = 1000;

/** What is known, and whether changes arrive. */
export interface LiveState {
  readonly state: PageState | undefined;
  readonly connected: boolean;
}

/** The state as it is now. After a lost connection it is loaded again, because changes were missed. */
export function useLiveState(onNotice: (text: string, channel?: string) => void): LiveState {
  const [live, setLive] = useState<LiveState>({ state: undefined, connected: false });
  useEffect(() => {
    const connection = openConnection({
      onState: (state) => setLive({ state, connected: true }),
      onEvent: (event) => {
        if (event.type === 'notice') {
          onNotice(event.text, event.channel);
        } else {
          setLive((before) =>
            before.state === undefined ? before : { ...before, state: reduce(before.state, event) },
          );
        }
      },
      onLost: () => setLive((before) => ({ ...before, connected: false })),
    });
    return () => connection.close();
  }, [onNotice]);
  return live;
}

interface Listener {
  readonly onState: (state: PageState) => void;
  readonly onEvent: (event: PageEvent) => void;
  readonly onLost: () => void;
}

/** Keeps a connection open until it is closed. */
function openConnection(listener: Listener): { close(): void } {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    const events = new EventSource(pageApi('events'));
    source = events;
    follow(events, listener, () => {
      events.close();
      listener.onLost();
      clearTimeout(timer);
      timer = setTimeout(connect, RETRY_MS);
    });
  };
  connect();
  return {
    close: () => {
      clearTimeout(timer);
      source?.close();
    },
  };
}

/** Loads the state once events arrive; those that come meanwhile wait for it. */
function follow(events: EventSource, listener: Listener, onLost: () => void): void {
  let waiting: PageEvent[] | undefined = [];
  for (const type of EVENTS) {
    events.addEventListener(type, ({ data }: MessageEvent<string>) => {
      // The server is our own and sends these forms only.
      const event = JSON.parse(data) as PageEvent;
      if (waiting === undefined) {
        listener.onEvent(event);
      } else {
        waiting.push(event);
      }
    });
  }
  const load = async () => {
    try {
      listener.onState(await loadState());
      waiting?.forEach(listener.onEvent);
      waiting = undefined;
    } catch {
      onLost();
    }
  };
  events.addEventListener('open', () => void load());
  events.addEventListener('error', onLost);
}
