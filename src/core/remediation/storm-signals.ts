/** What happened in one slot of time. */
export interface Slot {
  /** When it began: milliseconds, a multiple of `SLOT_MS`. */
  readonly at: number;
}

/** Alerts that began to fire. */
export interface AlertSlot extends Slot {
  readonly count: number;
}

/** Requests to the API server and what became of them. */
export interface RequestSlot extends Slot {
  readonly answered: number;
  /** No whole answer in time, HTTP 5xx, or 429 where that means overload. */
  readonly failed: number;
}

export const SLOT_MS = 10_000;
const MINUTE_MS = 60_000;
/** After a storm nothing is changed for so long. */
const CALM_MS = 10 * MINUTE_MS;

const ALERTS = { windowMs: MINUTE_MS, most: 50 } as const;
/** A few failures among few requests say nothing about an API server. */
const REQUESTS = { windowMs: 5 * MINUTE_MS, mostFailedShare: 0.1, least: 20 } as const;

/** For how long a slot may matter. */
export const KEEP_SLOTS_MS = CALM_MS + REQUESTS.windowMs + SLOT_MS;

/** The slots with one request more; those that matter no more are left out. */
export function noteRequest(slots: readonly RequestSlot[], now: number, ok: boolean): readonly RequestSlot[] {
  const at = now - (now % SLOT_MS);
  const last = slots.at(-1);
  const current = last?.at === at ? last : { at, answered: 0, failed: 0 };
  const { answered, failed } = current;
  return [
    ...slots.filter((slot) => slot !== last && slot.at > now - KEEP_SLOTS_MS),
    ...(last === undefined || last === current ? [] : [last]),
    { at, answered: answered + (ok ? 1 : 0), failed: failed + (ok ? 0 : 1) },
  ];
}

/**
 * Why so many new alerts forbid every change: more than 50 within a minute, until ten minutes went by without. A sentence or
 * two for people, or nothing. `now` counts as the slots do.
 */
export function alertStormReason(slots: readonly AlertSlot[], now: number): string | undefined {
  const most = Math.max(
    0,
    ...ends(slots, now).map((end) => sum(within(slots, end, ALERTS.windowMs).map(({ count }) => count))),
  );
  return most > ALERTS.most
    ? `${most} alerts of this cluster began within a minute: something larger is broken, so Kubewhy only looks and changes nothing until ten minutes are calm. Look for what they have in common first.`
    : undefined;
}

/** Why too many failed requests forbid every change: more than one in ten within five minutes, until ten minutes went by without. */
export function apiStormReason(slots: readonly RequestSlot[], now: number): string | undefined {
  const bad = ends(slots, now)
    .map((end) => shareOf(within(slots, end, REQUESTS.windowMs)))
    .findLast(({ requests, failed }) => requests >= REQUESTS.least && failed > requests * REQUESTS.mostFailedShare);
  return (
    bad &&
    `The API server left ${bad.failed} of ${bad.requests} requests of Kubewhy without a proper answer, so what it says may be wrong; nothing is changed until ten minutes are calm. Repair the control plane or the way to it first.`
  );
}

function shareOf(slots: readonly RequestSlot[]): { readonly requests: number; readonly failed: number } {
  const failed = sum(slots.map((slot) => slot.failed));
  return { requests: failed + sum(slots.map(({ answered }) => answered)), failed };
}

/** The ends of the slots that belong to the time that must be calm. */
function ends(slots: readonly Slot[], now: number): readonly number[] {
  return slots.map(({ at }) => at + SLOT_MS).filter((end) => end > now - CALM_MS);
}

function within<One extends Slot>(slots: readonly One[], end: number, windowMs: number): readonly One[] {
  return slots.filter(({ at }) => at < end && at >= end - windowMs);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
