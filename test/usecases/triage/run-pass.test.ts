import { describe, expect, it } from 'vitest';
import type { IncidentEvent } from '../../../src/core/triage/incident.ts';
import { sampleChange } from '../../fakes/triage-samples.ts';
import { alertAbout, pod, TriageStage, withBadImage, withoutConfig } from './triage-stage.ts';

const LATER = '2026-01-31T12:30:00.000Z';

function staged(...names: readonly string[]): TriageStage {
  const stage = new TriageStage();
  for (const name of names) {
    stage.pods.set(name, withoutConfig(name, name));
  }
  return stage;
}

function kindsOf(events: readonly IncidentEvent[]): readonly IncidentEvent['kind'][] {
  return events.map(({ kind }) => kind);
}

/** Of the first message. */
function postedTs(stage: TriageStage): string | undefined {
  const [first] = stage.outbox.rows.values();
  return first?.posted?.ts;
}

function replyTexts(stage: TriageStage): readonly string[] {
  return stage.told('incident-event').flatMap(({ text }) => (text === '' ? [] : text));
}

describe('the first alert about an object', () => {
  it('opens an incident whose message names the cause and waits to be posted', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));

    const end = await stage.pass();

    expect(end).toBe('untold');
    expect(await stage.incident()).toMatchObject({ state: 'open', firing: 1, total: 1, looks: 1 });
    expect(stage.outbox.deliveries).toMatchObject([{ kind: 'card', channel: 'C1', version: 1, priority: 'alert' }]);
    expect(stage.told('incident')[0]?.incident.incident.causes).toMatchObject([
      { blames: 'ConfigMap shop/web', code: 'missing-configmap-or-secret', state: 'confirmed' },
    ]);
  });

  it('has its answer, its details and its owner in the thread once it is posted', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));

    await stage.settle();

    const [question] = stage.told('answer');
    const record = await stage.questions.read(question?.question.id ?? '');
    expect(stage.told('answer')).toHaveLength(1);
    expect(record).toMatchObject({
      run: 1,
      answeredRun: 1,
      question: {
        subject: { kind: 'Pod', namespace: 'shop', name: 'web' },
        asker: { team: 'T1', user: 'UBOT' },
        replyTo: { team: 'T1', channel: 'C1', thread: postedTs(stage) },
      },
    });
    expect(stage.told('incident-details')).toHaveLength(1);
    expect(stage.told('incident-event')).toEqual([{ kind: 'incident-event', text: '', mentions: ['S1'] }]);
    expect(await stage.questions.unanswered(-1)).toEqual([]);
  });

  it('puts nothing when it is repeated', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();
    const before = stage.versions();

    await stage.come(alertAbout('web'), alertAbout('web'));
    await stage.settle();

    expect(stage.versions()).toEqual(before);
  });
});

