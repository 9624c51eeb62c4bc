/** Makes names for things. */
export interface Ids {
  /** 16 characters (a-z, 0-9) that are always the same for the same parts and cannot be guessed from them. */
  derive(...parts: readonly string[]): string;
}
