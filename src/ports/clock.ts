/** The time of this machine; used when no API server has told its own. */
export interface Clock {
  now(): Date;
}
