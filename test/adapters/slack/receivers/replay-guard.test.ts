import { beforeEach, describe, expect, it } from 'vitest';
import { createReplayGuard } from '../../../../src/adapters/slack/receivers/replay-guard.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { FakeSeenStore } from '../../../fakes/fake-seen-store.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

describe('createReplayGuard', () => {
  let seen: FakeSeenStore;
  let logger: RecordingLogger;

  beforeEach(() => {
    seen = new FakeSeenStore(new FakeClock());
    logger = new RecordingLogger();
  });

  it('lets a signature pass once', async () => {
    const replays = createReplayGuard({ seen, logger });

    const passed = [await replays.firstTime('a'), await replays.firstTime('a'), await replays.firstTime('b')];

    expect(passed).toEqual([true, false, true]);
  });

  it('lets a signature pass once among several gateways', async () => {
    const gateways = [createReplayGuard({ seen, logger }), createReplayGuard({ seen, logger })];

    const passed = await Promise.all(gateways.map((replays) => replays.firstTime('a')));

    expect(passed.filter((first) => first)).toHaveLength(1);
  });

  it('lets a forgotten signature pass again, in every gateway', async () => {
    const replays = createReplayGuard({ seen, logger });
    await replays.firstTime('a');

    replays.forget('a');

    expect(await replays.firstTime('a')).toBe(true);
    replays.forget('a');
    expect(await createReplayGuard({ seen, logger }).firstTime('a')).toBe(true);
  });

  it('goes by its own memory while the store fails, and says so', async () => {
    const replays = createReplayGuard({ seen, logger });
    seen.down = true;

    const passed = [await replays.firstTime('a'), await replays.firstTime('a')];
    replays.forget('a');
    const again = await replays.firstTime('a');

    expect([...passed, again]).toEqual([true, false, true]);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'warn', 'warn']);
  });

  it('does not wait for a store that hangs', async () => {
    const hanging = Object.assign(seen, { firstTime: () => new Promise<boolean>(() => undefined) });
    const replays = createReplayGuard({ seen: hanging, logger, storeMs: 10 });

    const passed = [await replays.firstTime('a'), await replays.firstTime('a')];

    expect(passed).toEqual([true, false]);
  });
});
