import { isKubewhyError, type KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';
import type { Outcome } from '../core/question/question.ts';
import type { SessionRecording } from '../core/recording/recording.ts';
import { governingNamespace, namespaceOption, type SubjectQuery, subjectTitle } from '../core/subject/subject.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import { diagnose } from './diagnose.ts';
import { namespaceFilter, permittedReader } from './permitted-reader.ts';
import { recordingReader } from './recorder.ts';

/** Playbooks with the digest by which an answer names them. */
export interface LoadedPlaybooks {
  readonly playbooks: readonly CompiledPlaybook[];
  /** First 12 characters. */
  readonly digest: string;
}

/** What is needed to answer about one object. */
export interface OutcomeDeps {
  /** A reader for one question, which redacts; throws what opening a cluster throws. */
  readonly openReader: () => Promise<ClusterReader>;
  readonly playbooks: () => Promise<LoadedPlaybooks>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What is asked. */
export interface AskedSubject {
  /** The name of the cluster in the settings. */
  readonly cluster: string;
  readonly subject: SubjectQuery;
  /** Namespaces, with `*` as a wildcard, that may be named in the answer besides that of the object. */
  readonly readable: readonly string[];
  /** What people name it by when they report a defect. */
  readonly reference: string;
}

/** What was found, with everything that was read for it; nothing of that when it failed. */
export interface FoundOutcome {
  readonly outcome: Extract<Outcome, { readonly kind: 'answered' | 'failed' }>;
  readonly recording?: SessionRecording;
}

/** Diagnoses one object. Never rejects: what goes wrong is an outcome too. */
export async function findOutcome(asked: AskedSubject, deps: OutcomeDeps): Promise<FoundOutcome> {
  const log = deps.logger.child({ reference: asked.reference, subject: subjectWords(asked.subject) });
  try {
    return await answer(asked, deps);
  } catch (error) {
    const failure = isKubewhyError(error) ? error : undefined;
    if (failure === undefined || failure.kind === 'bug') {
      log.error('a diagnosis failed', { error });
    } else {
      log.info('a question has no diagnosis', { code: failure.code });
    }
    return { outcome: failedOutcome(failure, asked) };
  }
}

async function answer({ cluster, subject, readable }: AskedSubject, deps: OutcomeDeps): Promise<FoundOutcome> {
  const { clock, metrics } = deps;
  const [opened, { playbooks, digest }] = await Promise.all([deps.openReader(), deps.playbooks()]);
  const mayName = namespaceFilter([governingNamespace(subject)], readable);
  const reader = permittedReader(opened, mayName);
  const recorder = recordingReader(reader);
  const startedAt = clock.now();
  const diagnosis = await diagnose(subject, { cluster: recorder.reader, playbooks, clock, mayName });
  const tookMs = Math.max(0, clock.now().getTime() - startedAt.getTime());
  metrics.observe('diagnosis_seconds', tookMs / 1000, { cluster });
  return {
    outcome: { kind: 'answered', diagnosis, tookMs, requests: reader.requestCount(), playbooks: digest },
    recording: recorder.recording({ subject: subjectWords(subject), now: clock.now() }),
  };
}

/** `deployment/web -n shop`, as a recording names its subject. */
function subjectWords({ kind, namespace, name }: SubjectQuery): string {
  return `${kind === undefined ? '' : `${kind.toLowerCase()}/`}${name}${namespaceOption(namespace)}`;
}

function failedOutcome(
  failure: KubewhyError | undefined,
  { subject, reference }: AskedSubject,
): FoundOutcome['outcome'] {
  if (failure === undefined || failure.kind === 'bug') {
    const title = subjectTitle({ kind: 'Pod', ...subject });
    return {
      kind: 'failed',
      code: 'BUG',
      message: `Kubewhy failed while it looked at ${title}; nothing was changed.`,
      hint: `Please report it with the reference ${reference}.`,
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
