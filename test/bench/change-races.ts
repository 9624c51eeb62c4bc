import { setTimeout as pause } from 'node:timers/promises';
import type { RemediationRecord } from '../../src/core/remediation/remediation.ts';
import { isOpen as isUndecided } from '../../src/core/remediation/state.ts';
import { auditOf } from '../integration/remediation-talk.ts';
import { type ChangeBots, startChangeBots } from './change-bots.ts';
import {
  askAbout,
  type Decision,
  isOpen,
  openWindow,
  type Place,
  type Proposed,
  review,
  send,
  shownAt,
} from './change-clicks.ts';

/** What came of all races. */
export interface Raced {
  /** Sentences, one for each race that did not end as it must. */
  readonly badly: readonly string[];
  readonly seconds: number;
  /** Milliseconds from the last click of each race until its message showed the decision. */
  readonly decided: readonly number[];
}

/** One race: so many people, of whom so many must approve. */
interface Race {
  readonly number: number;
  readonly clickers: number;
  readonly required: number;
  /** Every other one denies. */
  readonly isMixed: boolean;
  /** How often each window is sent. */
  readonly times: number;
}

interface Lane {
  readonly bots: ChangeBots;
  readonly number: number;
  readonly decided: number[];
  readonly badly: string[];
}

const LANES = 6;
const MOST_CLICKERS = 8;
/** Nobody may press more than 30 buttons a minute, so that people take turns. */
const TEAMS_A_LANE = 6;
const CHANNELS_A_LANE = 4;
const UNDECIDED = ['proposed', 'awaiting_approval'];
const APPROVED = ['approved', 'executing', 'verifying', 'succeeded'];
const TRIES = 3;
const ENDED_WITHIN_MS = 60_000;

/** Plays so many races in which all people send what they decided at the same moment. */
export async function playRaces(count: number): Promise<Raced> {
  const bots = await startChangeBots({
    approvers: LANES * TEAMS_A_LANE * MOST_CLICKERS,
    channels: LANES * CHANNELS_A_LANE,
    gateways: 2,
  });
  try {
    const startedAt = Date.now();
    const waiting = Array.from({ length: count }, (_, number) => raceNumber(number)).values();
    const lanes = Array.from({ length: LANES }, (_, number): Lane => ({ bots, number, decided: [], badly: [] }));
    await Promise.all(lanes.map((lane) => run(lane, waiting)));
    const seconds = (Date.now() - startedAt) / 1000;
    const badly = [...lanes.flatMap((lane) => lane.badly), ...(await auditedBadly(bots, count))];
    return { badly, seconds, decided: lanes.flatMap(({ decided }) => decided) };
  } finally {
    await bots.close();
  }
}

function raceNumber(number: number): Race {
  const kind = Math.floor(number / 7) % 4;
  return {
    number,
    clickers: 2 + (number % 7),
    required: kind === 1 ? 2 : 1,
    isMixed: kind === 2,
    times: kind === 3 ? 3 : 1,
  };
}

async function run(lane: Lane, waiting: Iterable<Race>): Promise<void> {
  for (const race of waiting) {
    const wrong = await play(lane, race).catch((error: unknown) => [String(error)]);
    lane.badly.push(...wrong.map((says) => `race ${race.number} of ${race.clickers}: ${says}`));
  }
}

/** What is wrong with it. */
async function play(lane: Lane, race: Race): Promise<readonly string[]> {
  const { bots, number } = lane;
  const channel = bots.channels[number * CHANNELS_A_LANE + (race.number % CHANNELS_A_LANE)]?.id ?? '';
  const place = { channel, namespace: `${race.required === 2 ? 'two' : 'one'}-${race.number}` };
  const proposal = await proposeAtLast(bots, place);
  await shownAt(bots, proposal, { since: proposal.askedAt, fits: isOpen });
  const people = teamOf(lane, race);
  const windows = await Promise.all(
    people.map(({ id }, index) => openWindow(bots, proposal, { user: id, decision: decisionOf(race, index) })),
  );
  const since = Date.now();
  const [at] = await Promise.all([
    shownAt(bots, proposal, { since, fits: (words) => !isOpen(words) }),
    ...windows.map((window) => send(bots, window, race.times)),
  ]);
  lane.decided.push(at - since);
  return judge(race, proposal, bots);
}

/** On a machine that is busy something may take too long; then somebody asks again. */
async function proposeAtLast(bots: ChangeBots, place: Place): Promise<Proposed> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await review(bots, await askAbout(bots, place), place);
    } catch (error) {
      if (tries === TRIES) {
        throw error;
      }
    }
  }
}

function teamOf({ bots, number }: Lane, race: Race): ChangeBots['approvers'] {
  const team = number * TEAMS_A_LANE + (Math.floor(race.number / LANES) % TEAMS_A_LANE);
  return bots.approvers.slice(team * MOST_CLICKERS).slice(0, race.clickers);
}

function decisionOf({ isMixed }: Race, index: number): Decision {
  return isMixed && index % 2 === 1 ? 'deny' : 'approve';
}

async function judge(race: Race, { id, namespace }: Proposed, bots: ChangeBots): Promise<readonly string[]> {
  const record = await ended(id, bots);
  const states = record?.history.map(({ state }) => state) ?? [];
  const isApproved = states.includes('approved') || !race.isMixed;
  const found = { states, votes: record?.votes.length ?? 0, changes: bots.madeAt(namespace).length };
  const expected = isApproved
    ? { states: [...UNDECIDED, ...APPROVED], votes: race.required, changes: 1 }
    : { states: [...UNDECIDED, 'denied'], votes: 0, changes: 0 };
  const [is, must] = [found, expected].map((one) => JSON.stringify(one));
  return is === must ? [] : [`${is} instead of ${must}`];
}

async function ended(id: string, bots: ChangeBots): Promise<RemediationRecord | undefined> {
  const end = Date.now() + ENDED_WITHIN_MS;
  for (;;) {
    const record = await bots.read(id);
    if (Date.now() > end || (record !== undefined && !isUndecided(record.state))) {
      return record;
    }
    await pause(50);
  }
}

/** The audit knows each decision once as well. */
async function auditedBadly({ world }: ChangeBots, count: number): Promise<readonly string[]> {
  const entries = (await auditOf(world)).filter(({ to }) => to === 'approved' || to === 'denied');
  const byChange = Map.groupBy(entries, ({ remediation }) => remediation);
  const several = [...byChange].filter(([, some]) => some.length !== 1);
  return [
    ...several.map(([id, some]) => `the audit has ${some.length} decisions about ${id}`),
    ...(byChange.size === count ? [] : [`the audit has decisions about ${byChange.size} changes of ${count}`]),
  ];
}
