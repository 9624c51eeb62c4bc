import { setTimeout as sleep } from 'node:timers/promises';
import { shorten } from '../../core/facts/text.ts';
import type { StageHost } from '../../sim/slack/options.ts';
import type { PageAnswer, PageOffer, PageProgress, PageStage } from '../../sim/slack/page-api.ts';
import { postWebhook, type WebhookTarget } from './post-webhook.ts';
import { groupAlerts, type SentAlert, webhookPayload } from './webhook-payload.ts';

/** Alerts that can be sent with one click. */
export interface AlertScene {
  readonly id: string;
  readonly label: string;
  /** As they are at a time (epoch milliseconds). */
  readonly alerts: (now: number) => Promise<readonly SentAlert[]>;
  /** How long sending them takes. */
  readonly overMs: number;
}

/** What a stage is made of. */
export interface AlertStageOptions {
  readonly scenes: readonly AlertScene[];
  /** The id of the channel where alerts show. */
  readonly channel: string;
}

const RESOLVE = 'resolve';
/** How many alerts one notification carries. */
const MOST_IN_GROUP = 50;
const TITLE = 'Send alerts';

/** One thing that is being sent. */
interface Sending {
  readonly alerts: readonly SentAlert[];
  readonly overMs: number;
  /** RFC 3339; absent: they fire. */
  readonly endsAt?: string;
}

/** Sends examples of alerts to a bot as Alertmanager would, on behalf of those who look at the page. */
export class AlertStage implements StageHost {
  readonly #options: AlertStageOptions;
  readonly #listeners = new Set<() => void>();
  readonly #ended = new AbortController();
  /** What was sent and not resolved, by scene. */
  readonly #firing = new Map<string, readonly SentAlert[]>();
  #target: WebhookTarget | undefined;
  #progress: PageProgress | undefined;
  #busy = false;

  constructor(options: AlertStageOptions) {
    this.#options = options;
  }

  /** From now on alerts can be sent. */
  open(target: WebhookTarget): void {
    this.#target = target;
    this.#changed();
  }

  /** Breaks off what is being sent. */
  async close(): Promise<void> {
    this.#ended.abort();
  }

  shown(): PageStage {
    const { scenes, channel } = this.#options;
    const ready = this.#target !== undefined && !this.#busy;
    const offers: readonly PageOffer[] = [
      ...scenes.map(({ id, label }) => ({ id, label, enabled: ready })),
      { id: RESOLVE, label: 'Resolve them', enabled: ready && this.#firing.size > 0 },
    ];
    return {
      title: TITLE,
      hint: 'as Alertmanager would; they show in',
      channel,
      offers,
      ...(this.#progress === undefined ? {} : { progress: this.#progress }),
    };
  }

  play(offer: string): PageAnswer {
    const chosen = this.shown().offers.find(({ id }) => id === offer);
    const target = this.#target;
    if (chosen === undefined || !chosen.enabled || target === undefined) {
      return { ok: false, error: 'This cannot be chosen now.' };
    }
    this.#busy = true;
    this.#changed();
    void this.#perform(offer, target);
    return { ok: true };
  }

  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  async #perform(offer: string, target: WebhookTarget): Promise<void> {
    try {
      await (offer === RESOLVE ? this.#resolve(target) : this.#fire(offer, target));
    } catch (error) {
      const text = `Sending ended early: ${shorten(error instanceof Error ? error.message : 'it failed', 200)}`;
      this.#progress = { done: 0, total: 0, ...this.#progress, text, failed: true };
    }
    this.#busy = false;
    this.#changed();
  }

  /** What fires already is sent again as it was, as Alertmanager repeats it. */
  async #fire(id: string, target: WebhookTarget): Promise<void> {
    const scene = this.#options.scenes.find((one) => one.id === id);
    if (scene === undefined) {
      return;
    }
    const known = this.#firing.get(id);
    const alerts = known ?? (await scene.alerts(Date.now()));
    this.#firing.set(id, alerts);
    await this.#send({ alerts, overMs: scene.overMs }, target);
    const all = countText(alerts.length);
    const again = known === undefined ? '' : ' again: the bot knew them, so nothing changes';
    this.#say(`${all} alerts were sent${again}.`, alerts.length, alerts.length);
  }

  async #resolve(target: WebhookTarget): Promise<void> {
    const endsAt = new Date().toISOString();
    let count = 0;
    for (const [id, alerts] of this.#firing) {
      const overMs = this.#options.scenes.find((scene) => scene.id === id)?.overMs ?? 0;
      await this.#send({ alerts, overMs: overMs / 4, endsAt }, target);
      this.#firing.delete(id);
      count += alerts.length;
    }
    this.#say(`${countText(count)} alerts were resolved.`, count, count);
  }

  async #send({ alerts, overMs, endsAt }: Sending, target: WebhookTarget): Promise<void> {
    const groups = groupAlerts(alerts, MOST_IN_GROUP);
    const verb = endsAt === undefined ? 'Sending' : 'Resolving';
    const began = performance.now();
    let done = 0;
    for (const [index, group] of groups.entries()) {
      this.#say(`${verb}: ${countText(done)} of ${countText(alerts.length)} alerts`, done, alerts.length);
      await postWebhook(target, webhookPayload(group, endsAt), this.#ended.signal);
      done += group.alerts.length;
      const due = began + (overMs * (index + 1)) / groups.length;
      await sleep(Math.max(0, due - performance.now()), undefined, { signal: this.#ended.signal });
    }
  }

  #say(text: string, done: number, total: number): void {
    this.#progress = { text, done, total, failed: false };
    this.#changed();
  }

  #changed(): void {
    for (const listener of Array.from(this.#listeners)) {
      listener();
    }
  }
}

function countText(count: number): string {
  return count.toLocaleString('en');
}