describe('an incident', () => {
  it('is edited and says so once when its alerts are resolved', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();

    await stage.come(alertAbout('web', { status: 'resolved' }));
    await stage.settle();

    expect(stage.told('incident').map(({ incident }) => incident.incident.state)).toEqual(['resolved']);
    expect(replyTexts(stage)).toEqual(['The alert is resolved.']);
    expect(stage.metrics.counts).toEqual(['incidents_total state=opened', 'incidents_total state=resolved']);
  });

  it('is opened again by an alert that comes back soon, and calls nobody a second time', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();
    await stage.come(alertAbout('web', { status: 'resolved' }));
    await stage.settle();

    await stage.come(alertAbout('web', { startsAt: stage.clock.now().toISOString() }));
    await stage.settle();

    const incident = await stage.incident();
    expect({ state: incident.state, events: kindsOf(incident.events) }).toEqual({
      state: 'open',
      events: ['resolved', 'reopened'],
    });
    expect(replyTexts(stage)).toHaveLength(2);
    expect(stage.told('incident-event').filter(({ mentions }) => mentions.length > 0)).toHaveLength(1);
  });

  it('is another one after a quarter of an hour, which knows the first one and its thread', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();
    await stage.come(alertAbout('web', { status: 'resolved' }));
    await stage.settle();
    await stage.later(16);

    await stage.come(alertAbout('web', { startsAt: LATER }));
    await stage.settle();

    const records = await stage.incidents();
    const open = records.find(({ incident }) => incident.state === 'open')?.incident;
    expect(records).toHaveLength(2);
    expect(open?.before).toMatchObject([{ resolvedBy: 'alerts', thread: { channel: 'C1', ts: postedTs(stage) } }]);
  });

  it('links to the thread of an earlier one that was posted only after it was over', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.pass();
    await stage.come(alertAbout('web', { status: 'resolved' }));
    await stage.pass();
    await stage.later(16);

    await stage.come(alertAbout('web', { startsAt: LATER }));
    await stage.settle();

    const before = (await stage.incidents()).flatMap(({ incident }) => incident.before);
    expect(before).toMatchObject([{ thread: { channel: 'C1', ts: postedTs(stage) } }]);
  });

  it('is told again under its new message when somebody deleted it, without calling the owner again', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();
    const [parent] = stage.outbox.rows.keys();

    stage.deletePosted(parent ?? '');
    await stage.later(2);

    expect(new Set(stage.told('answer').map(({ question }) => question.replyTo.thread)).size).toBe(2);
    expect(stage.told('incident-details')).toHaveLength(2);
    expect(stage.told('incident-event')).toHaveLength(1);
  });

  it('that is still open after its messages were forgotten calls nobody again', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();
    for (const key of stage.outbox.rows.keys()) {
      if (key.endsWith('-o')) {
        stage.outbox.rows.delete(key);
      }
    }

    await stage.later(60 * 24 * 31);

    expect(stage.told('incident-event')).toEqual([]);
  });

  it('has one answer for each distinct cause', async () => {
    const stage = staged('web', 'db');
    await stage.come(alertAbout('web'), alertAbout('db'));

    await stage.settle();

    expect(await stage.incidents()).toHaveLength(2);
    expect(stage.told('answer').map(({ question }) => question.subject.name)).toEqual(['web', 'db']);
  });

  it('edits its answer when the cause is another one, and says so once', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();

    stage.pods.set('web', withBadImage('web'));
    await stage.later(2);
    await stage.later(3);

    const incident = await stage.incident();
    expect(incident.causes.map(({ code }) => code)).toEqual(['invalid-image-name']);
    expect(replyTexts(stage)).toEqual([expect.stringContaining('not a valid image name')]);
  });

  it('edits the same answer when the same cause says something else', async () => {
    const stage = staged('web');
    stage.pods.set('web', withBadImage('web'));
    await stage.come(alertAbout('web'));
    await stage.settle();

    stage.pods.set('web', pod('web', { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed' }));
    await stage.later(2);

    expect(stage.told('answer').map(({ run }) => run)).toEqual([2]);
  });

  it('is over when two looks say that nothing is wrong', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();

    stage.pods.set('web', pod('web'));
    await stage.later(2);
    await stage.later(6);
    await stage.later(6);

    expect(await stage.incident()).toMatchObject({ state: 'resolved', resolvedBy: 'cluster', firing: 1 });
  });

  it('that is over counts once, whatever is heard of it later', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();
    stage.pods.set('web', pod('web'));
    await stage.later(2);
    await stage.later(6);
    await stage.later(6);

    await stage.come(alertAbout('web', { status: 'resolved' }));
    await stage.settle();

    expect(stage.metrics.counts.filter((line) => line.endsWith('resolved'))).toHaveLength(1);
  });

  it('that nobody knows any more does not swallow what fires anew', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    await stage.settle();
    stage.pods.set('web', pod('web'));
    await stage.later(2);
    await stage.later(6);
    await stage.later(6);
    await stage.later(60 * 24 * 7);
    await stage.come(alertAbout('web'));
    stage.clock.advance(7.5 * 86_400_000);
    stage.pods.set('web', withoutConfig('web', 'web'));

    await stage.come(alertAbout('web', { startsAt: stage.clock.now().toISOString() }));
    await stage.settle();

    expect(await stage.store.open('prod')).toHaveLength(1);
  });

  it('that nobody knows any more does not swallow a repeat of what still fires', async () => {
    const stage = staged('web');
    await stage.come(alertAbout('web'));
    const [one] = (await stage.store.work('prod')).alerts;
    const lease = await stage.store.take('prod', 'a');
    const place = { fingerprint: 'fp-web', revision: one?.revision ?? 0, incident: 'i-gone', root: 'Pod shop/web' };
    const placed = [{ ...place, status: 'firing' as const }];
    await stage.store.save(lease ?? { cluster: '', fence: 0 }, sampleChange({ placed }));

    await stage.come(alertAbout('web'));
    await stage.settle();

    expect(await stage.incident()).toMatchObject({ state: 'open', firing: 1, total: 1 });
  });
});
