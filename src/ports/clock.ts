/** The time of this machine; used for deadlines and when no API server has told its own. */
export interface Clock {
  now(): Date;
}
