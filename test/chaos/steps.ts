import { BEGIN, FINISH } from '../../src/adapters/redis/question-scripts.ts';
import { ADVANCE, CLAIM } from '../../src/adapters/redis/remediation-run-scripts.ts';
import { APPROVE } from '../../src/adapters/redis/remediation-scripts.ts';
import { type Cell, FAULTS, STEPS, type StepName } from './cell.ts';
import { API_ERRORS } from './faults.ts';
import { isAbout, type Passing, type Subject } from './gates.ts';

/** A change as steps see it. */
export interface Stepping extends Subject {
  /** Its number within the cell. */
  readonly index: number;
  /** Whether somebody has approved it. */
  readonly approved: boolean;
}

/** How something that passes is recognised as a step of a change. */
export interface Pattern {
  readonly phase: 'before' | 'after';
  fits(passing: Passing, run: Stepping): boolean;
}

type Fits = Pattern['fits'];

/** What shows that a change is at a step; several where the step has several parts. */
const PATTERNS: Readonly<Record<StepName, readonly Fits[]>> = {
  ingest: [script('gateway', BEGIN.sha)],
  enqueue: [job('gateway', 'diagnose-prod')],
  diagnose: [api('diagnoser', 'GET')],
  redact: [script('diagnoser', FINISH.sha)],
  post: [slack('chat.postMessage', 'remediation')],
  click: [mark, job('gateway', 'remedy-prod')],
  vote: [script('gateway', APPROVE.sha)],
  queue: [job('gateway', 'exec-cas-prod')],
  claim: [script('executor', CLAIM.sha)],
  'dry-run': [approved(api('executor', 'DELETE dry'))],
  mutate: [api('executor', 'DELETE')],
  finish: [
    transition('executing', 'verifying'),
    transition('verifying', 'succeeded'),
    slack('chat.update', 'succeeded'),
  ],
};

/** These come over one connection in their order, so that one that is held holds up those behind it. */
const IN_ORDER: readonly StepName[] = ['ingest', 'enqueue', 'redact', 'click', 'vote', 'queue', 'claim', 'finish'];

/** A fault at the first part keeps the others from coming to the second: these take turns from cell to cell. */
const APART: readonly StepName[] = ['click'];

/** How the change of that number is recognised at the step of a cell. */
export function patternOf({ fault, step, round }: Cell, index: number): Pattern {
  const patterns = PATTERNS[step];
  const cellTurn = FAULTS.indexOf(fault) + STEPS.indexOf(step) + round;
  const part = APART.includes(step) ? Math.floor(cellTurn / 2) : index;
  const fits = patterns[part % patterns.length] ?? (() => false);
  const turn = IN_ORDER.includes(step) ? cellTurn : index + round;
  const isBefore = turn % 2 === 0 || (fault === 'api-error' && API_ERRORS[index]?.kind === 'status');
  return { phase: isBefore ? 'before' : 'after', fits };
}

function script(role: string, sha: string): Fits {
  return (passing, run) =>
    passing.wire === 'redis' && passing.bot?.role === role && passing.what === sha && isAbout(passing, run);
}

/** Only whoever adds jobs names a queue and the job together in the process of a gateway. */
function job(role: string, queue: string): Fits {
  return (passing, run) =>
    passing.wire === 'redis' && passing.bot?.role === role && passing.includes(`:${queue}:`) && isAbout(passing, run);
}

function api(role: string, what: string): Fits {
  return (passing, run) =>
    passing.wire === 'api' && passing.bot?.role === role && passing.what === what && passing.includes(run.namespace);
}

/** The mark of the first click that asks for a proposal. */
function mark(passing: Passing, run: Stepping): boolean {
  return (
    passing.wire === 'redis' && passing.what === 'SET' && passing.includes('once:propose-') && isAbout(passing, run)
  );
}

function approved(fits: Fits): Fits {
  return (passing, run) => run.approved && fits(passing, run);
}

function transition(from: string, to: string): Fits {
  return (passing, run) =>
    passing.wire === 'redis' &&
    passing.what === ADVANCE.sha &&
    passing.includes(`\r\n${from}\r\n`) &&
    passing.includes(`\r\n${to}\r\n`) &&
    isAbout(passing, run);
}

/** The message of a change itself: as it is posted, or with its end. */
function slack(method: string, about: 'remediation' | 'succeeded'): Fits {
  return (passing, run) =>
    passing.wire === 'slack' &&
    passing.what === method &&
    [...run.ids].some((id) => id.startsWith('m-') && passing.includes(id)) &&
    (about === 'remediation' || passing.includes('Fixed'));
}
