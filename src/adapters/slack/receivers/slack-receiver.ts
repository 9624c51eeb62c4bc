import type { Receiver } from '@slack/bolt';

/** How deliveries reach the app. */
export interface SlackReceiver extends Receiver {
  /** Resolves once deliveries can arrive. Throws CHAT_REJECTED, CHAT_UNAVAILABLE or CONFIG_INVALID. */
  start(): Promise<void>;
  /** From now on nothing new is taken; what was taken can still be acknowledged. */
  refuseNew(): void;
  /** Closes every connection and waits for that. */
  stop(): Promise<void>;
  status(): ReceiverStatus;
}

/** Whether deliveries can arrive now. */
export interface ReceiverStatus {
  readonly healthy: boolean;
  /** A sentence for people. */
  readonly detail: string;
}
