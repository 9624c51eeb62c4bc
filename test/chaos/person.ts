import { setTimeout as pause } from 'node:timers/promises';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { Decision } from './decision.ts';
import type { Run } from './run.ts';
import { hasButton, keyOf, Sight, within } from './sight.ts';

/** Waits for the others, so that all come to a step together. */
export type Rendezvous = (name: 'ask' | 'review' | 'decide') => Promise<void>;

const { alice } = USERS;
/** Somebody who was heard and sees nothing does it again after this time. */
const PATIENCE_MS = 30_000;
/** The same for somebody who was not heard. */
const UNHEARD_MS = 3000;
const HEARD_WITHIN_MS = 4000;
const TRIES = 12;
const AGAIN_MS = 1500;
const ROUNDS = 3;
/** Nothing came of so many accepted clicks, each of which was waited for: nobody would press a third time. */
const MOST_IN_VAIN = 2;

/** Asks, has a change proposed, decides about it and waits for its end, however often that takes. */
export async function repair(run: Run, world: ChaosWorld, together: Rendezvous): Promise<void> {
  const asking = new Asking(run, world);
  for (let round = 1; round <= ROUNDS && run.complaints.length === 0; round += 1) {
    await together('ask');
    const answer = await asking.ask();
    await together('review');
    const proposal = answer && (await asking.review(answer));
    await together('decide');
    if (proposal !== undefined) {
      return new Decision(run, world).make(proposal);
    }
  }
}

/** The one who wants a pod repaired. */
class Asking {
  private readonly run: Run;
  private readonly world: ChaosWorld;
  private readonly sight: Sight;

  constructor(run: Run, world: ChaosWorld) {
    this.run = run;
    this.world = world;
    this.sight = new Sight(run, world);
  }

  /** The answer with its button; undefined when there is none to press. */
  async ask(): Promise<MessageRecord | undefined> {
    const { run, sight } = this;
    const before = new Set(run.ids);
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const isHeard = await this.askOnce();
      const answer = await within(isHeard ? PATIENCE_MS : UNHEARD_MS, () => sight.answer(before));
      if (answer !== undefined && hasButton(answer, 'remediation.review')) {
        return answer;
      }
      run.outcome = answer === undefined ? 'no answer' : 'an answer without a change';
      await pause(AGAIN_MS);
    }
    return undefined;
  }

  /** Whether the question was accepted. */
  private async askOnce(): Promise<boolean> {
    const { run, world, sight } = this;
    const known = sight.told().length;
    const text = `why pod/${run.pod.name} -n ${run.namespace}`;
    const { body } = await world.slack.drivers.command({ text, user: alice.id, channel: run.channel });
    const word = await within(HEARD_WITHIN_MS, () => {
      const said = [body, ...sight.told().slice(known)].join('\n');
      return /run `(q-[a-z2-7]+)`/.exec(said)?.[1] ?? /Not possible/.exec(said)?.[0];
    });
    if (word === undefined || !word.startsWith('q-')) {
      return false;
    }
    run.ids.add(word);
    run.accepted.push({ what: 'question', at: Date.now(), id: word });
    return true;
  }

  /** The proposal with its buttons; undefined when it was refused. */
  async review(answer: MessageRecord): Promise<MessageRecord | undefined> {
    const { run } = this;
    let inVain = 0;
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const { isHeard, came } = await this.pressReview(answer);
      if (came.kind === 'proposal') {
        return came.message;
      }
      if (came.kind === 'refusal') {
        run.outcome = `refused: ${came.message.text.slice(0, 80)}`;
        return undefined;
      }
      run.outcome = 'no proposal';
      inVain = isHeard && came.kind === 'nothing' ? inVain + 1 : 0;
      if (inVain === MOST_IN_VAIN) {
        const seconds = (inVain * PATIENCE_MS) / 1000;
        run.complaints.push(`"Review fix" was pressed ${inVain} times, and nothing came within ${seconds} s`);
        return undefined;
      }
      await pause(AGAIN_MS);
    }
    return undefined;
  }

  private async pressReview(answer: MessageRecord) {
    const { run, world, sight } = this;
    const at = Date.now();
    const known = sight.told().length;
    const id = keyOf(answer);
    const place = { channel: answer.channel, ts: answer.ts };
    const { outcome } = await world.slack.drivers.action({ place, actionId: 'remediation.review', user: alice.id });
    const isHeard = outcome === 'answered';
    if (isHeard) {
      run.accepted.push({ what: 'review', at, id });
    }
    return { isHeard, came: await sight.whatCame(id, known, isHeard ? PATIENCE_MS : UNHEARD_MS) };
  }
}
