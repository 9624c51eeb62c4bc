import type { SimState } from './state.ts';
import type { CallRecord } from './store/records.ts';

/** Notes a request of the app and tells who waits for it. */
export function recordCall(state: SimState, call: Omit<CallRecord, 'number' | 'at'>): void {
  const noted: CallRecord = { number: state.calls.length + 1, at: state.clock(), ...call };
  state.calls.push(noted);
  state.changes.emit({ kind: 'call', call: noted });
}
