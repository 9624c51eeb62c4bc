import { REDACTED } from './marker.ts';
import { redactText } from './redact-text.ts';
import { isSecretFlag } from './secret-name.ts';
import { isPlaceholder } from './secret-value.ts';

interface ShortFlag {
  readonly tool: RegExp;
  readonly flag: string;
}

/** Tools that take a password in a one-letter flag. */
const SHORT_FLAGS: readonly ShortFlag[] = [
  { tool: /^(?:mysql|mariadb)[a-z-]{0,12}$/, flag: '-p' },
  { tool: /^(?:mongo(?:sh|dump|restore)?|sshpass|docker|skopeo)$/, flag: '-p' },
  { tool: /^sqlcmd$/, flag: '-P' },
  { tool: /^redis-cli$/, flag: '-a' },
  { tool: /^ldap[a-z]{1,10}$/, flag: '-w' },
];

/** Redacts a container's `command` or `args`, where a flag and its value are separate strings; `command` names the tool. */
export function redactArguments(list: readonly unknown[], command: readonly unknown[]): readonly unknown[] {
  const shortFlags = shortFlagsOf([...command, ...list]);
  const result = list.map((argument, index) => {
    return typeof argument === 'string' ? redactArgument(argument, list[index - 1], shortFlags) : argument;
  });
  return result.some((argument, index) => argument !== list[index]) ? result : list;
}

function shortFlagsOf(list: readonly unknown[]): readonly string[] {
  const names = list
    .filter((argument) => typeof argument === 'string')
    .map((argument) => argument.slice(argument.lastIndexOf('/') + 1));
  return SHORT_FLAGS.filter(({ tool }) => names.some((name) => tool.test(name))).map(({ flag }) => flag);
}

function redactArgument(argument: string, previous: unknown, shortFlags: readonly string[]): string {
  if (
    typeof previous === 'string' &&
    isFlag(previous, shortFlags) &&
    !argument.startsWith('-') &&
    !isPlaceholder(argument)
  ) {
    return REDACTED;
  }
  const attached = shortFlags.find((flag) => argument.startsWith(flag) && argument.length > flag.length);
  if (attached !== undefined) {
    return attached + REDACTED;
  }
  return redactText(argument);
}

function isFlag(argument: string, shortFlags: readonly string[]): boolean {
  return shortFlags.includes(argument) || isSecretFlag(argument);
}
