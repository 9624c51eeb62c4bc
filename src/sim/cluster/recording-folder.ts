import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import { printable } from '../../core/facts/text.ts';
import { logFilesOf, parseRecording } from '../../core/recording/parse-recording.ts';
import type { Recording } from '../../core/recording/recording.ts';

const DOCUMENT = 'recording.yaml';

/** Reads a recording or a hand-written case from its folder or its file. Throws RECORDING_INVALID. */
export async function readRecordingFolder(path: string): Promise<Recording> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, DOCUMENT) : path;
    const document: unknown = parse(await readFile(file, 'utf8'), { maxAliasCount: 100, logLevel: 'error' });
    const parsed = parseRecording(document, await readLogs(dirname(file), document));
    if (parsed.ok) {
      return parsed.recording;
    }
    throw invalid(path, parsed.problems.slice(0, 5).join('; '));
  } catch (error) {
    throw error instanceof KubewhyError ? error : invalid(path, error instanceof Error ? error.message : '', error);
  }
}

async function readLogs(folder: string, document: unknown): Promise<ReadonlyMap<string, string>> {
  const files = logFilesOf(document).map(({ file }) => file);
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const),
  );
  return new Map(texts);
}

function invalid(path: string, why: string, cause?: unknown): KubewhyError {
  return new KubewhyError('RECORDING_INVALID', {
    message: printable(`The recording ${path} cannot be loaded into the simulated cluster: ${why}`),
    ...(cause === undefined ? {} : { cause }),
  });
}
