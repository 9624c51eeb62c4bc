import type { Delivery } from '../../src/sim/slack/delivery/delivery-types.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import { placeOf } from '../integration/bot-talk.ts';
import { shown } from '../integration/remediation-talk.ts';
import type { ChangeBots } from './change-bots.ts';

/** Where somebody asks, and about what. */
export interface Place {
  readonly channel: string;
  readonly namespace: string;
}

/** A change in Slack, and when it was asked for: epoch milliseconds. */
export interface Proposed extends Place {
  /** `m-…`. */
  readonly id: string;
  readonly askedAt: number;
}

/** What somebody decides. */
export type Decision = 'approve' | 'deny';

const WITHIN_MS = 60_000;
/** Slack lets a window open for 3 s after the click; whoever sees none presses again. */
const WINDOW_WITHIN_MS = 5000;
const TRIES = 4;
/** Each place has only a few messages that somebody may still wait for. */
const NEWEST = 12;
const ASKER = USERS.alice.id;

/** Asks about the broken pod; the answer, with its button. */
export async function askAbout(bots: ChangeBots, place: Place): Promise<MessageRecord> {
  const { channel, namespace } = place;
  const { slack } = bots.world;
  bots.breakPod(namespace);
  const known = new Set(newest(slack, place).map(({ ts }) => ts));
  await slack.drivers.command({ text: `why pod/web-0 -n ${namespace}`, user: ASKER, channel });
  return until(bots, place, () =>
    newest(slack, place).find((message) => !known.has(message.ts) && shown(message).includes('"remediation.review"')),
  );
}

/** Presses the button of the answer, and waits until the change is shown. */
export async function review(bots: ChangeBots, answer: MessageRecord, place: Place): Promise<Proposed> {
  const { slack } = bots.world;
  const askedAt = Date.now();
  await slack.drivers.action({ place: placeOf(answer), actionId: 'remediation.review', user: ASKER });
  const card = await until(bots, place, () => cardIn(slack, place));
  return { ...place, id: keyOf(card), askedAt };
}

/** Epoch milliseconds at which the message of a change showed something for the first time since then; waits for it. */
export async function shownAt(
  bots: ChangeBots,
  proposed: Place,
  { since, fits }: { readonly since: number; readonly fits: (words: string) => boolean },
): Promise<number> {
  return until(bots, proposed, () => {
    const versions = cardIn(bots.world.slack, proposed)?.versions ?? [];
    return versions.find((version) => version.at >= since && fits(shown(version)))?.at;
  });
}

/** Whether a message of a change can be decided. */
export function isOpen(words: string): boolean {
  return words.includes('"proposal.approve"');
}

/** Presses the button of a decision until there is a window about it; the id of the window. */
export async function openWindow(
  { world: { slack } }: ChangeBots,
  proposed: Proposed,
  { user, decision }: { readonly user: string; readonly decision: Decision },
): Promise<string> {
  const card = cardIn(slack, proposed);
  if (card === undefined) {
    throw new Error(`there is no message about ${proposed.namespace}`);
  }
  const field = decision === 'approve' ? '"approval-reason"' : '"denial-reason"';
  for (let tries = 1; tries <= TRIES; tries += 1) {
    await slack.drivers.action({ place: placeOf(card), actionId: `proposal.${decision}`, user });
    const view = await slack
      .waitFor(
        () =>
          slack
            .views()
            .filter((one) => one.open && one.user === user && one.privateMetadata.includes(proposed.id))
            .find(({ view }) => JSON.stringify(view).includes(field)),
        WINDOW_WITHIN_MS,
      )
      .catch(() => undefined);
    if (view !== undefined) {
      return view.id;
    }
  }
  throw new Error(`no window opened for ${user}`);
}

/** Sends a window, so often at once. */
export function send({ world }: ChangeBots, viewId: string, times = 1): Promise<Delivery> {
  return world.slack.drivers.submit({ viewId, values: {}, times, concurrently: true });
}

type Slack = ChangeBots['world']['slack'];

function newest(slack: Slack, { channel, namespace }: Place): readonly MessageRecord[] {
  return slack
    .messages(channel)
    .slice(-NEWEST)
    .filter((message) => shown(message).includes(`${namespace}/`));
}

function cardIn(slack: Slack, place: Place): MessageRecord | undefined {
  return newest(slack, place).find((message) => keyOf(message).startsWith('m-'));
}

function keyOf({ metadata }: MessageRecord): string {
  const key = metadata?.event_payload['key'];
  return typeof key === 'string' ? key : '';
}

async function until<T>({ world: { slack } }: ChangeBots, place: Place, probe: () => T | undefined): Promise<T> {
  return slack.waitFor(probe, WITHIN_MS).catch(() => {
    const said = slack.messages(place.channel).slice(-2);
    throw new Error(`nothing came of it; the last messages are: ${said.map(({ text }) => text).join('; ')}`);
  });
}
