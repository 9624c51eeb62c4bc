import {
  ENVIRONMENT,
  type EnvironmentName,
  type EnvironmentProblem,
  fileVariable,
  type SecretName,
  type Variables,
} from './environment.ts';

/** Reads a whole text file; throws when it cannot. */
export type ReadText = (path: string) => string;

/** What is set, and what could not be read. */
export interface Collected {
  readonly values: ReadonlyMap<EnvironmentName, string>;
  readonly problems: readonly EnvironmentProblem[];
}

type Found =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: EnvironmentProblem };

/** Larger files hold something else. */
const LONGEST_SECRET = 8192;

/** The values of all variables that are set, by themselves or as a file; an empty one counts as not set. */
export function collectVariables(variables: Variables, readText: ReadText): Collected {
  const values = new Map<EnvironmentName, string>();
  const problems: EnvironmentProblem[] = [];
  for (const entry of ENVIRONMENT) {
    const found = isSecret(entry)
      ? secretValue(entry.name, variables, readText)
      : { kind: 'value' as const, text: variables[entry.name] ?? '' };
    if (found.kind === 'problem') {
      problems.push(found.problem);
    } else if (found.text !== '') {
      values.set(entry.name, found.text);
    }
  }
  return { values, problems };
}

type Entry = (typeof ENVIRONMENT)[number];

function isSecret(entry: Entry): entry is Extract<Entry, { secret: true }> {
  return 'secret' in entry;
}

function secretValue(name: SecretName, variables: Variables, readText: ReadText): Found {
  const inFile = fileVariable(name);
  const path = variables[inFile] ?? '';
  const direct = (variables[name] ?? '').trim();
  if (path === '') {
    return { kind: 'value', text: direct };
  }
  const found = direct === '' ? readSecret(path, readText) : { reason: `is set as well as ${name}; set one of them.` };
  return 'reason' in found
    ? { kind: 'problem', problem: { name: inFile, reason: found.reason } }
    : { kind: 'value', text: found.text };
}

function readSecret(path: string, readText: ReadText): { readonly text: string } | { readonly reason: string } {
  try {
    const text = readText(path).trim();
    if (text === '') {
      return { reason: 'names an empty file.' };
    }
    return text.length > LONGEST_SECRET ? { reason: 'names a file that is too large for a secret.' } : { text };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { reason: `names a file that cannot be read${code}.` };
  }
}
