import type { CommandSpec, OptionSpec } from './command.ts';
import { COMMANDS, findCommand } from './commands.ts';

/** The part of the command line before the cursor. */
export interface TypedLine {
  readonly command: CommandSpec | undefined;
  /** Words after the command, without options and without the current one. */
  readonly words: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  /** The option that waits for its value. */
  readonly pending: OptionSpec | undefined;
  readonly current: string;
}

/** Takes an unfinished command line apart; the last word is the one that is being typed. */
export function readTypedLine(all: readonly string[]): TypedLine {
  const values = new Map<string, string>();
  const words: string[] = [];
  let pending: OptionSpec | undefined;
  for (const word of all.slice(0, -1)) {
    if (pending !== undefined) {
      values.set(pending.name, word);
      pending = undefined;
    } else if (word.startsWith('-')) {
      pending = readOption(word, commandOf(words), values);
    } else {
      words.push(word);
    }
  }
  const command = commandOf(words);
  const depth = command?.name.split(' ').length ?? 0;
  return { command, words: words.slice(depth), values, pending, current: all.at(-1) ?? '' };
}

/** The option that a word names, of the command or of any. */
export function findOption(word: string, command: CommandSpec | undefined): OptionSpec | undefined {
  const options = command?.options ?? COMMANDS.flatMap((one) => one.options);
  return options.find(({ name, short }) => word === `--${name}` || (short !== undefined && word === `-${short}`));
}

/** Notes the value of `--name=value`; returns the option when its value is the next word. */
function readOption(
  word: string,
  command: CommandSpec | undefined,
  values: Map<string, string>,
): OptionSpec | undefined {
  const [name = '', ...value] = word.split('=');
  const option = findOption(name, command);
  if (option?.value === undefined) {
    return undefined;
  }
  if (value.length === 0) {
    return option;
  }
  values.set(option.name, value.join('='));
  return undefined;
}

function commandOf(words: readonly string[]): CommandSpec | undefined {
  return findCommand(words.slice(0, 2).join(' ')) ?? findCommand(words[0] ?? '');
}
