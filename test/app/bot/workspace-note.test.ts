import { describe, expect, it } from 'vitest';
import { noteWorkspace, workspaceReader } from '../../../src/app/bot/workspace-note.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeNoteStore } from '../../fakes/fake-note-store.ts';

const WORKSPACE = { team: 'T1', botUser: 'UBOT' };

describe('the workspace', () => {
  it('is not known before a gateway has told it, and then to everybody', async () => {
    const notes = new FakeNoteStore(new FakeClock());
    const read = workspaceReader(notes);

    const before = await read();
    await noteWorkspace(WORKSPACE, notes);

    expect(before).toBeUndefined();
    expect(await read()).toEqual(WORKSPACE);
  });

  it('is kept without anything else that is known of it', async () => {
    const notes = new FakeNoteStore(new FakeClock());

    await noteWorkspace({ ...WORKSPACE, token: 'xoxb-1' } as typeof WORKSPACE, notes);

    expect(await notes.read('workspace')).toBe(JSON.stringify(WORKSPACE));
  });

  it('is not asked for again each time', async () => {
    const notes = new FakeNoteStore(new FakeClock());
    await noteWorkspace(WORKSPACE, notes);
    const read = workspaceReader(notes);
    await read();

    notes.down = true;

    expect(await read()).toEqual(WORKSPACE);
  });

  it.each(['', '{', '[]', '{"team":1}'])('is not known when %j was stored', async (text) => {
    const notes = new FakeNoteStore(new FakeClock());
    await notes.write('workspace', text, 60);

    expect(await workspaceReader(notes)()).toBeUndefined();
  });

  it('is not known while the store does not answer', async () => {
    const notes = new FakeNoteStore(new FakeClock());
    notes.down = true;

    await expect(workspaceReader(notes)()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
