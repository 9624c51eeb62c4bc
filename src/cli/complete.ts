import type { CompletionSource } from '../app/completion-source.ts';
import { kindWord } from '../core/command/subject-argument.ts';
import { findResourceType, SUBJECT_KINDS } from '../core/subject/kinds.ts';
import type { Completable, OptionSpec } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { Surroundings } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { findOption, readTypedLine, type TypedLine } from './typed-line.ts';

/** A word that could come next; `:files` and `:folders` ask the shell for paths. */
export interface Candidate {
  readonly word: string;
  readonly says?: string;
}

/** Reads names that fit what is typed; each answers with nothing when it cannot. */
export type OpenSource = (line: TypedLine) => Promise<CompletionSource>;

/** The shells that there is a completion script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Words that a shell can insert without quoting. */
const SAFE_WORD = /^[\w@.:/+=-]+$/;

/** `kubewhy __complete WORD...`: prints what could stand for the last word, one a line; never fails. */
export async function runComplete(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const open: OpenSource = async (line) => {
      const { openCompletionSource } = await import('../app/completion-source.ts');
      const { values } = line;
      const place = {
        namespace: values.get('namespace'),
        context: values.get('context'),
        kubeconfig: values.get('kubeconfig'),
      };
      return openCompletionSource(place, surroundings.readConfig(), surroundings.loadPlaybooks);
    };
    const candidates = await complete(words, open);
    const safe = candidates.filter(({ word }) => SAFE_WORD.test(word));
    if (safe.length > 0) {
      surroundings.output.print(
        safe.map(({ word, says }) => (says === undefined ? word : `${word}\t${says}`)).join('\n'),
      );
    }
  } catch {
    // A shell that completes must not print anything else.
  }
  return EXIT.healthy;
}

/** What could stand for the last of the words. */
export async function complete(words: readonly string[], open: OpenSource): Promise<readonly Candidate[]> {
  const line = readTypedLine(words);
  const candidates = await candidatesOf(line, open);
  return candidates.filter(({ word }) => word.startsWith(line.current) || word.startsWith(':'));
}

async function candidatesOf(line: TypedLine, open: OpenSource): Promise<readonly Candidate[]> {
  const { pending, current, command } = line;
  if (pending !== undefined) {
    return valueCandidates(pending, line, open);
  }
  if (current.startsWith('--') && current.includes('=')) {
    return joinedValues(line, open);
  }
  if (current.startsWith('-')) {
    return (command?.options ?? []).map(({ name, help }) => ({ word: `--${name}`, says: help }));
  }
  if (command === undefined) {
    return commandWords(line.words);
  }
  return command.completes === undefined ? [] : wordCandidates(command.completes, line, open);
}

/** `--namespace=sh`: the value behind the equals sign. */
async function joinedValues(line: TypedLine, open: OpenSource): Promise<readonly Candidate[]> {
  const [name = ''] = line.current.split('=');
  const option = findOption(name, line.command);
  if (option === undefined) {
    return [];
  }
  const values = await valueCandidates(option, { ...line, current: line.current.slice(name.length + 1) }, open);
  return values.map(({ word }) => ({ word: word.startsWith(':') ? word : `${name}=${word}` }));
}

async function valueCandidates(option: OptionSpec, line: TypedLine, open: OpenSource): Promise<readonly Candidate[]> {
  if (option.choices !== undefined) {
    return option.choices.map((word) => ({ word }));
  }
  return option.completes === undefined ? [] : wordCandidates(option.completes, line, open);
}

/** What commands of two words do together, by their first one. */
const GROUPS: Readonly<Record<string, string>> = {
  playbook: 'list, explain, check and test playbooks',
  audit: 'verify and export the audit of changes',
};

/** The commands after the words typed so far. */
export function commandWords(words: readonly string[]): readonly Candidate[] {
  const prefix = words.length === 0 ? '' : `${words.join(' ')} `;
  const fitting = COMMANDS.filter(({ name }) => name.startsWith(prefix));
  const next = fitting.map(({ name, summary }) => {
    const [word = '', ...deeper] = name.slice(prefix.length).split(' ');
    return { word, says: deeper.length > 0 ? (GROUPS[word] ?? summary) : summary };
  });
  return next.filter(({ word }, index) => next.findIndex((other) => other.word === word) === index);
}

async function wordCandidates(what: Completable, line: TypedLine, open: OpenSource): Promise<readonly Candidate[]> {
  switch (what) {
    case 'file':
      return [{ word: ':files' }];
    case 'folder':
      return [{ word: ':folders' }];
    case 'shell':
      return plain(SHELLS);
    case 'command':
      return commandWords(line.words);
    case 'subject':
      return subjectCandidates(line, open);
    case 'namespace':
      return plain(await (await open(line)).namespaces());
    case 'context':
      return plain(await (await open(line)).contexts());
    case 'playbook':
      return line.words.length > 0 ? [] : (await open(line)).playbooks();
  }
}

async function subjectCandidates(line: TypedLine, open: OpenSource): Promise<readonly Candidate[]> {
  const [kind, ...more] = line.words;
  if (more.length > 0) {
    return [];
  }
  if (kind !== undefined) {
    return kind.includes('/') ? [] : plain(await namesOf(kind, line, open));
  }
  const slash = line.current.indexOf('/');
  if (slash >= 0) {
    const typed = line.current.slice(0, slash);
    const names = await namesOf(typed, line, open);
    return names.map((name) => ({ word: `${typed}/${name}` }));
  }
  const kinds = SUBJECT_KINDS.map((one) => ({
    word: `${kindWord(one)}/`,
    says: one,
  }));
  return [...plain(await namesOf('pod', line, open)), ...kinds];
}

async function namesOf(kindWord: string, line: TypedLine, open: OpenSource): Promise<readonly string[]> {
  const type = findResourceType(kindWord);
  if (type === undefined || !SUBJECT_KINDS.some((kind) => kind === type.kind)) {
    return [];
  }
  const source = await open(line);
  return source.names(type);
}

function plain(words: readonly string[]): readonly Candidate[] {
  return words.map((word) => ({ word }));
}
