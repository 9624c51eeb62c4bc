import type { JsonObject } from '../../core/facts/json.ts';

/** An object with the clock that its times belong to. */
export interface StoredObject {
  readonly object: JsonObject;
  /** The time of its recording in milliseconds since 1970; absent for objects whose times are those of the simulation. */
  readonly recordedAt?: number;
}
