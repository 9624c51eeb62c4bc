import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StageHost } from '../../../../src/sim/slack/options.ts';
import type { PageState } from '../../../../src/sim/slack/page-api.ts';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';

const STAGE = { title: 'Send', hint: 'they show in', channel: 'C0SHOPAL1', offers: [] };

/** Counts what was played, and tells of it. */
class FakeStage implements StageHost {
  readonly played: string[] = [];
  readonly listeners = new Set<() => void>();

  shown() {
    return { ...STAGE, progress: { text: this.played.join(), done: 1, total: 1, failed: false } };
  }

  play(offer: string) {
    this.played.push(offer);
    this.listeners.forEach((listener) => listener());
    return { ok: true } as const;
  }

  listen(changed: () => void) {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }
}

describe('the stage of the page', () => {
  let slack: SlackSim;
  let stage: FakeStage;

  beforeEach(async () => {
    stage = new FakeStage();
    slack = await startSlackSim({ page: { stage } });
  });

  afterEach(async () => {
    await slack.close();
  });

  async function play(body: unknown, at = slack.url): Promise<unknown> {
    const response = await fetch(`${at}/page-api/play`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  it('is shown, and begins what is chosen', async () => {
    const answer = await play({ offer: 'storm' });

    const response = await fetch(`${slack.url}/page-api/state`);
    const state = (await response.json()) as PageState;
    expect({ answer, stage: state.stage }).toEqual({ answer: { ok: true }, stage: stage.shown() });
  });

  it('tells those who watch of changes, as long as they watch', async () => {
    const watching = new AbortController();
    const response = await fetch(`${slack.url}/page-api/events`, { signal: watching.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await play({ offer: 'storm' });

    const event = (await reader?.read())?.value;
    watching.abort();

    expect(event).toBe(`event: stage\ndata: ${JSON.stringify({ type: 'stage', stage: stage.shown() })}\n\n`);
    await expect.poll(() => stage.listeners.size).toBe(0);
  });

  it('takes nothing that is no offer', async () => {
    expect(await play({})).toMatchObject({ ok: false });
    expect(stage.played).toEqual([]);
  });

  it('may be absent', async () => {
    const bare = await startSlackSim();

    const answer = await play({ offer: 'storm' }, bare.url);

    await bare.close();
    expect(answer).toEqual({ ok: false, error: 'Nothing can be chosen here.' });
  });
});
