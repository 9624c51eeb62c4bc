import { noteRequest, type RequestSlot } from '../../core/remediation/storm-signals.ts';

/** What became of the requests of one executor. */
export interface RequestTally {
  readonly heard: (answered: boolean) => void;
  /** By the monotonic milliseconds of the process. */
  readonly slots: () => readonly RequestSlot[];
}

/** Counts in memory: an executor that starts anew knows nothing, and begins with few requests. */
export function requestTally(): RequestTally {
  let slots: readonly RequestSlot[] = [];
  return {
    heard: (answered) => {
      slots = noteRequest(slots, performance.now(), answered);
    },
    slots: () => slots,
  };
}
