import { lstat, readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import { printable } from '../../core/facts/text.ts';

const LARGEST_FILE = 64 * 1024 * 1024;
/** Hand-written cases may repeat a part with an alias; many of them make a small file expand without end. */
const MOST_ALIASES = 100;
const END = /^end: recording\s*$/m;
const CASE = /^closedWorld: true\s*$/m;

/** RECORDING_INVALID with a message that is safe to print. */
export function invalidRecording(message: string, cause?: unknown): KubewhyError {
  return new KubewhyError('RECORDING_INVALID', {
    message: printable(message),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A text file of at most 64 MiB in UTF-8. */
export async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  if (bytes.includes(0)) {
    throw invalidRecording(`The file ${file} is binary, not a recording.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalidRecording(`The file ${file} is not text in UTF-8.`, cause);
  }
}

/** The content of a file of at most 64 MiB. */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_FILE) {
      throw invalidRecording(`The file ${file} is larger than ${LARGEST_FILE / 1024 / 1024} MiB; recordings are not.`);
    }
    return await readFile(file);
  } catch (cause) {
    throw cause instanceof KubewhyError
      ? cause
      : invalidRecording(`The file ${file} cannot be read: ${reason(cause)}.`, cause);
  }
}

function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENOENT: 'it does not exist',
    ENOTDIR: 'a part of its path is not a folder',
  };
  return words[code] ?? `reading failed (${code})`;
}

/** Parses the document; says so when its end is missing, which no YAML parser notices. */
export function parseDocumentText(text: string, file: string): unknown {
  if (text.trim() === '') {
    throw invalidRecording(`The recording ${file} is empty.`);
  }
  if (!END.test(text.slice(-200)) && !CASE.test(text)) {
    throw invalidRecording(
      `The recording ${file} is cut off: it does not end with \`end: recording\`. A hand-written case says \`closedWorld: true\`.`,
    );
  }
  try {
    return parse(text, { maxAliasCount: MOST_ALIASES, logLevel: 'error' });
  } catch (cause) {
    const said = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : '';
    throw invalidRecording(`The recording ${file} is not valid YAML: ${said.replace(/:$/, '')}.`, cause);
  }
}

/** Whether a path is a plain file, not a link to somewhere else. */
export async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}
