import { setTimeout as pause } from 'node:timers/promises';
import type { RemediationRecord } from '../../src/core/remediation/remediation.ts';
import { isOpen } from '../../src/core/remediation/state.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { approverOf } from './people.ts';
import type { Run } from './run.ts';
import { hasButton, isPromise, keyOf, Sight, within } from './sight.ts';

/** Somebody who sees nothing does it again after this time. */
const PATIENCE_MS = 30_000;
const WINDOW_MS = 4000;
const UNSURE_MS = 2500;
const TRIES = 12;
const AGAIN_MS = 1500;
/** Long enough for whatever happens; whoever judges the run looks at what there is then. */
const END_MS = 90_000;

type Sent = 'accepted' | 'unknown';

/** The one who approves or denies a proposal, however often that takes. */
export class Decision {
  private readonly run: Run;
  private readonly world: ChaosWorld;
  private readonly sight: Sight;

  constructor(run: Run, world: ChaosWorld) {
    this.run = run;
    this.world = world;
    this.sight = new Sight(run, world);
  }

  /** Decides, and waits for the end. */
  async make(proposal: MessageRecord): Promise<void> {
    const { run } = this;
    const id = keyOf(proposal);
    const what = run.isDenied ? 'denial' : 'approval';
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const known = this.sight.told().length;
      const sent = run.isDenied ? await this.deny(proposal) : await this.approve(proposal);
      if (sent === 'accepted') {
        run.accepted.push({ what, at: Date.now(), id });
      }
      const came = await this.whatCame(id, known, sent === 'accepted' ? PATIENCE_MS : UNSURE_MS);
      if (came === 'decided') {
        return this.untilEnd(id);
      }
      if (came === 'nothing' && sent === 'accepted') {
        run.complaints.push(`an ${what} was sent, and neither a word nor a change followed in ${PATIENCE_MS / 1000} s`);
      }
      run.outcome = 'not decided';
    }
  }

  /** Presses the button, fills the window in and sends it; again while the window says that it could not be sent. */
  private async approve(proposal: MessageRecord): Promise<Sent> {
    const viewId = await this.openWindow(proposal, 'proposal.approve', 'approval-reason');
    const values = { 'approval-reason': { reason: { type: 'plain_text_input', value: 'it is rejected' } } };
    return viewId === undefined ? 'unknown' : this.submit(viewId, values);
  }

  private async deny(proposal: MessageRecord): Promise<Sent> {
    const viewId = await this.openWindow(proposal, 'proposal.deny', 'denial');
    return viewId === undefined ? 'unknown' : this.submit(viewId, {});
  }

  private async openWindow(proposal: MessageRecord, button: string, holds: string): Promise<string | undefined> {
    const { slack } = this.world;
    const known = slack.views().length;
    const id = keyOf(proposal);
    const now = this.sight.current(proposal);
    if (!hasButton(now, button)) {
      return undefined;
    }
    const place = { channel: now.channel, ts: now.ts };
    await slack.drivers.action({ place, actionId: button, user: approverOf(this.run.index).id });
    return within(WINDOW_MS, () => {
      const found = slack
        .views()
        .slice(known)
        .find(({ view, open }) => open && JSON.stringify(view).includes(id) && JSON.stringify(view).includes(holds));
      return found?.id;
    });
  }

  private async submit(
    viewId: string,
    values: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<Sent> {
    const { run, world } = this;
    for (let tries = 1; tries <= TRIES; tries += 1) {
      if (!run.isDenied) {
        run.approved = true;
        run.approvedAt ??= Date.now();
      }
      const delivery = await world.slack.drivers.submit({ viewId, values });
      if (delivery.outcome !== 'answered') {
        return 'unknown';
      }
      if (!delivery.body.includes('"errors"')) {
        return 'accepted';
      }
      await pause(AGAIN_MS);
    }
    return 'unknown';
  }

  /** `told`: the person heard that it could not be done. */
  private async whatCame(id: string, known: number, ms: number): Promise<'decided' | 'told' | 'nothing'> {
    const came = await within(ms, async () => {
      const state = (await this.read(id))?.state;
      if (state !== undefined && state !== 'awaiting_approval' && state !== 'proposed') {
        return 'decided';
      }
      const told = this.sight.told().slice(known);
      return told.some((text) => !isPromise(text)) ? 'told' : undefined;
    });
    return came ?? 'nothing';
  }

  private async untilEnd(id: string): Promise<void> {
    await within(END_MS, async () => {
      const record = await this.read(id);
      this.run.outcome = record?.state ?? 'unknown';
      return record !== undefined && !isOpen(record.state) ? record : undefined;
    });
  }

  private async read(id: string): Promise<RemediationRecord | undefined> {
    return this.world.store.read(id).catch(() => undefined);
  }
}
