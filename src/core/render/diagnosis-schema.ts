import { z } from 'zod';
import { ACTIONS, STAGES } from '../playbook/vocabulary.ts';
import { SUBJECT_KINDS } from '../subject/kinds.ts';

const time = z.iso.datetime();
const lines = z.array(z.string());

const checkSchema = z.strictObject({
  id: z.string().describe('Name of the check within its playbook.'),
  ask: z.string().describe('The question, for people.'),
  answer: z.enum(['yes', 'no', 'cannot-tell']),
  supports: z.boolean().optional().describe('Whether the answer supports the finding; absent when it cannot be told.'),
  evidence: z.string().optional().describe('What was seen, or why it cannot be told.'),
});

const finding = {
  code: z.string().describe('Name of the playbook; permanent.'),
  title: z.string(),
  stage: z.enum(STAGES).describe('Where in the life of the object it happens.'),
  state: z
    .enum(['confirmed', 'likely', 'possible', 'refuted'])
    .describe('confirmed: proven; likely: it fits, but something could not be told.'),
  container: z.string().optional().describe('The container it is about; absent for the whole object.'),
  cause: z.string().describe('One sentence without a full stop.'),
  why: lines.describe('The mechanism.'),
  evidence: lines.describe('The fields, events and log lines that prove it.'),
  checks: z.array(checkSchema),
  advice: lines.describe('What to do now.'),
  later: lines.describe('What prevents it from coming back.'),
  remediation: z.enum(ACTIONS).optional().describe('The repair that could be approved.'),
  parameters: z.record(z.string(), z.string()).optional().describe('What that repair is told besides the object.'),
  blames: z
    .string()
    .optional()
    .describe(
      'What is at fault and breaks other objects as well, as a key: ConfigMap shop/app, Node worker-1, registry ghcr.io.',
    ),
};
const findingSchema = z.strictObject(finding);
const rootedFindingSchema = z.strictObject({
  ...finding,
  root: z
    .strictObject({ subject: z.string().describe('namespace/name'), finding: findingSchema })
    .optional()
    .describe('The cause on another object, of which this finding is a consequence.'),
});
const findings = z.array(rootedFindingSchema);

/** What `kubewhy why -o json` and `-o yaml` print. */
export const diagnosisDocumentSchema = z
  .strictObject({
    apiVersion: z.literal('kubewhy.dev/v1'),
    kind: z.literal('Diagnosis'),
    summary: z.string().describe('The first line of the text form.'),
    verdict: z
      .enum(['healthy', 'starting', 'finished', 'stopping', 'cause', 'unknown'])
      .describe(
        'cause: found, see primary; unknown: broken, but the cause cannot be told; otherwise nothing is wrong.',
      ),
    subject: z.strictObject({ kind: z.enum(SUBJECT_KINDS), namespace: z.string(), name: z.string(), uid: z.string() }),
    clock: time.describe("The API server's time of the diagnosis."),
    status: z.string().describe('What is visible from outside, such as CrashLoopBackOff.'),
    since: z.string().optional().describe('Since when it stands like this; for stopping: the end of the grace period.'),
    pod: z
      .strictObject({ name: z.string(), alike: z.int(), total: z.int() })
      .optional()
      .describe('For a workload: the pod that was diagnosed, and how many pods stand like it.'),
    container: z
      .strictObject({
        name: z.string(),
        restarts: z.int(),
        nextTry: z.string().optional().describe('When the kubelet starts it again; only while it delays the restart.'),
        secondsLeft: z.number().optional(),
      })
      .optional(),
    primary: rootedFindingSchema.optional().describe('The cause; only with verdict cause.'),
    alternatives: findings.describe('Other causes that fit the same trouble as well.'),
    others: findings.describe('Separate troubles of the same subject.'),
    consequences: findings.describe('What the primary cause explains.'),
    modifiers: findings.describe('What qualifies the cause, such as back-off arithmetic.'),
    seen: lines.describe('With verdict unknown: what was seen.'),
    past: lines.describe('Trouble that is over.'),
    checked: lines.describe('What was looked at, when nothing is wrong.'),
    unread: lines.describe('What could not be read, each with the missing permission or reason.'),
    considered: z
      .array(
        z.strictObject({
          code: z.string(),
          container: z.string().optional(),
          outcome: z.enum(['not-triggered', 'confirmed', 'likely', 'possible', 'refuted']),
          reason: z.string(),
        }),
      )
      .optional()
      .describe('With --explain: every playbook and why it did or did not match.'),
  })
  .describe('The answer to one question.');

/** The JSON Schema of a diagnosis, as `docs/schema/diagnosis.schema.json` holds it. */
export function diagnosisJsonSchema(): object {
  return z.toJSONSchema(diagnosisDocumentSchema);
}
