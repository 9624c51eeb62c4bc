import type { Feedback, Outcome, Question, QuestionRecord } from '../../src/core/question/question.ts';
import type { SessionRecording } from '../../src/core/recording/recording.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { BeginResult, QuestionStore } from '../../src/ports/question-store.ts';
import { FakeStore } from './fake-store.ts';

interface Row {
  question: Question;
  earlier: Question;
  run: number;
  runAt: number;
  before: number;
  answeredRun: number;
  deliveredRun: number;
  listedAt: number;
}

const BLANK = { run: 0, runAt: 0, before: 0, answeredRun: 0, deliveredRun: 0, listedAt: 0 };

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
    this.#rows.set(question.id, { ...BLANK, question, earlier: question });
    return this.#start(question.id);
  }

  async beginAgain(question: Question): Promise<BeginResult> {
    this.check();
    const row = this.#rows.get(question.id);
    if (row === undefined) {
      return { kind: 'unknown' };
    }
    if (row.answeredRun < row.run) {
      return { kind: 'busy', run: row.run };
    }
    row.earlier = row.question;
    row.question = question;
    return this.#start(question.id);
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
      row.question = row.earlier;
    }
  }

  async read(id: string): Promise<QuestionRecord | undefined> {
    this.check();
    const row = this.#rows.get(id);
    return row === undefined ? undefined : this.#recordOf(row);
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

  async delivered(id: string, run: number): Promise<void> {
    this.check();
    const row = this.#rows.get(id);
    if (row !== undefined && run <= row.answeredRun) {
      row.deliveredRun = Math.max(row.deliveredRun, run);
    }
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
    const listed = [...this.#rows.values()]
      .filter((row) => row.deliveredRun < row.run && row.listedAt < before)
      .toSorted((a, b) => a.listedAt - b.listedAt)
      .slice(0, 100);
    for (const row of listed) {
      row.listedAt = this.#now();
    }
    return listed.map((row) => this.#recordOf(row));
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
    row.listedAt = row.runAt;
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

  #recordOf({ question, run, runAt, answeredRun }: Row): QuestionRecord {
    return { question, run, runAt: new Date(runAt).toISOString(), runAgeMs: this.#now() - runAt, answeredRun };
  }
}
