import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SettingsWatch, watchSettings } from '../../src/app/watch-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const WAIT = { timeout: 5000, interval: 10 };
let folder: string;
let logger: RecordingLogger;
let seen: Settings[];
let watching: SettingsWatch | undefined;

async function start(file: string, times = { settleMs: 20, pollMs: 100 }): Promise<void> {
  const changed = (settings: Settings): void => void seen.push(settings);
  watching = await watchSettings(file, { logger, changed, ...times });
}

function days(count: number): string {
  return `retention: { days: ${count} }\n`;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubewhy-watch-'));
  logger = new RecordingLogger();
  seen = [];
});

afterEach(async () => {
  await watching?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('watchSettings', () => {
  it('tells of new settings, written in place or put in place of the file', async () => {
    const file = join(folder, 'kubewhy.yaml');
    writeFileSync(file, days(1));
    await start(file);

    writeFileSync(file, days(2));
    await vi.waitFor(() => expect(seen.map(({ retention }) => retention.days)).toEqual([2]), WAIT);
    writeFileSync(join(folder, 'new'), days(3));
    renameSync(join(folder, 'new'), file);
    await vi.waitFor(() => expect(seen.map(({ retention }) => retention.days)).toEqual([2, 3]), WAIT);
  });

  it('follows the link of a ConfigMap that is swapped', async () => {
    mkdirSync(join(folder, '..1'));
    mkdirSync(join(folder, '..2'));
    writeFileSync(join(folder, '..1', 'kubewhy.yaml'), days(1));
    writeFileSync(join(folder, '..2', 'kubewhy.yaml'), days(2));
    symlinkSync('..1', join(folder, '..data'));
    symlinkSync(join('..data', 'kubewhy.yaml'), join(folder, 'kubewhy.yaml'));
    await start(join(folder, 'kubewhy.yaml'));

    symlinkSync('..2', join(folder, '..tmp'));
    renameSync(join(folder, '..tmp'), join(folder, '..data'));

    await vi.waitFor(() => expect(seen.map(({ retention }) => retention.days)).toEqual([2]), WAIT);
  });

  it('keeps the last good settings, names every problem once, and recovers', async () => {
    const file = join(folder, 'kubewhy.yaml');
    writeFileSync(file, days(1));
    await start(file);

    writeFileSync(file, 'slck: {}\nretention: { days: many }\n');
    await vi.waitFor(() => expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1), WAIT);
    rmSync(file);
    await vi.waitFor(() => expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(2), WAIT);
    writeFileSync(file, days(4));
    await vi.waitFor(() => expect(seen.map(({ retention }) => retention.days)).toEqual([4]), WAIT);

    const warnings = logger.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toEqual([
      'settings are not valid; the last good ones stay in force',
      'settings are not valid; the last good ones stay in force',
    ]);
    expect(warnings[0]?.fields['problems']).toMatch(/line 1: slck.*Did you mean `slack`[^]*line 2: retention\.days/);
    expect(warnings[1]?.fields['problems']).toMatch(/There is no settings file/);
  });

  it('is not held up by other files that change all the time', async () => {
    const file = join(folder, 'kubewhy.yaml');
    writeFileSync(file, days(1));
    await start(file, { settleMs: 200, pollMs: 60_000 });
    const busy = setInterval(() => writeFileSync(join(folder, 'bot.log'), String(performance.now())), 5);

    writeFileSync(file, days(2));
    try {
      await vi.waitFor(() => expect(seen.map(({ retention }) => retention.days)).toEqual([2]), WAIT);
    } finally {
      clearInterval(busy);
    }
  });

  it('says nothing of a change that changes nothing', async () => {
    const file = join(folder, 'kubewhy.yaml');
    writeFileSync(file, days(1));
    await start(file);

    writeFileSync(file, `# the same\n${days(1)}`);

    await vi.waitFor(() => expect(logger.lines).toHaveLength(1), WAIT);
    expect([logger.lines[0]?.message, seen]).toEqual(['settings are valid; they say what is in force', []]);
  });

  it('is silent once it was stopped', async () => {
    const file = join(folder, 'kubewhy.yaml');
    writeFileSync(file, days(1));
    await start(file);

    writeFileSync(file, days(2));
    await watching?.stop();
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });

    expect(seen).toEqual([]);
  });
});
