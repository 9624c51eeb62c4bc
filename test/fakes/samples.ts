import type { CardDelivery } from '../../src/core/chat/delivery.ts';
import { blankDiagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { Finding } from '../../src/core/diagnosis/finding.ts';
import type { Outcome, Question } from '../../src/core/question/question.ts';
import type { SessionRecording } from '../../src/core/recording/recording.ts';
import { resourceOf } from '../../src/core/subject/kinds.ts';

/** A question about a pod, asked in channel C1. */
export function sampleQuestion(id: string, changes: Partial<Question> = {}): Question {
  return {
    id,
    cluster: 'prod',
    subject: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
    readable: ['shop', 'team-*'],
    asker: { team: 'T1', user: 'U1' },
    replyTo: { team: 'T1', channel: 'C1', thread: '1700000000.000100' },
    askedAt: '2026-01-31T12:00:00.000Z',
    ...changes,
  };
}

const finding: Finding = {
  code: 'image-tag-missing',
  title: 'The image tag does not exist',
  stage: 'image',
  role: 'cause',
  state: 'confirmed',
  container: 'web',
  cause: 'The tag v1.4.2 does not exist <!channel>',
  why: ['The registry says so.'],
  evidence: ['manifest unknown'],
  checks: [{ id: 'tag', ask: 'Is the tag missing?', answer: 'yes', supports: true, evidence: 'manifest unknown' }],
  advice: ['Correct the tag.'],
  later: [],
  explains: ['pod-not-ready'],
};

/** An answer that names a cause; every optional part of a diagnosis is there. */
export function sampleOutcome(): Outcome {
  const subject = { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' } as const;
  return {
    kind: 'answered',
    diagnosis: {
      ...blankDiagnosis(subject, '2026-01-31T12:00:01Z', 'ImagePullBackOff'),
      verdict: 'cause',
      since: '2026-01-31T11:00:00Z',
      container: { name: 'web', restarts: 3, nextTry: '2026-01-31T12:05:00Z', secondsLeft: 12.5 },
      pod: { name: 'web-0', alike: 2, total: 3 },
      primary: { ...finding, root: { subject: 'shop/db', finding } },
      alternatives: [finding],
      unread: ['events: forbidden'],
      considered: [{ code: 'x', outcome: 'not-triggered', reason: 'no' }],
    },
    tookMs: 81.5,
    requests: 7,
    playbooks: '0123456789ab',
  };
}

/** A recording with an object and a log. */
export function sampleRecording(log = 'line one\nline two\n'): SessionRecording {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0', namespace: 'shop' } };
  return {
    subject: 'web-0',
    clock: '2026-01-31T12:00:00Z',
    kubernetesVersion: 'v1.35.0',
    closedWorld: false,
    reads: [
      {
        query: { verb: 'get', resource: resourceOf('Pod'), namespace: 'shop', name: 'web-0' },
        outcome: { kind: 'found', object: pod },
      },
      {
        query: { verb: 'logs', namespace: 'shop', pod: 'web-0', container: 'web' },
        outcome: { kind: 'found', text: log },
      },
    ],
  };
}

/** A card with an answer for a channel. */
export function sampleCard(key: string, changes: Partial<CardDelivery> = {}): CardDelivery {
  return {
    kind: 'card',
    key,
    team: 'T1',
    channel: 'C1',
    priority: 'answer',
    version: 1,
    content: { kind: 'notice', text: `about ${key}` },
    ...changes,
  };
}
