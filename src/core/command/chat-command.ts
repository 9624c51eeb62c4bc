import { KubewhyError } from '../errors/kubewhy-error.ts';
import { nearestNames } from '../facts/nearest.ts';
import { parseSubject, type SubjectArgument } from './subject-argument.ts';
import { quoted } from './usage-error.ts';

/** What somebody wrote to the bot, once it is understood. */
export type ChatCommand =
  | { readonly kind: 'why'; readonly subject: SubjectArgument; readonly cluster?: string }
  | { readonly kind: 'help' }
  /** What was decided about changes; `count` entries of it. */
  | { readonly kind: 'audit'; readonly count?: number; readonly cluster?: string }
  /** Switches changes off; the first of the words may be a cluster, all others are the reason. */
  | { readonly kind: 'stop'; readonly words: readonly string[]; readonly cluster?: string }
  | { readonly kind: 'resume'; readonly cluster?: string }
  | {
      readonly kind: 'problem';
      readonly message: string;
      /** Whole commands that may have been meant. */
      readonly suggestions: readonly string[];
    };

const VERBS = ['why', 'help'] as const;
const LONGEST = 1000;
const MOST_WORDS = 20;

interface Options {
  readonly words: readonly string[];
  readonly namespace?: string;
  readonly cluster?: string;
}

/** Understands `why deploy/web -n shop -c prod`, `audit 20 -c prod`, `stop prod`, `resume prod`, `help` and nothing; never throws. Slack's own marks are taken off first. */
export function parseChatCommand(text: string): ChatCommand {
  const plain = plainText(text);
  const [verb = '', ...rest] = splitWords(plain.slice(0, LONGEST));
  const known = verb.toLowerCase();
  if (known === 'stop') {
    return stopCommand(rest);
  }
  if (plain.length > LONGEST) {
    return problem(`That is too long: a command has at most ${LONGEST} characters.`);
  }
  switch (known) {
    case '':
    case 'help':
    case '--help':
    case '-h':
      return { kind: 'help' };
    case 'audit':
    case 'resume':
      return operatorCommand(known, rest);
    case 'why':
      return whyCommand(rest);
    default:
      return unknownVerb(verb, rest);
  }
}

