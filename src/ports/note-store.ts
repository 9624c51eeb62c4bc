/** Small values that outlive a process: what a button stands for, which layout a workspace can show. Throws STORE_UNAVAILABLE. */
export interface NoteStore {
  read(key: string): Promise<string | undefined>;
  /** At most 4 KiB. */
  write(key: string, value: string, seconds: number): Promise<void>;
}
