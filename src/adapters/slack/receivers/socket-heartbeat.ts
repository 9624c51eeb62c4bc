import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Tells when the other side of a WebSocket was heard last. */
export interface SocketHeartbeat {
  /** Milliseconds since the last ping, pong or {@link SocketHeartbeat.beat}. */
  silentMs(): number;
  /** Something else was heard. */
  beat(): void;
  stop(): void;
}

const CHANNELS = ['undici:websocket:ping', 'undici:websocket:pong'] as const;

/** Listens for the pings and pongs of the WebSocket that was opened with an address. */
export function watchHeartbeat(url: string): SocketHeartbeat {
  let heardAt = performance.now();
  const address = new URL(url).href;
  function beat(): void {
    heardAt = performance.now();
  }
  // The channel carries the frames of every WebSocket in the process.
  function onFrame(message: unknown): void {
    if (addressOf(message) === address) {
      beat();
    }
  }
  for (const channel of CHANNELS) {
    subscribe(channel, onFrame);
  }
  return {
    silentMs: () => performance.now() - heardAt,
    beat,
    stop() {
      for (const channel of CHANNELS) {
        unsubscribe(channel, onFrame);
      }
    },
  };
}

function addressOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('websocket' in message)) {
    return undefined;
  }
  const { websocket } = message;
  const found = typeof websocket === 'object' && websocket !== null && 'url' in websocket ? websocket.url : undefined;
  return typeof found === 'string' ? found : undefined;
}
