import { z } from 'zod';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { CheckResult, Finding } from '../diagnosis/finding.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../errors/catalogue.ts';
import { ACTIONS, STAGES } from '../playbook/vocabulary.ts';
import type { ProposedAction } from '../remediation/proposed-action.ts';
import { SUBJECT_KINDS } from '../subject/kinds.ts';
import type { DiagnosisJob, Feedback, Outcome, Question } from './question.ts';

// What is stored was written by this version or by another one: fields that are not known are dropped, and what does
// not fit is refused as a whole. A newer version's further field must not make an older one fail.
const text = z.string();
const time = z.iso.datetime({ offset: true });
const lines = z.array(text);
const count = z.int().nonnegative();
const kind = z.enum(SUBJECT_KINDS);

const asker = z.object({ team: text, user: text });

const proposedAction: z.ZodType<ProposedAction> = z.object({
  action: z.enum(ACTIONS),
  subject: z.object({ kind, namespace: text, name: text, uid: text }),
  parameters: z.record(text, text),
});

/** A question as it was stored. */
export const questionSchema: z.ZodType<Question> = z.object({
  id: text,
  cluster: text,
  subject: z.object({ kind: kind.exactOptional(), namespace: text, name: text }),
  readable: lines,
  asker,
  incident: z.object({ id: text, alerts: lines }).exactOptional(),
  replyTo: z.object({
    team: text,
    channel: text,
    thread: text.exactOptional(),
    responseUrl: text.exactOptional(),
  }),
  askedAt: time,
});

/** A job as the queue carries it. */
export const diagnosisJobSchema: z.ZodType<DiagnosisJob> = z.object({
  questionId: text,
  run: z.int().positive(),
  cluster: text,
  expiresAt: time,
});

/** Feedback as it was stored. */
export const feedbackSchema: z.ZodType<Feedback> = z.object({
  id: text,
  question: questionSchema,
  run: z.int().positive(),
  by: asker,
  at: time,
  text,
});

const check: z.ZodType<CheckResult> = z.object({
  id: text,
  ask: text,
  answer: z.enum(['yes', 'no', 'cannot-tell']),
  supports: z.boolean().exactOptional(),
  evidence: text.exactOptional(),
});

const findingState = z.enum(['confirmed', 'likely', 'possible', 'refuted']);

const findingFields = {
  code: text,
  title: text,
  stage: z.enum(STAGES),
  role: z.enum(['cause', 'fallback', 'modifier']),
  state: findingState,
  container: text.exactOptional(),
  cause: text,
  why: lines,
  evidence: lines,
  checks: z.array(check),
  advice: lines,
  later: lines,
  explains: lines,
  remediation: proposedAction.exactOptional(),
  blames: text.exactOptional(),
  because: text.exactOptional(),
};

const finding: z.ZodType<Finding> = z.object({
  ...findingFields,
  root: z.object({ subject: text, finding: z.object(findingFields) }).exactOptional(),
});

const diagnosis: z.ZodType<Diagnosis> = z.object({
  subject: z.object({ kind, namespace: text, name: text, uid: text }),
  clock: text,
  verdict: z.enum(['healthy', 'starting', 'finished', 'stopping', 'cause', 'unknown']),
  status: text,
  since: text.exactOptional(),
  container: z
    .object({ name: text, restarts: count, nextTry: text.exactOptional(), secondsLeft: z.number().exactOptional() })
    .exactOptional(),
  pod: z.object({ name: text, alike: count, total: count }).exactOptional(),
  primary: finding.exactOptional(),
  alternatives: z.array(finding),
  others: z.array(finding),
  consequences: z.array(finding),
  modifiers: z.array(finding),
  seen: lines,
  past: lines,
  checked: lines,
  unread: lines,
  considered: z.array(
    z.object({
      code: text,
      container: text.exactOptional(),
      outcome: z.enum(['not-triggered', ...findingState.options]),
      reason: text,
    }),
  ),
});

const errorCode = z.custom<ErrorCode>((code) => typeof code === 'string' && Object.hasOwn(ERROR_CATALOGUE, code));

/** What came of a run, as it was stored. */
export const outcomeSchema: z.ZodType<Outcome> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), diagnosis, tookMs: z.number(), requests: count, playbooks: text }),
  z.object({ kind: z.literal('failed'), code: errorCode, message: text, hint: text, candidates: lines }),
  z.object({ kind: z.literal('expired') }),
]);

/** A recording as it was stored: its document and its log files by name; `parseRecording` checks the document. */
export const storedRecordingSchema = z.object({ document: z.unknown(), logs: z.record(text, text) });
