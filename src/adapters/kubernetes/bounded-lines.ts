const LINE_FEED = 10;

/** Cuts a stream of bytes into lines, of which only those of bounded length are ever held. */
export class BoundedLines {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #size = 0;

  /** `longest` in bytes. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that these bytes complete, without their line feeds; `too-long` when one is longer than allowed. */
  push(chunk: Buffer): readonly string[] | 'too-long' {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      this.#add(chunk.subarray(from, end));
      if (this.#size > this.#longest) {
        return 'too-long';
      }
      lines.push(this.#take());
      from = end + 1;
    }
    this.#add(chunk.subarray(from));
    return this.#size > this.#longest ? 'too-long' : lines;
  }

  #add(part: Buffer): void {
    if (part.length > 0) {
      this.#parts.push(part);
      this.#size += part.length;
    }
  }

  #take(): string {
    const line = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}
