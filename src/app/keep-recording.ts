import { type RecordingMeta, recordingReader } from '../usecases/recorder.ts';
import type { OpenedQuestion } from './open-question.ts';

/** A question whose reads are kept. */
export interface RecordedQuestion {
  readonly question: OpenedQuestion;
  /** Writes what was read; returns the files. Throws OUTPUT_NOT_WRITTEN. */
  write(folder: string, meta: RecordingMeta): Promise<readonly string[]>;
}

/** Keeps everything that a question reads; its reader already removes secrets. */
export function keepReads(question: OpenedQuestion): RecordedQuestion {
  const recorder = recordingReader(question.deps.cluster);
  return {
    question: { ...question, deps: { ...question.deps, cluster: recorder.reader } },
    async write(folder, meta) {
      const { writeRecording } = await import('../adapters/recording/recording-files.ts');
      return writeRecording(folder, recorder.recording(meta));
    },
  };
}
