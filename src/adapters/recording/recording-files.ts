import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { isKubewhyError, KubewhyError } from '../../core/errors/kubewhy-error.ts';
import { printable, shorten } from '../../core/facts/text.ts';
import { logFilesOf, parseRecording } from '../../core/recording/parse-recording.ts';
import type { Recording, SessionRecording } from '../../core/recording/recording.ts';
import { toDocument } from '../../core/recording/to-document.ts';
import { invalidRecording, isPlainFile, parseDocumentText, readBytes, readText } from './recording-text.ts';

/** The document's file in the folder of a recording. */
const DOCUMENT = 'recording.yaml';
const MOST_PROBLEMS = 20;

/** Writes `recording.yaml` and `logs/`; returns the files. Throws OUTPUT_NOT_WRITTEN when the folder holds anything. */
export async function writeRecording(folder: string, recording: SessionRecording): Promise<readonly string[]> {
  const { document, logs } = toDocument(recording);
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) {
      throw new KubewhyError('OUTPUT_NOT_WRITTEN', {
        message: `The folder ${printable(folder)} is not empty; nothing was written.`,
      });
    }
    if (logs.size > 0) {
      await mkdir(join(folder, 'logs'));
    }
    for (const [file, text] of logs) {
      await writeFile(join(folder, file), text, { flag: 'wx' });
    }
    // Last, so that a folder with the document is complete.
    const yaml = stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
    await writeFile(join(folder, DOCUMENT), yaml, { flag: 'wx' });
  } catch (error) {
    throw isKubewhyError(error) ? error : notWritten(folder, error);
  }
  return [DOCUMENT, ...logs.keys()].map((file) => join(folder, file));
}

function notWritten(folder: string, cause: unknown): KubewhyError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EEXIST: 'a file of that name exists',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of the path is not a folder',
    EROFS: 'the file system is read-only',
  };
  const message = `The recording cannot be written to ${printable(folder)}: ${words[code] ?? `writing failed (${code})`}.`;
  return new KubewhyError('OUTPUT_NOT_WRITTEN', { message, cause });
}

/** Reads a recording or a hand-written case from its folder or its file. Throws RECORDING_INVALID with all problems. */
export async function readRecording(path: string): Promise<Recording> {
  const file = await documentFile(path);
  const document = parseDocumentText(await readText(file), file);
  const logs = await readLogs(dirname(file), document);
  const parsed = parseRecording(document, logs);
  if (parsed.ok) {
    return parsed.recording;
  }
  const { problems } = parsed;
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => `\n  ${shorten(printable(problem), 300)}`);
  const more = problems.length > MOST_PROBLEMS ? `\n  and ${problems.length - MOST_PROBLEMS} more` : '';
  throw invalidRecording(`The recording ${file} is not valid:${shown.join('')}${more}`);
}

async function documentFile(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? join(path, DOCUMENT) : path;
  } catch (cause) {
    throw invalidRecording(`There is no recording at ${path}.`, cause);
  }
}

/** The log files that a document names; one whose size is not the noted one was cut. */
async function readLogs(folder: string, document: unknown): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { file, bytes } of logFilesOf(document)) {
    const path = join(folder, file);
    const content = (await isPlainFile(path)) ? await readBytes(path) : undefined;
    if (content === undefined) {
      throw invalidRecording(`The log ${path} is missing, which the recording names.`);
    }
    if (bytes !== undefined && bytes !== content.length) {
      throw invalidRecording(`The log ${path} has ${content.length} bytes instead of ${bytes}: it was cut or changed.`);
    }
    // A log may hold any character, also NUL.
    texts.set(file, new TextDecoder('utf-8', { ignoreBOM: true }).decode(content));
  }
  return texts;
}
