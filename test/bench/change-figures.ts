import { setTimeout as pause } from 'node:timers/promises';
import type { CheckedFigures } from './alert-figures.ts';
import { type ChangeBots, startChangeBots } from './change-bots.ts';
import { askAbout, type Decision, isOpen, openWindow, type Proposed, review, send, shownAt } from './change-clicks.ts';
import { playRaces } from './change-races.ts';
import { percentile } from './measure.ts';

const SAMPLES = 200;
const SLOW_SAMPLES = 100;
/** What a call of the Web API of Slack takes. */
const SLACK_MS = 150;
const CHANNEL_REST_MS = 1200;
/** Changes that are open at the same time. */
const BATCH = 20;
const CHANNELS = 24;
/** Nobody may press more than 30 buttons a minute. */
const APPROVERS = 40;
const RACES = 1000;

type Timed = 'proposed' | 'open' | 'window' | 'approved' | 'effect' | 'denied';
type Times = Readonly<Record<Timed, number[]>>;

const PARTS: Readonly<Record<string, () => Promise<CheckedFigures>>> = { clicks, races };

/** Changes that people ask for and decide, between the stand-ins for Slack and for a cluster; `only` names some of clicks, races. */
export async function changeFigures(only: readonly string[] = []): Promise<CheckedFigures> {
  const found: CheckedFigures[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (only.length === 0 || only.includes(name)) {
      found.push(await measure());
    }
  }
  return { figures: found.flatMap(({ figures }) => figures), broken: found.flatMap(({ broken }) => broken) };
}

/** How long a person waits, one click after the other. */
async function clicks(): Promise<CheckedFigures> {
  const bots = await startChangeBots({ approvers: APPROVERS, channels: CHANNELS, gateways: 1 });
  try {
    await play(bots, { name: 'warm', samples: BATCH });
    const quick = await play(bots, { name: 'quick', samples: SAMPLES });
    bots.world.slack.faults.add({
      method: '*',
      fault: { kind: 'slow', milliseconds: SLACK_MS },
      times: Number.POSITIVE_INFINITY,
    });
    const slow = await play(bots, { name: 'slow', samples: SLOW_SAMPLES });
    bots.world.slack.faults.clear();
    const problems = bots.world.slack.problems().map((problem) => `Slack would refuse: ${problem}`);
    return {
      figures: [
        [`${SAMPLES} changes approved and ${SAMPLES} denied, one click after the other:`, ''],
        ...rows(quick),
        [`${SLOW_SAMPLES} of each, when every call of Slack's takes ${SLACK_MS} ms:`, ''],
        ...rows(slow),
      ],
      broken: problems,
    };
  } finally {
    await bots.close();
  }
}

function rows({ proposed, open, window, approved, effect, denied }: Times): CheckedFigures['figures'] {
  return [
    ['— Review fix → proposal is shown', times(proposed)],
    ['— Review fix → it can be decided', times(open)],
    ['— Approve… → window is filled in', times(window)],
    ['— Approve → the message says so', times(approved)],
    ['— Approve → the change arrives at the API server', times(effect)],
    ['— Deny → the message says so', times(denied)],
  ];
}

async function races(): Promise<CheckedFigures> {
  const { badly, seconds, decided } = await playRaces(RACES);
  return {
    figures: [
      [`${RACES} races of 2–8 clickers, with two gateways:`, `${seconds.toFixed(0)} s`],
      ['— races with other than one decision, change, or number of votes', String(badly.length)],
      ['— last of the clicks → the message says what was decided', times(decided)],
    ],
    broken: badly,
  };
}

/** So many are approved, and so many denied. */
async function play(
  bots: ChangeBots,
  { name, samples }: { readonly name: string; readonly samples: number },
): Promise<Times> {
  const found: Times = { proposed: [], open: [], window: [], approved: [], effect: [], denied: [] };
  for (let first = 0; first < 2 * samples; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, 2 * samples - first) }, (_, index) => first + index);
    const proposals = await propose(bots, name, numbers);
    for (const proposal of proposals) {
      const shown = await shownAt(bots, proposal, { since: proposal.askedAt, fits: () => true });
      const open = await shownAt(bots, proposal, { since: proposal.askedAt, fits: isOpen });
      found.proposed.push(shown - proposal.askedAt);
      found.open.push(open - proposal.askedAt);
    }
    for (const [index, proposal] of proposals.entries()) {
      const user = bots.approvers[(first + index) % APPROVERS]?.id ?? '';
      await decide(bots, proposal, { user, decision: index % 2 === 0 ? 'approve' : 'deny', found });
    }
  }
  return found;
}

/** Nobody presses the button of an answer before the second is over in which its channel gets no other message. */
async function propose(bots: ChangeBots, name: string, numbers: readonly number[]): Promise<readonly Proposed[]> {
  const answers = [];
  for (const number of numbers) {
    const place = { channel: bots.channels[number % CHANNELS]?.id ?? '', namespace: `${name}-${number}` };
    answers.push({ place, answer: await askAbout(bots, place) });
  }
  await pause(CHANNEL_REST_MS);
  const proposals: Proposed[] = [];
  for (const { place, answer } of answers) {
    proposals.push(await review(bots, answer, place));
  }
  return proposals;
}

async function decide(
  bots: ChangeBots,
  proposal: Proposed,
  { user, decision, found }: { readonly user: string; readonly decision: Decision; readonly found: Times },
): Promise<void> {
  const pressedAt = Date.now();
  const window = await openWindow(bots, proposal, { user, decision });
  if (decision === 'approve') {
    found.window.push(Date.now() - pressedAt);
  }
  const since = Date.now();
  const [at] = await Promise.all([
    shownAt(bots, proposal, { since, fits: (words) => !isOpen(words) }),
    send(bots, window),
  ]);
  if (decision === 'deny') {
    found.denied.push(at - since);
    return;
  }
  found.approved.push(at - since);
  found.effect.push((await bots.made(proposal.namespace)) - since);
}

function times(samples: readonly number[]): string {
  return `${percentile(samples, 0.5).toFixed(0)} / ${percentile(samples, 0.99).toFixed(0)} ms`;
}
