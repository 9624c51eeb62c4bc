import { SocketModeClient, type SocketModeOptions } from '@slack/socket-mode';
import { textAt, valueAt } from '../fields.ts';

/**
 * The SDK's client without its ways to kill the process: it reads fields of every frame without looking, and a frame
 * such as `app_rate_limited`, which has no inner event, becomes an unhandled rejection.
 */
export class SafeSocketClient extends SocketModeClient {
  private readonly onProblem: (problem: string) => void;

  constructor(options: SocketModeOptions, onProblem: (problem: string) => void) {
    super(options);
    this.onProblem = onProblem;
  }

  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    const frame = isBinary ? undefined : parseFrame(data);
    const problem = frameProblem(frame);
    if (problem !== undefined) {
      this.onProblem(problem);
      this.acknowledge(valueAt(frame, 'envelope_id'));
      return;
    }
    try {
      await super.onWebSocketMessage(data, isBinary);
    } catch (error) {
      this.onProblem(error instanceof Error ? error.message : 'a frame that could not be handled');
    }
  }

  /** Slack delivers again what is not acknowledged. */
  private acknowledge(envelope: unknown): void {
    if (typeof envelope === 'string') {
      this.websocket?.send(JSON.stringify({ envelope_id: envelope }), () => undefined);
    }
  }
}

/** Why the SDK would stumble over a frame. */
function frameProblem(frame: unknown): string | undefined {
  const type = textAt(frame, 'type');
  if (type === undefined) {
    return 'no envelope';
  }
  const payload = valueAt(frame, 'payload');
  if (CONTROL_FRAMES.includes(type)) {
    return undefined;
  }
  if (typeof payload !== 'object' || payload === null) {
    return 'an envelope without content';
  }
  if (type === 'events_api' && textAt(payload, 'event', 'type') === undefined) {
    return textAt(payload, 'type') ?? 'an event without content';
  }
  return undefined;
}

const CONTROL_FRAMES = ['hello', 'disconnect'];

function parseFrame(data: string | ArrayBuffer): unknown {
  try {
    return JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
}
