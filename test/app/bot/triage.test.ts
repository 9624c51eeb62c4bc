import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Stores } from '../../../src/app/bot/stores.ts';
import { openStores } from '../../../src/app/bot/stores.ts';
import { type StandIns, startClusterTriage, startStandIns } from '../../../src/app/bot/triage.ts';
import { noteWorkspace } from '../../../src/app/bot/workspace-note.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import type { Settings } from '../../../src/config/settings.ts';
import type { Content } from '../../../src/core/chat/content.ts';
import { SpyMetrics } from '../../adapters/slack/fakes.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeCluster } from '../../fakes/fake-cluster.ts';
import { FakeClusterDirectory } from '../../fakes/fake-cluster-directory.ts';
import { FakeNoteStore } from '../../fakes/fake-note-store.ts';
import { FakeOutbox } from '../../fakes/fake-outbox.ts';
import { FakeQuestionStore } from '../../fakes/fake-question-store.ts';
import { FakeTriageStore } from '../../fakes/fake-triage-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { alertAbout } from '../../usecases/triage/triage-stage.ts';

const STAND_IN_MS = 20;

let clock: FakeClock;
let outbox: FakeOutbox;
let triage: FakeTriageStore;
let clusters: FakeClusterDirectory;
let stores: Stores;
let settings: Settings;
const logger = new RecordingLogger();
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  const parsed = parseSettings({
    clusters: [{ name: 'prod', context: 'prod', default: true }],
    alerts: {
      channel: 'C0123456789',
      alertmanagers: [{ name: 'main', url: 'http://alertmanager.example:9093', clusters: ['prod'] }],
    },
  });
  if (parsed.kind !== 'valid') {
    throw new Error(JSON.stringify(parsed.problems));
  }
  settings = parsed.settings;
  clock = new FakeClock();
  outbox = new FakeOutbox(clock);
  triage = new FakeTriageStore(clock);
  clusters = new FakeClusterDirectory(clock);
  const notes = new FakeNoteStore(clock);
  await noteWorkspace({ team: 'T1', botUser: 'UBOT' }, notes);
  const opened = openStores('redis://127.0.0.1:1', settings, logger);
  opened.redis.close();
  const questions = new FakeQuestionStore(clock);
  stores = { ...opened, questions, outbox, notes, clusters, alerts: triage, triage, desk: triage };
});

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

function parts() {
  return { stores, settings: () => settings, logger, metrics: new SpyMetrics() };
}

function standIns(...names: readonly string[]): StandIns {
  const started = startStandIns(parts(), { standInMs: STAND_IN_MS });
  started.follow(names);
  ends.push(() => started.stop());
  return started;
}

async function come(cluster: string): Promise<void> {
  await triage.accept([alertAbout('web', { cluster })]);
  clock.advance(1000);
}

function told(): readonly Extract<Content, { kind: 'incident' }>[] {
  return outbox.deliveries.flatMap(({ content }) => (content.kind === 'incident' ? content : []));
}

async function seen(): Promise<Extract<Content, { kind: 'incident' }>['incident']> {
  return vi.waitFor(
    () => {
      const [first] = told();
      expect(first).toBeDefined();
      if (first === undefined) {
        throw new Error('nothing was told');
      }
      return first.incident;
    },
    { timeout: 10_000 },
  );
}

describe('stand-ins', () => {
  it('tell of alerts whose cluster nobody knows', async () => {
    await come('');

    standIns('prod');

    expect(await seen()).toMatchObject({
      canSilence: false,
      incident: { cluster: '', roots: [{ look: 'impossible', reason: 'no cluster could be told' }] },
    });
  });

  it('tell of alerts of a cluster that is silent', async () => {
    await come('prod');

    standIns('prod');

    expect(await seen()).toMatchObject({
      canSilence: true,
      incident: { cluster: 'prod', roots: [{ look: 'impossible', query: { name: 'web' } }] },
    });
  });

  it('leave a cluster alone whose diagnoser is there', async () => {
    await clusters.report({ cluster: 'prod', lastSeen: clock.now().toISOString(), state: 'reachable' });
    await come('prod');
    standIns('prod');

    await come('');
    await vi.waitFor(() => expect(told()).toHaveLength(1), { timeout: 10_000 });

    expect(await triage.open('prod')).toEqual([]);
  });

  it('follow the settings', async () => {
    const started = standIns('prod', 'old');
    started.follow(['prod', 'new']);
    await triage.accept([alertAbout('a', { cluster: 'old' }), alertAbout('b', { cluster: 'new' })]);
    clock.advance(1000);

    await vi.waitFor(async () => expect(await triage.open('new')).toHaveLength(1), { timeout: 10_000 });

    expect(await triage.open('old')).toEqual([]);
  });
});

describe('the triage of a cluster', () => {
  it('asks it, and links to its own Alertmanager', async () => {
    await come('prod');
    const reader = new FakeCluster({});

    const started = startClusterTriage(
      'prod',
      { kind: 'cluster', openReader: async () => reader, playbooks: async () => ({ playbooks: [], digest: 'x' }) },
      parts(),
    );
    ends.push(() => started.stop());

    expect(await seen()).toMatchObject({ canSilence: true, incident: { roots: [{ look: 'done' }] } });
    expect(reader.queries.length).toBeGreaterThan(0);
  });
});
