import { beforeEach, describe, expect, it } from 'vitest';
import { createLayoutMemory } from '../../../src/adapters/slack/layout-memory.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeNoteStore } from '../../fakes/fake-note-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

describe('createLayoutMemory', () => {
  let notes: FakeNoteStore;
  let logger: RecordingLogger;

  beforeEach(() => {
    notes = new FakeNoteStore(new FakeClock());
    logger = new RecordingLogger();
  });

  it('knows for each workspace what was remembered, in every gateway', async () => {
    await createLayoutMemory(notes, logger).remember('T1', 'plain');
    const other = createLayoutMemory(notes, logger);

    expect([await other.tier('T1'), await other.tier('T2')]).toEqual(['plain', 'rich']);
  });

  it('begins with the richest layout when a note makes no sense', async () => {
    await notes.write('slack-layout:T1', 'baroque', 60);

    expect(await createLayoutMemory(notes, logger).tier('T1')).toBe('rich');
  });

  it('goes on without the notes', async () => {
    const layouts = createLayoutMemory(notes, logger);
    notes.down = true;

    const before = await layouts.tier('T1');
    await layouts.remember('T1', 'classic');
    const after = await layouts.tier('T1');

    expect([before, after]).toEqual(['rich', 'classic']);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });
});
