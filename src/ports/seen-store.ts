/** Remembers deliveries, so that each is acted on once. Throws STORE_UNAVAILABLE. */
export interface SeenStore {
  /** True for the first call with a key within the time, whoever calls. */
  firstTime(key: string, seconds: number): Promise<boolean>;
  /** How often this was called with the key within the time, this call included; the time begins with the first. */
  count(key: string, seconds: number): Promise<number>;
  /** The next call with this key counts as the first again. */
  forget(key: string): Promise<void>;
}