/** `&amp;` and links are made by Slack out of what people type; code marks come along when text is pasted. */
function plainText(text: string): string {
  return text
    .replace(/<(?:https?:\/\/|mailto:)[^<>|]*\|([^<>]*)>/g, '$1')
    .replace(/<(?:https?:\/\/)([^<>|]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}

function splitWords(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .map((word) => word.replace(/^["'`\u2018\u2019\u201c\u201d]+|["'`\u2018\u2019\u201c\u201d]+$/g, ''))
    .map((word) => word.replace(/^[\u2013\u2014](?=[a-z])/, '--'))
    .filter((word) => word !== '');
}

function whyCommand(words: readonly string[]): ChatCommand {
  if (words.length > MOST_WORDS) {
    return problem(`A question has one subject; these are ${words.length} words.`);
  }
  const options = readOptions(words);
  if (typeof options === 'string') {
    return problem(options);
  }
  if (options.words.length === 0) {
    return problem('The name of a pod or a workload is missing.');
  }
  try {
    const subject = parseSubject(options.words, options.namespace);
    return subject === undefined
      ? problem('The name of a pod or a workload is missing.')
      : { kind: 'why', subject, ...(options.cluster === undefined ? {} : { cluster: options.cluster }) };
  } catch (error) {
    if (error instanceof KubewhyError) {
      return problem(error.message, lowerCased(options));
    }
    throw error;
  }
}

/** Whoever wants everything to stop is not told that an option is wrong: what is not understood is a part of the reason. */
function stopCommand(words: readonly string[]): ChatCommand {
  const rest = [...words];
  const at = rest.findIndex((word) => /^(?:-c|--cluster)(?:=|$)/i.test(word));
  const [flag = ''] = at < 0 ? [] : rest.splice(at, 1);
  const inline = splitFlag(flag)[1];
  const cluster = inline ?? (at < 0 ? undefined : rest.splice(at, 1)[0]);
  return { kind: 'stop', words: rest, ...(cluster === undefined || cluster === '' ? {} : { cluster }) };
}

function operatorCommand(kind: 'audit' | 'resume', words: readonly string[]): ChatCommand {
  const options = readOptions(words);
  if (typeof options === 'string') {
    return problem(options);
  }
  const [word, ...more] = options.words;
  if (options.namespace !== undefined || more.length > 0) {
    return problem(OPERATOR_USAGE[kind]);
  }
  return kind === 'audit' ? auditCommand(word, options.cluster) : resumeCommand(word, options.cluster);
}

const OPERATOR_USAGE = {
  audit: 'That is written: audit, or audit 20 -c CLUSTER.',
  resume: 'That is written: resume, or resume CLUSTER.',
} as const;

function auditCommand(word: string | undefined, cluster: string | undefined): ChatCommand {
  if (word !== undefined && !/^[1-9]\d{0,3}$/.test(word)) {
    return problem(OPERATOR_USAGE.audit);
  }
  return {
    kind: 'audit',
    ...(word === undefined ? {} : { count: Number(word) }),
    ...(cluster === undefined ? {} : { cluster }),
  };
}

function resumeCommand(word: string | undefined, option: string | undefined): ChatCommand {
  if (word !== undefined && option !== undefined && word !== option) {
    return problem(OPERATOR_USAGE.resume);
  }
  const cluster = word ?? option;
  return { kind: 'resume', ...(cluster === undefined ? {} : { cluster }) };
}

const OPTION_NAMES: Readonly<Record<string, 'namespace' | 'cluster' | undefined>> = {
  '-n': 'namespace',
  '--namespace': 'namespace',
  '-c': 'cluster',
  '--cluster': 'cluster',
  '--context': 'cluster',
};

/** The words and options, or what is wrong with them. */
function readOptions(words: readonly string[]): Options | string {
  const rest: string[] = [];
  const values: { namespace?: string; cluster?: string } = {};
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) {
      rest.push(word);
      continue;
    }
    const option = readOption(word, words[index + 1]);
    if (typeof option === 'string') {
      return option;
    }
    values[option.name] = option.value;
    index += option.took;
  }
  return { words: rest, ...values };
}

interface OptionRead {
  readonly name: 'namespace' | 'cluster';
  readonly value: string;
  /** Further words that it took. */
  readonly took: number;
}

function readOption(word: string, next: string | undefined): OptionRead | string {
  const [flag, inline] = splitFlag(word);
  const name = OPTION_NAMES[flag.toLowerCase()];
  if (name === undefined) {
    return `There is no option ${quoted(flag)}; there are -n NAMESPACE and -c CLUSTER.`;
  }
  const value = inline ?? next ?? '';
  return value === '' || value.startsWith('-')
    ? `${flag} needs a value: ${flag} ${name.toUpperCase()}.`
    : { name, value, took: inline === undefined ? 1 : 0 };
}

/** `--namespace=shop`, and `-nshop` as kubectl allows it. */
function splitFlag(word: string): readonly [string, string?] {
  const equals = word.indexOf('=');
  if (equals > 0) {
    return [word.slice(0, equals), word.slice(equals + 1)];
  }
  return /^-[nc]./i.test(word) ? [word.slice(0, 2), word.slice(2)] : [word];
}

/** Phones write the first letter of a message as a capital one. */
function lowerCased({ words, namespace, cluster }: Options): readonly string[] {
  const lower = words.map((word) => word.toLowerCase());
  if (lower.every((word, index) => word === words[index])) {
    return [];
  }
  const again = commandOf({ words: lower, ...defined({ namespace, cluster }) });
  return parseChatCommand(again).kind === 'why' ? [again] : [];
}

function unknownVerb(verb: string, rest: readonly string[]): ChatCommand {
  const [near] = nearestNames(verb.toLowerCase().slice(0, 100), VERBS);
  if (near === 'why') {
    return problem(`There is no command ${quoted(verb)}.`, validOnly(['why', ...rest].join(' ')));
  }
  if (near === 'help') {
    return problem(`There is no command ${quoted(verb)}.`, ['help']);
  }
  return problem(`There is no command ${quoted(verb)}.`, validOnly(['why', verb, ...rest].join(' ')));
}

function validOnly(command: string): readonly string[] {
  return parseChatCommand(command).kind === 'why' ? [command] : [];
}

function commandOf({ words, namespace, cluster }: Options): string {
  return [
    'why',
    ...words,
    ...(namespace === undefined ? [] : ['-n', namespace]),
    ...(cluster === undefined ? [] : ['-c', cluster]),
  ].join(' ');
}

function defined({ namespace, cluster }: { namespace: string | undefined; cluster: string | undefined }) {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(cluster === undefined ? {} : { cluster }),
  };
}

function problem(message: string, suggestions: readonly string[] = []): ChatCommand {
  return { kind: 'problem', message, suggestions };
}
