import type { Feedback, Outcome, Question, QuestionRecord } from '../../src/core/question/question.ts';
import type { SessionRecording } from '../../src/core/recording/recording.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { BeginResult, QuestionStore } from '../../src/ports/question-store.ts';
import { FakeStore } from './fake-store.ts';

interface Row {
  readonly question: Question;
  run: number;
  runAt: number;
  before: number;
  answeredRun: number;
}

/** Questions in memory. */
export class FakeQuestionStore extends FakeStore implements QuestionStore {
  readonly #clock: Clock;
  readonly #lineMs: number;
  readonly #rows = new Map<string, Row>();
  readonly #lastRuns = new Map<string, number>();
  readonly #outcomes = new Map<string, Outcome>();
  readonly #recordings = new Map<string, SessionRecording>();
  readonly #feedback = new Map<string, Feedback>();

  constructor(clock: Clock, lineMs = 600_000) {
    super();
    this.#clock = clock;
    this.#lineMs = lineMs;
  }

  async begin(question: Question): Promise<BeginResult> {
    this.check();
    const known = this.#rows.get(question.id);
    if (known !== undefined) {
      return { kind: 'busy', run: known.run };
    }
    this.#rows.set(question.id, { question, run: 0, runAt: 0, before: 0, answeredRun: 0 });
    return this.#start(question.id);
  }

  async beginAgain(id: string): Promise<BeginResult> {
    this.check();
    const row = this.#rows.get(id);
    if (row === undefined) {
      return { kind: 'unknown' };
    }
    return row.answeredRun < row.run ? { kind: 'busy', run: row.run } : this.#start(id);
  }

  async abandon(id: string, run: number): Promise<void> {
    this.check();
    const row = this.#rows.get(id);
    if (row === undefined || row.run !== run || row.answeredRun >= run) {
      return;
    }
    if (row.answeredRun === 0) {
      this.#rows.delete(id);
    } else {
      row.run = row.answeredRun;
      row.runAt = row.before;
    }
  }

  async read(id: string): Promise<QuestionRecord | undefined> {
    this.check();
    const row = this.#rows.get(id);
    return row === undefined ? undefined : recordOf(row);
  }

  async finish(id: string, run: number, outcome: Outcome, recording?: SessionRecording): Promise<void> {
    this.check();
    const row = this.#rows.get(id);
    if (row === undefined || run > row.run || this.#outcomes.has(`${id} ${run}`)) {
      return;
    }
    this.#outcomes.set(`${id} ${run}`, structuredClone(outcome));
    if (recording !== undefined) {
      this.#recordings.set(`${id} ${run}`, recording);
    }
    row.answeredRun = Math.max(row.answeredRun, run);
  }

  async outcome(id: string, run: number): Promise<Outcome | undefined> {
    this.check();
    return this.#outcomes.get(`${id} ${run}`);
  }

  async recording(id: string, run: number): Promise<SessionRecording | undefined> {
    this.check();
    return this.#recordings.get(`${id} ${run}`);
  }

  async unanswered(olderThanMs: number): Promise<readonly QuestionRecord[]> {
    this.check();
    const before = this.#now() - olderThanMs;
    return [...this.#rows.values()]
      .filter((row) => row.answeredRun < row.run && row.runAt < before)
      .toSorted((a, b) => a.runAt - b.runAt)
      .slice(0, 100)
      .map(recordOf);
  }

  async saveFeedback(feedback: Feedback): Promise<void> {
    this.check();
    if (!this.#feedback.has(feedback.id)) {
      this.#feedback.set(feedback.id, structuredClone(feedback));
    }
  }

  async feedback(): Promise<readonly Feedback[]> {
    this.check();
    return [...this.#feedback.values()];
  }

  #start(id: string): BeginResult {
    const row = this.#rows.get(id);
    if (row === undefined) {
      return { kind: 'unknown' };
    }
    const run = (this.#lastRuns.get(id) ?? 0) + 1;
    this.#lastRuns.set(id, run);
    row.before = row.runAt;
    row.run = run;
    row.runAt = this.#now();
    return { kind: 'begun', run, position: this.#waitingWith(row) };
  }

  #waitingWith({ question }: Row): number {
    return [...this.#rows.values()].filter(
      (other) =>
        other.answeredRun < other.run &&
        other.runAt > this.#now() - this.#lineMs &&
        other.question.cluster === question.cluster &&
        other.question.replyTo.team === question.replyTo.team &&
        other.question.replyTo.channel === question.replyTo.channel,
    ).length;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

function recordOf(row: Row): QuestionRecord {
  const { question, run, runAt, answeredRun } = row;
  return { question, run, runAt: new Date(runAt).toISOString(), answeredRun };
}
