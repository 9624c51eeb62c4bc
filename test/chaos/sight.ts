import { setTimeout as pause } from 'node:timers/promises';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { Run } from './run.ts';

const LOOK_MS = 50;

/** What came of a click on "Review fix"; `told`: that it could not be done. */
export type Came =
  | { readonly kind: 'proposal' | 'refusal'; readonly message: MessageRecord }
  | { readonly kind: 'told' | 'nothing' };

/** Says that something will come, which is no end. */
export function isPromise(text: string): boolean {
  return /^(Preparing|The change is being prepared|Looking at|Approved\.)/.test(text);
}

/** What the people of a run see in its channel. */
export class Sight {
  private readonly run: Run;
  private readonly slack: ChaosWorld['slack'];

  constructor(run: Run, { slack }: Pick<ChaosWorld, 'slack'>) {
    this.run = run;
    this.slack = slack;
  }

  messages(): readonly MessageRecord[] {
    return this.slack.messages(this.run.channel);
  }

  /** As it is now. */
  current(message: MessageRecord): MessageRecord {
    const key = keyOf(message);
    return this.messages().find((one) => keyOf(one) === key) ?? message;
  }

  /** What was said to somebody alone. */
  told(): readonly string[] {
    const { channel } = this.run;
    return this.slack
      .ephemerals()
      .filter((one) => one.channel === channel)
      .map(({ text }) => text);
  }

  /** To a question that was asked since. */
  answer(before: ReadonlySet<string>): MessageRecord | undefined {
    const ids = [...this.run.ids].filter((id) => id.startsWith('q-') && !before.has(id));
    const answers = this.messages().filter((message) => ids.includes(keyOf(message)));
    return (
      answers.find((message) => hasButton(message, 'remediation.review')) ??
      answers.find(({ text }) => !text.includes('Still looking'))
    );
  }

  /** After so many things were told, what a click on the fix of that question led to within a time. */
  async whatCame(question: string, known: number, ms: number): Promise<Came> {
    const came = await within(ms, () => this.came(question, known));
    return came ?? { kind: 'nothing' };
  }

  private came(question: string, known: number): Came | undefined {
    const proposal = this.proposal();
    if (proposal !== undefined) {
      return { kind: 'proposal', message: proposal };
    }
    const refusal = this.messages().find((message) => keyOf(message).startsWith(`${question}-refused-`));
    if (refusal !== undefined) {
      return { kind: 'refusal', message: refusal };
    }
    const isTold = this.told()
      .slice(known)
      .some((text) => !isPromise(text));
    return isTold ? { kind: 'told' } : undefined;
  }

  private proposal(): MessageRecord | undefined {
    const { ids, namespace } = this.run;
    return this.messages().find((message) => {
      const key = keyOf(message);
      const isOurs = key.startsWith('m-') && (ids.has(key) || message.text.includes(namespace));
      return isOurs && hasButton(message, 'proposal.approve');
    });
  }
}

/** The key of the delivery that a message comes from; empty for others. */
export function keyOf({ metadata }: MessageRecord): string {
  const key = metadata?.event_payload['key'];
  return typeof key === 'string' ? key : '';
}

/** Whether a message has a button of that action. */
export function hasButton({ blocks }: MessageRecord, actionId: string): boolean {
  return JSON.stringify(blocks).includes(`"${actionId}"`);
}

/** What is found within a time, looked for again and again. */
export async function within<T>(
  ms: number,
  find: () => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await find();
    if (found !== undefined || Date.now() > end) {
      return found;
    }
    await pause(LOOK_MS);
  }
}
