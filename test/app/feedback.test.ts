import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportAll } from '../../src/app/feedback.ts';
import type { Feedback } from '../../src/core/question/question.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { sampleQuestion, sampleRecording } from '../fakes/samples.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubewhy-feedback-'));
});

afterEach(() => rm(folder, { recursive: true }));

function feedback(id: string): Feedback {
  return { id, question: sampleQuestion('q-1'), run: 1, by: { team: 'T1', user: 'U1' }, at: '', text: '' };
}

it('writes what has an id of its own, and nothing elsewhere', async () => {
  const logger = new RecordingLogger();
  const ids = ['f-abcdefgh234567aa', '../escaped', '/tmp/kubewhy-escaped', 'f-', '', 'f-abcdefgh234567aa/..'];
  const target = join(folder, 'out');
  const store = { feedback: async () => ids.map(feedback), recording: async () => sampleRecording() };

  const written = await exportAll(target, store, logger);

  expect(written).toEqual([join(target, 'f-abcdefgh234567aa')]);
  expect(await readdir(folder)).toEqual(['out']);
  expect(await readdir(target)).toEqual(['f-abcdefgh234567aa']);
  expect(logger.lines.map(({ fields }) => fields['id'])).toEqual(ids.slice(1));
});
