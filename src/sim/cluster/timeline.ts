import type { Json, JsonObject } from '../../core/facts/json.ts';
import { isJsonObject } from '../../core/recording/object-parts.ts';
import type { StoredObject } from './stored-object.ts';

const WHOLE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const TIME_IN_TEXT = /\b(\d{4})([-/])(\d\d)\2(\d\d)([T ])(\d\d:\d\d:\d\d)/g;
/** Times in texts that are this far from the recording mean something else, such as the day of a build. */
const NEAR_MS = 7 * 24 * 3600 * 1000;

/**
 * Moves the times of recordings to the time of the simulation, so that what had happened five minutes before the
 * recording has always happened five minutes ago. They move on in steps: within a step, all answers agree.
 */
export class Timeline {
  readonly #now: () => Date;
  readonly #stepMs: number;
  readonly #start: number;
  readonly #moved = new WeakMap<JsonObject, { readonly byMs: number; readonly object: JsonObject }>();

  constructor(now: () => Date, stepMs: number) {
    this.#now = now;
    this.#stepMs = stepMs;
    this.#start = wholeSeconds(now().getTime());
  }

  now(): Date {
    return this.#now();
  }

  /** An object with its times moved; the same one when nothing moves. */
  present({ object, recordedAt }: StoredObject): JsonObject {
    const byMs = recordedAt === undefined ? 0 : this.#shift(recordedAt);
    if (recordedAt === undefined || byMs === 0) {
      return object;
    }
    const known = this.#moved.get(object);
    if (known?.byMs === byMs) {
      return known.object;
    }
    const moved = moveFields(object, { byMs, recordedAt });
    this.#moved.set(object, { byMs, object: moved });
    return moved;
  }

  /** A log with the times that it tells moved. */
  presentText(text: string, recordedAt: number): string {
    return moveText(text, { byMs: this.#shift(recordedAt), recordedAt });
  }

  #shift(recordedAt: number): number {
    const elapsed = Math.max(0, this.#now().getTime() - this.#start);
    const steps = Number.isFinite(this.#stepMs) ? Math.floor(elapsed / this.#stepMs) * this.#stepMs : 0;
    return this.#start + wholeSeconds(steps) - wholeSeconds(recordedAt);
  }
}

interface Move {
  readonly byMs: number;
  readonly recordedAt: number;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function moveFields(object: JsonObject, move: Move): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, value === undefined ? value : moveValue(value, move)]),
  );
}

function moveValue(value: Json, move: Move): Json {
  if (typeof value === 'string') {
    return WHOLE_TIME.test(value) ? moveTime(value, move.byMs) : moveText(value, move);
  }
  if (isJsonObject(value)) {
    return moveFields(value, move);
  }
  return Array.isArray(value) ? value.map((item: Json) => moveValue(item, move)) : value;
}

/** Moves the date and time in front; fraction and zone stay. */
function moveTime(time: string, byMs: number): string {
  const moved = new Date(Date.parse(`${time.slice(0, 19)}Z`) + byMs);
  return Number.isNaN(moved.getTime()) ? time : `${moved.toISOString().slice(0, 19)}${time.slice(19)}`;
}

function moveText(text: string, { byMs, recordedAt }: Move): string {
  if (byMs === 0) {
    return text;
  }
  return text.replace(TIME_IN_TEXT, (found: string, ...groups: string[]) => {
    const [year = '', separator = '', month = '', day = '', between = '', clock = ''] = groups;
    const time = `${year}-${month}-${day}T${clock}`;
    if (!(Math.abs(Date.parse(`${time}Z`) - recordedAt) <= NEAR_MS)) {
      return found;
    }
    const moved = moveTime(time, byMs);
    return `${moved.slice(0, 10).replaceAll('-', separator)}${between}${moved.slice(11)}`;
  });
}
