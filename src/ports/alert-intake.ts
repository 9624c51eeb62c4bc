import type { StoredAlert } from '../core/triage/stored-alert.ts';

/** How many alerts of a call were news. */
export interface Accepted {
  /** New episodes, and ends of known ones. */
  readonly changed: number;
  /** Copies and repeats of what was known, and what came too late to count. */
  readonly repeated: number;
}

/**
 * Keeps alerts until triage has placed them. One episode of an alert is (cluster, fingerprint, `startsAt`): copies and
 * repeats of it change nothing but when it was last heard of. An episode that was resolved stays resolved, and an older
 * episode never replaces a newer one, in whatever order they come; only an alert that still fires 2 minutes after its
 * end was told counts as firing again. While an episode fires, an earlier start is one of the same episode, as replicas
 * of Prometheus tell it, and so is an end with such a start; only what ended before the episode began, as far as it was
 * told, is older. A repeat of what fires although its incident is over, or not known, is given to triage again, at most
 * once in 5 minutes. Throws STORE_UNAVAILABLE; then some may be stored, and all may be given again.
 */
export interface AlertIntake {
  accept(alerts: readonly StoredAlert[]): Promise<Accepted>;
}
