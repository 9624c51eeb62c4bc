import { parseArgs } from 'node:util';
import { didYouMean, quoted, usageError } from '../core/command/usage-error.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { COMMANDS, findCommand } from './commands.ts';

/** The command line once it is understood. */
export interface CommandLine {
  readonly command: CommandSpec;
  /** The words after the command. */
  readonly words: readonly string[];
  readonly options: ParsedOptions;
}

/** The options that were given. */
export interface ParsedOptions {
  has(name: string): boolean;
  /** The value; the last one when the option was repeated. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

interface OptionToken {
  readonly kind: 'option';
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

const VERSION: OptionSpec = { name: 'version', help: 'Print the version.' };

/** Understands a command line, options before or after the command. Throws USAGE. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...args],
    options: parserOptions(),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words = tokens.filter((token) => token.kind === 'positional').map((token) => token.value);
  const given = tokens.filter((token) => token.kind === 'option');
  const { command, rest } = chooseCommand(words, given);
  if (rest.length > 0 && (command.usage === '' || command.usage === '[options]')) {
    throw usageError(
      `\`kubewhy ${command.name}\` takes no arguments, but got ${quoted(rest.join(' '))}.`,
      command.name,
    );
  }
  return { command, words: rest, options: readOptions(given, command) };
}

function allOptions(): readonly OptionSpec[] {
  return [...COMMANDS.flatMap((command) => command.options), VERSION];
}

function parserOptions(): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return Object.fromEntries(
    allOptions().map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
}

interface Chosen {
  readonly command: CommandSpec;
  readonly rest: readonly string[];
}

function chooseCommand(words: readonly string[], given: readonly OptionToken[]): Chosen {
  const [first, second] = words;
  if (first === undefined) {
    return { command: wordless(given), rest: [] };
  }
  const pair = second === undefined ? undefined : findCommand(`${first} ${second}`);
  if (pair !== undefined) {
    return { command: pair, rest: words.slice(2) };
  }
  const single = findCommand(first);
  if (single !== undefined) {
    return { command: single, rest: words.slice(1) };
  }
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) =>
    name.slice(first.length + 1),
  );
  if (group.length > 0) {
    return groupWithout(first, second, group, given);
  }
  throw unknownCommand(words);
}

/** `kubewhy` alone and `kubewhy --help` show the help. */
function wordless(given: readonly OptionToken[]): CommandSpec {
  const version = given.some(({ name }) => name === 'version');
  const unknown = given.find(({ name }) => !allOptions().some((option) => option.name === name));
  if (unknown !== undefined) {
    throw unknownOption(unknown, allOptions());
  }
  const asksHelp = given.length === 0 || given.some(({ name }) => name === 'help');
  if (!version && !asksHelp) {
    throw usageError('A command is missing: for example `kubewhy why <pod>`.');
  }
  return required(version && !given.some(({ name }) => name === 'help') ? 'version' : 'help');
}

function groupWithout(
  first: string,
  second: string | undefined,
  group: readonly string[],
  given: readonly OptionToken[],
): Chosen {
  if (given.some(({ name }) => name === 'help')) {
    return { command: required('help'), rest: [first] };
  }
  const commands = group.map((name) => `\`${first} ${name}\``).join(', ');
  const what =
    second === undefined ? `\`${first}\` needs one more word` : `There is no command ${quoted(`${first} ${second}`)}`;
  throw usageError(`${what}: ${commands}.${second === undefined ? '' : didYouMean(second, group)}`, first);
}

function unknownCommand(words: readonly string[]): Error {
  const [first = ''] = words;
  const names = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? name))];
  const near = didYouMean(first, names);
  const subject =
    near === '' && /^[a-z0-9./-]+$/.test(first)
      ? ` To ask about an object: \`kubewhy why ${words.slice(0, 2).join(' ')}\`.`
      : '';
  return usageError(`There is no command ${quoted(first)}.${near}${subject}`);
}

function required(name: string): CommandSpec {
  const found = findCommand(name);
  if (found === undefined) {
    throw new TypeError(`there is no command ${name}`);
  }
  return found;
}

function readOptions(given: readonly OptionToken[], command: CommandSpec): ParsedOptions {
  const values = new Map<string, string[]>();
  for (const token of given) {
    const spec = command.options.find((option) => option.name === token.name);
    if (spec === undefined && token.name !== 'version') {
      throw unknownOption(token, command.options, command);
    }
    const value = spec?.value === undefined ? switchValue(token, command) : optionValue(token, spec, command);
    values.set(token.name, [...(values.get(token.name) ?? []), value]);
  }
  return {
    has: (name) => values.has(name),
    value: (name) => values.get(name)?.at(-1),
    values: (name) => values.get(name) ?? [],
  };
}

function switchValue({ rawName, value }: OptionToken, command: CommandSpec): string {
  if (value !== undefined) {
    throw usageError(`${rawName} takes no value.`, command.name);
  }
  return '';
}

function optionValue({ rawName, value, inlineValue }: OptionToken, spec: OptionSpec, command: CommandSpec): string {
  if (value === undefined || value === '' || (inlineValue !== true && value.startsWith('-') && value !== '-')) {
    throw usageError(`${rawName} needs a value: ${rawName} ${spec.value ?? ''}.`, command.name);
  }
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    const near = didYouMean(value, spec.choices);
    throw usageError(
      `${rawName} cannot be ${quoted(value)}; it is one of ${spec.choices.join(', ')}.${near}`,
      command.name,
    );
  }
  return value;
}

function unknownOption({ rawName, name }: OptionToken, known: readonly OptionSpec[], command?: CommandSpec): Error {
  const elsewhere = COMMANDS.filter(({ options }) => options.some((option) => option.name === name)).map(
    (one) => one.name,
  );
  if (command !== undefined && elsewhere.length > 0) {
    const others = elsewhere.slice(0, 2);
    return usageError(
      `\`${command.name}\` has no option ${rawName}; ${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'}.`,
      command.name,
    );
  }
  const near =
    name.length > 1
      ? didYouMean(
          name,
          known.map((option) => option.name),
        ).replace('`', '`--')
      : '';
  return usageError(`There is no option ${quoted(rawName)}.${near}`, command?.name);
}
