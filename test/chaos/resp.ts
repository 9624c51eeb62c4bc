/** A command on its way to a Redis server. */
export interface RedisCommand {
  /** The bytes as they came. */
  readonly raw: Buffer;
  /** In upper case. */
  readonly name: string;
  /** The first argument, as text: of EVALSHA the digest of the script. */
  readonly first: string;
}

const LINE_END = Buffer.from('\r\n');

/** Cuts what clients send (arrays of bulk strings) into commands. */
export class CommandReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The commands that are whole with this piece. */
  read(piece: Buffer): readonly RedisCommand[] {
    this.rest = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    const commands: RedisCommand[] = [];
    for (;;) {
      const command = this.next();
      if (command === undefined) {
        return commands;
      }
      commands.push(command);
    }
  }

  private next(): RedisCommand | undefined {
    const { rest } = this;
    const head = numberAt(rest, 0, '*');
    if (head === undefined) {
      return undefined;
    }
    const words: string[] = [];
    let at = head.after;
    for (let index = 0; index < head.value; index += 1) {
      const size = numberAt(rest, at, '$');
      if (size === undefined || rest.length < size.after + size.value + 2) {
        return undefined;
      }
      if (index < 2) {
        words.push(rest.subarray(size.after, size.after + Math.min(size.value, 64)).toString('latin1'));
      }
      at = size.after + size.value + 2;
    }
    this.rest = rest.subarray(at);
    return { raw: rest.subarray(0, at), name: (words[0] ?? '').toUpperCase(), first: words[1] ?? '' };
  }
}

function numberAt(
  bytes: Buffer,
  at: number,
  mark: string,
): { readonly value: number; readonly after: number } | undefined {
  const end = bytes.indexOf(LINE_END, at);
  if (end < 0) {
    return undefined;
  }
  const line = bytes.subarray(at, end).toString('latin1');
  if (!line.startsWith(mark)) {
    throw new Error(`not a command of Redis: ${line.slice(0, 40)}`);
  }
  return { value: Number(line.slice(1)), after: end + 2 };
}
