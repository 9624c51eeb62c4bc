import { isKubewhyError, type KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';
import { matchesPattern } from '../core/policy/namespace-pattern.ts';
import type { DiagnosisJob, Outcome, Question, QuestionRecord } from '../core/question/question.ts';
import type { SessionRecording } from '../core/recording/recording.ts';
import { namespaceOption, subjectTitle } from '../core/subject/subject.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { QuestionStore } from '../ports/question-store.ts';
import { diagnose } from './diagnose.ts';
import { handOver } from './hand-over.ts';
import { permittedReader } from './permitted-reader.ts';
import { recordingReader } from './recorder.ts';

/** The ports of a diagnoser. */
export interface AnswerDeps {
  readonly questions: QuestionStore;
  readonly outbox: Outbox;
  /** A reader for one question, which redacts; throws what opening a cluster throws. */
  readonly openReader: () => Promise<ClusterReader>;
  readonly playbooks: () => Promise<LoadedPlaybooks>;
  /** Seconds from the beginning of a run after which it is not diagnosed any more. */
  readonly expirySeconds: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Playbooks with the digest by which an answer names them. */
export interface LoadedPlaybooks {
  readonly playbooks: readonly CompiledPlaybook[];
  /** First 12 characters. */
  readonly digest: string;
}

interface Answered {
  readonly outcome: Outcome;
  readonly recording?: SessionRecording;
}

/**
 * Runs a job: diagnoses, stores the outcome, and puts the answer into the outbox. May run twice for the same job, at
 * once or one after the other; the first outcome stays and one message is sent. Throws STORE_UNAVAILABLE.
 */
export async function answerQuestion(job: DiagnosisJob, deps: AnswerDeps): Promise<void> {
  const { questions } = deps;
  const record = await questions.read(job.questionId);
  // Taken back, because whoever asked was told that it could not be queued, or already asked again.
  if (record === undefined || record.run !== job.run) {
    return;
  }
  const { question } = record;
  if (record.answeredRun < job.run) {
    const { outcome, recording } = await outcomeOf(record, deps);
    await questions.finish(question.id, job.run, outcome, recording);
  }
  const outcome = await questions.outcome(question.id, job.run);
  if (outcome !== undefined) {
    await handOver(record, outcome, deps);
  }
}

async function outcomeOf({ question, run, runAgeMs }: QuestionRecord, deps: AnswerDeps): Promise<Answered> {
  const { logger, metrics } = deps;
  if (runAgeMs > deps.expirySeconds() * 1000) {
    metrics.count('answers_total', { outcome: 'expired' });
    return { outcome: { kind: 'expired' } };
  }
  const log = logger.child({ questionId: question.id, run, subject: subjectOf(question) });
  try {
    const answered = await answer(question, deps);
    metrics.count('answers_total', { outcome: 'answered' });
    return answered;
  } catch (error) {
    metrics.count('answers_total', { outcome: 'failed' });
    const failure = isKubewhyError(error) ? error : undefined;
    if (failure === undefined || failure.kind === 'bug') {
      log.error('a diagnosis failed', { error });
    } else {
      log.info('a question has no diagnosis', { code: failure.code });
    }
    return { outcome: failedOutcome(failure, question) };
  }
}

async function answer(question: Question, deps: AnswerDeps): Promise<Answered> {
  const { clock, metrics } = deps;
  const [opened, { playbooks, digest }] = await Promise.all([deps.openReader(), deps.playbooks()]);
  const mayName = (namespace: string): boolean =>
    namespace === question.subject.namespace || question.readable.some((pattern) => matchesPattern(pattern, namespace));
  const reader = permittedReader(opened, mayName);
  const recorder = recordingReader(reader);
  const startedAt = clock.now();
  const diagnosis = await diagnose(question.subject, {
    cluster: recorder.reader,
    playbooks,
    clock,
    mayName,
  });
  const tookMs = Math.max(0, clock.now().getTime() - startedAt.getTime());
  metrics.observe('diagnosis_seconds', tookMs / 1000, { cluster: question.cluster });
  return {
    outcome: { kind: 'answered', diagnosis, tookMs, requests: reader.requestCount(), playbooks: digest },
    recording: recorder.recording({ subject: subjectOf(question), now: clock.now() }),
  };
}

/** `deployment/web -n shop`, as a recording names its subject. */
function subjectOf({ subject }: Question): string {
  const { kind, namespace, name } = subject;
  return `${kind === undefined ? '' : `${kind.toLowerCase()}/`}${name}${namespaceOption(namespace)}`;
}

function failedOutcome(failure: KubewhyError | undefined, question: Question): Outcome {
  if (failure === undefined || failure.kind === 'bug') {
    const title = subjectTitle({ kind: 'Pod', ...question.subject });
    return {
      kind: 'failed',
      code: 'BUG',
      message: `Kubewhy failed while it looked at ${title}; nothing was changed.`,
      hint: `Please report it with the reference ${question.id}.`,
      candidates: [],
    };
  }
  const { code, message, hint, context } = failure;
  const candidates = Array.isArray(context['candidates']) ? context['candidates'] : [];
  return {
    kind: 'failed',
    code,
    message,
    hint,
    candidates: candidates.filter((name): name is string => typeof name === 'string').slice(0, 3),
  };
}
