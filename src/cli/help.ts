import { ENVIRONMENT } from '../config/environment.ts';
import { didYouMean, quoted, usageError } from '../core/command/usage-error.ts';
import { padEnd } from '../core/render/text-width.ts';
import { wrapText } from '../core/render/wrap.ts';
import type { CommandSpec, Example, OptionSpec } from './command.ts';
import { COMMANDS, findCommand } from './commands.ts';

const EXIT_CODES = [
  ['0', 'nothing is wrong (or it is only starting, stopping, finished)'],
  ['1', 'a cause was found'],
  ['2', 'it is broken, but the cause cannot be told'],
  ['3', 'the command, the configuration or the subject is wrong; nothing like it exists'],
  ['4', 'the cluster did not answer, or not to you'],
] as const;

const START: readonly Example[] = [
  { command: 'kubewhy why web-0', says: 'why does this pod not work?' },
  { command: 'kubewhy why -n shop deploy/web', says: 'or this Deployment?' },
  { command: 'kubewhy why -n shop web --explain', says: 'what was considered?' },
  { command: 'kubewhy record web-0 -o ./incident', says: 'keep it for somebody else' },
  { command: 'kubewhy why --from ./incident', says: 'and ask again without a cluster' },
];

const INDENT = '  ';
const WIDEST_LEFT = 34;

/** The help of the program, of a command, or of a group of commands. Throws USAGE for an unknown name. */
export function helpText(words: readonly string[], width: number): string {
  const name = words.join(' ');
  if (name === '') {
    return overview(width);
  }
  const command = findCommand(name);
  if (command !== undefined) {
    return commandHelp(command, width);
  }
  const group = COMMANDS.filter((one) => one.name.startsWith(`${name} `));
  if (group.length === 0) {
    const known = COMMANDS.map((one) => one.name);
    throw usageError(`There is no command ${quoted(name)}.${didYouMean(name, known)}`);
  }
  return [
    `kubewhy ${name} has these commands:`,
    '',
    ...commandList(group, width),
    '',
    `More: kubewhy help ${group[0]?.name ?? ''}`,
  ].join('\n');
}

function overview(width: number): string {
  return [
    ...wrapText(
      'Kubewhy says why a Kubernetes object does not work: the cause first, then what proves it. It only reads.',
      width,
    ),
    '',
    'Start here',
    ...exampleList(START, width),
    '',
    'Commands',
    ...commandList(COMMANDS, width),
    '',
    'Exit codes',
    ...columns(EXIT_CODES, width),
    '',
    'Environment',
    ...columns(
      ENVIRONMENT.filter(({ name }) => name.startsWith('KUBEWHY_') || name === 'KUBECONFIG' || name === 'NO_COLOR').map(
        ({ name, says }) => [name, says] as const,
      ),
      width,
    ),
    '',
    'More: kubewhy help <command>, for example `kubewhy help why`',
  ].join('\n');
}

function commandHelp(command: CommandSpec, width: number): string {
  const examples = command.examples.length === 0 ? [] : ['', 'Examples', ...exampleList(command.examples, width)];
  return [
    `kubewhy ${command.name} ${command.usage}`.trimEnd(),
    '',
    ...command.about.flatMap((paragraph) => wrapText(paragraph, width)),
    '',
    'Options',
    ...columns(
      command.options.map((option) => [optionUsage(option), option.help] as const),
      width,
    ),
    ...examples,
  ].join('\n');
}

function optionUsage({ name, short, value, choices }: OptionSpec): string {
  const wanted = choices === undefined ? value : choices.join('|');
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${wanted === undefined ? '' : ` ${wanted}`}`;
}

function commandList(commands: readonly CommandSpec[], width: number): readonly string[] {
  return columns(
    commands.map(({ name, summary }) => [name, summary] as const),
    width,
  );
}

function exampleList(examples: readonly Example[], width: number): readonly string[] {
  return columns(
    examples.map(({ command, says }) => [command, says] as const),
    width,
    40,
  );
}

/** Two columns; what does not fit into the first gets a line of its own. */
function columns(rows: readonly (readonly [string, string])[], width: number, widest = WIDEST_LEFT): readonly string[] {
  const fitting = rows.map(([left]) => left.length).filter((length) => length <= widest);
  const leftWidth = Math.min(Math.max(0, ...fitting), Math.floor(width / 2));
  const gap = INDENT.length + leftWidth + INDENT.length;
  return rows.flatMap(([left, right]) => {
    const lines = wrapText(right, width - gap);
    if (left.length > leftWidth) {
      return [
        ...wrapText(left, width - INDENT.length).map((line) => INDENT + line),
        ...lines.map((line) => ' '.repeat(gap) + line),
      ];
    }
    return lines.map((line, index) => `${INDENT}${padEnd(index === 0 ? left : '', leftWidth)}${INDENT}${line}`);
  });
}
