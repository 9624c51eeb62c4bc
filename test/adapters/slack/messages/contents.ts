import { join } from 'node:path';
import { loadPlaybooks } from '../../../../src/adapters/playbook-files/load-playbooks.ts';
import type { AnswerContent, MessageContent } from '../../../../src/adapters/slack/messages/rendered-message.ts';
import { openCase } from '../../../../src/app/playbook-cases.ts';
import { parseRecordedSubject } from '../../../../src/cli/recorded-subject.ts';
import { blankDiagnosis, type Diagnosis } from '../../../../src/core/diagnosis/diagnosis.ts';
import type { Finding } from '../../../../src/core/diagnosis/finding.ts';
import type { Outcome, Question } from '../../../../src/core/question/question.ts';
import { diagnose } from '../../../../src/usecases/diagnose.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const CLOCK = '2026-11-20T10:41:00Z';

/** A question about `shop/web-0`. */
export const question: Question = {
  id: 'q-0123456789abcdef',
  cluster: 'prod-eu-1',
  subject: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
  readable: ['shop'],
  asker: { team: 'T0TEAM001', user: 'U0ALICE01' },
  replyTo: { team: 'T0TEAM001', channel: 'C0SHOP001' },
  askedAt: '2026-11-20T10:40:58Z',
};

/** An outcome with a diagnosis. */
export function answered(diagnosis: Diagnosis): Outcome {
  return { kind: 'answered', diagnosis, tookMs: 2412, requests: 7, playbooks: '3f2a91bc04de' };
}

/** The answer to a question about what the diagnosis is about. */
export function answerOf(diagnosis: Diagnosis): AnswerContent {
  const { kind, namespace, name } = diagnosis.subject;
  const asked = { ...question, subject: { kind, namespace, name }, askedAt: diagnosis.clock };
  return { kind: 'answer', question: asked, run: 1, outcome: answered(diagnosis), at: diagnosis.clock };
}

/** A diagnosis of `shop/web-0` as it is before anything is known, with changes. */
export function diagnosisWith(changes: Partial<Diagnosis>): Diagnosis {
  const subject = { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u1' } as const;
  return { ...blankDiagnosis(subject, CLOCK, 'CrashLoopBackOff'), ...changes };
}

/** A confirmed finding, with changes. */
export function findingWith(changes: Partial<Finding>): Finding {
  return {
    code: 'made-up',
    title: 'Made up',
    stage: 'run',
    role: 'cause',
    state: 'confirmed',
    cause: 'container `app` exits with code 1',
    why: ['The program decided to end.'],
    evidence: ['lastState.terminated: reason Error, exit code 1'],
    checks: [],
    advice: ['read the whole log'],
    later: [],
    explains: [],
    ...changes,
  };
}

/** The diagnoses of recorded cases, by `playbook/case`; `considered` is empty, as it is in a content. */
export async function recordedDiagnoses(names: readonly string[]): Promise<ReadonlyMap<string, Diagnosis>> {
  const playbooks = await loadPlaybooks({ folders: [join(ROOT, 'playbooks')] });
  const told = names.map(async (name) => {
    const { recording, expected } = await openCase(join(ROOT, 'test/playbooks', name));
    const subject = parseRecordedSubject(expected.subject ?? recording.subject);
    const query = { ...subject, namespace: subject.namespace ?? recording.namespace };
    const diagnosis = await diagnose(query, { cluster: recording.cluster, clock: recording.clock, playbooks });
    return [name, { ...diagnosis, considered: [] }] as const;
  });
  return new Map(await Promise.all(told));
}

const failed: Outcome = {
  kind: 'failed',
  code: 'SUBJECT_NOT_FOUND',
  message: 'There is no pod `web-1` in namespace shop.',
  hint: 'Check the name and the namespace.',
  candidates: ['pod/web-0', 'deployment/web-frontend-canary'],
};

/** Contents for every state that no recording gives, by name. */
export const madeUp: Readonly<Record<string, MessageContent>> = {
  'verdict-starting': answerOf(
    diagnosisWith({ verdict: 'starting', status: 'ContainerCreating', since: '2026-11-20T10:40:40Z' }),
  ),
  'verdict-stopping': answerOf(
    diagnosisWith({ verdict: 'stopping', status: 'Terminating', since: '2026-11-20T10:41:20Z' }),
  ),
  'verdict-healthy-since-yesterday': answerOf(
    diagnosisWith({
      verdict: 'healthy',
      status: 'Running',
      since: '2026-11-19T08:00:00Z',
      checked: ['phase Running', '2 of 2 containers ready'],
    }),
  ),
  'two-causes-fit': answerOf(
    diagnosisWith({
      verdict: 'cause',
      since: '2026-11-20T10:03:00Z',
      container: { name: 'app', restarts: 14 },
      primary: findingWith({ state: 'likely', cause: 'secret `login` does not exist' }),
      alternatives: [
        findingWith({
          cause: 'registry `registry.example.com` denies the image',
          state: 'likely',
          checks: [
            { id: 'c', ask: 'Does the secret exist?', answer: 'cannot-tell', evidence: 'secrets may not be read' },
          ],
        }),
      ],
    }),
  ),
  'others-and-more': answerOf(
    diagnosisWith({
      verdict: 'cause',
      primary: findingWith({ container: 'app', advice: ['set a limit', 'use another image'], later: ['watch it'] }),
      others: ['a', 'b', 'c', 'd'].map((name) =>
        findingWith({ container: name, cause: `image of \`${name}\` is gone` }),
      ),
      unread: ['could not read events; the missing permission is `list events`'],
    }),
  ),
  failed: { kind: 'answer', question, run: 1, outcome: failed, at: CLOCK },
  expired: { kind: 'answer', question, run: 2, outcome: { kind: 'expired' }, at: CLOCK },
  'waiting-slow': { kind: 'waiting', question, run: 1, why: 'slow' },
  'waiting-no-diagnoser': { kind: 'waiting', question, run: 1, why: 'no-diagnoser', lastSeen: '2026-11-20T10:20:00Z' },
  'waiting-again': {
    kind: 'waiting',
    question,
    run: 2,
    why: 'again',
    before: answered(diagnosisWith({ verdict: 'cause', primary: findingWith({}) })),
  },
  'waiting-again-after-failure': { kind: 'waiting', question, run: 2, why: 'again', before: failed },
  notice: {
    kind: 'notice',
    text: 'Commands to look further at `shop/web-0`:',
    code: ['kubectl -n shop describe pod web-0', 'kubectl -n shop logs web-0 -c app --previous'],
  },
  'notice-of-somebody': {
    kind: 'notice',
    by: 'U0ALICE01',
    text: 'asked to delete pod shop/web-0. That is not proposed. The pod is Ready. Evict it instead.',
  },
  evidence: {
    kind: 'evidence',
    question,
    run: 1,
    text: '● shop/web-0: container `app` exits\n\n  why     it ends <by itself>',
  },
};
