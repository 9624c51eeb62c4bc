import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import { type ExpectedAnswer, expectedAnswerSchema } from './expected-answer.ts';
import { type OpenedRecording, openRecording } from './open-recording.ts';

/** A recorded situation with the answer that is expected. */
export interface PlaybookCase {
  readonly recording: OpenedRecording;
  readonly expected: ExpectedAnswer;
}

const RECORDING = 'recording.yaml';
const EXPECTED = 'expected.yaml';
const DEEPEST = 6;

/** The folders at or below a folder that hold a case, in alphabetical order. Throws USAGE when it cannot be read. */
export async function findCases(folder: string, depth = 0): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new KubewhyError('USAGE', { message: `The folder ${folder} cannot be read.`, cause });
  });
  const own = entries.some((entry) => entry.isFile() && entry.name === RECORDING) ? [folder] : [];
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && depth < DEEPEST);
  const below = await Promise.all(folders.map((entry) => findCases(join(folder, entry.name), depth + 1)));
  return [...own, ...below.flat()].toSorted();
}

/** Reads one case. Throws RECORDING_INVALID. */
export async function openCase(folder: string): Promise<PlaybookCase> {
  const [recording, expected] = await Promise.all([openRecording(folder), readExpected(join(folder, EXPECTED))]);
  return { recording, expected };
}

async function readExpected(file: string): Promise<ExpectedAnswer> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw invalid(`The case has no ${EXPECTED}: ${file} cannot be read.`, cause);
  });
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    throw invalid(`${file} is not valid YAML.`, cause);
  }
  const parsed = expectedAnswerSchema.safeParse(content);
  if (parsed.success) {
    return parsed.data;
  }
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw invalid(`${file} is not valid:\n${problems.join('\n')}`, parsed.error);
}

function invalid(message: string, cause: unknown): KubewhyError {
  return new KubewhyError('RECORDING_INVALID', {
    message,
    cause,
    hint: `Correct the case; \`kubewhy help playbook test\` says what it holds.`,
  });
}
