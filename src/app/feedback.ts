import { join } from 'node:path';
import { pinoLogger } from '../adapters/pino/pino-logger.ts';
import { writeRecording } from '../adapters/recording/recording-files.ts';
import { RedisConnection } from '../adapters/redis/redis-connection.ts';
import { RedisQuestionStore } from '../adapters/redis/redis-question-store.ts';
import type { ServiceConfig } from '../config/service-config.ts';
import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { Feedback } from '../core/question/question.ts';
import type { Logger } from '../ports/logger.ts';
import type { QuestionStore } from '../ports/question-store.ts';
import { findSettingsFile, loadSettings } from './load-settings.ts';

/** The feedback that people gave, and the recordings of what they spoke of. */
export interface FeedbackReader {
  /** Oldest first. */
  list(): Promise<readonly Feedback[]>;
  /** Writes one recording for each feedback, in a folder named after it; returns the folders. Throws OUTPUT_NOT_WRITTEN. */
  exportTo(folder: string): Promise<readonly string[]>;
  close(): void;
}

/** Connects to the store. Throws CONFIG_INVALID, SETTINGS_INVALID, STORE_UNAVAILABLE. */
export async function openFeedback(service: ServiceConfig): Promise<FeedbackReader> {
  const url = service.redisUrl?.reveal();
  if (url === undefined) {
    throw new KubewhyError('CONFIG_INVALID', {
      message: 'REDIS_URL is not set; the feedback is kept in Redis.',
      hint: 'Set it as for `kubewhy serve`.',
    });
  }
  const settings = await loadSettings(findSettingsFile(service.settingsFile));
  const logger = pinoLogger('error');
  const redis = new RedisConnection({ url, logger });
  const questions = new RedisQuestionStore({ redis, logger, prefix: settings.redis.prefix });
  try {
    await redis.ready();
  } catch (error) {
    redis.close();
    throw error;
  }
  return {
    list: () => questions.feedback(),
    exportTo: async (folder) => exportAll(folder, questions, logger),
    close: () => redis.close(),
  };
}

// What is in Redis may be anybody's; an id becomes the name of a folder.
const FEEDBACK_ID = /^f-[a-z2-7]{16}$/;

/** Writes the recordings below a folder; what has no id of ours is left out, with a line in the log. */
export async function exportAll(
  folder: string,
  questions: Pick<QuestionStore, 'feedback' | 'recording'>,
  logger: Logger,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { id, question, run } of await questions.feedback()) {
    if (!FEEDBACK_ID.test(id)) {
      logger.error('a feedback has an id that Kubewhy does not give; it is not written', { id });
      continue;
    }
    const recording = await questions.recording(question.id, run);
    if (recording !== undefined) {
      await writeRecording(join(folder, id), recording);
      written.push(join(folder, id));
    }
  }
  return written;
}
