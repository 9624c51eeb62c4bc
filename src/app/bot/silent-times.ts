/** Times that follow from when a cluster whose diagnoser reports nothing counts as silent. */
export interface SilentTimes {
  readonly silentAfterMs: number;
  /** Between two reports of a diagnoser; two of them may be lost. */
  readonly heartbeatMs: number;
  /** How often a gateway looks whether it must stand in, and for how long it must have seen nothing but silence. */
  readonly standInMs: number;
}

const SILENT_AFTER_MS = 60_000;

/** One minute unless a test needs less. */
export function silentTimes(silentAfterMs = SILENT_AFTER_MS): SilentTimes {
  return { silentAfterMs, heartbeatMs: silentAfterMs / 3, standInMs: silentAfterMs / 12 };
}
