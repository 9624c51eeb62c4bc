import { z } from 'zod';
import { RUNBOOK_READS } from '../ceph/command.ts';
import { RESOURCE_TYPES, SUBJECT_KINDS } from '../subject/kinds.ts';
import { ACTIONS, CERTAINTIES, STAGES } from './vocabulary.ts';

const identifier = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, 'a name of letters, digits and _ that starts with a letter')
  .refine((name) => !(name in Object.prototype), 'a name that has no meaning of its own');
const entryName = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'a kebab-case name');
const expression = z.string().min(1).describe('A CEL expression.');
const template = z.string().min(1).describe('Text in which ${…} parts are CEL expressions.');
const textItem = z.union([template, z.strictObject({ when: expression, text: template })]);
const texts = z.union([template, z.array(textItem)]);
const resource = z.enum(RESOURCE_TYPES.map((type) => type.resource) as [string, ...string[]]);

const getNeed = z.strictObject({
  get: resource,
  name: template,
  namespace: template.optional().describe('Default: the namespace of the subject.'),
  metadataOnly: z.boolean().optional(),
  when: expression.optional(),
});
const listNeed = z.strictObject({
  list: resource,
  namespace: template.optional().describe('Default: the namespace of the subject.'),
  allNamespaces: z.boolean().optional(),
  labelSelector: template.optional(),
  fieldSelector: template.optional(),
  metadataOnly: z.boolean().optional(),
  limit: z.int().min(1).max(2000).optional(),
  when: expression.optional(),
});
const logNeed = z.strictObject({
  log: expression.describe('The name of the container.'),
  pod: template.optional().describe('Default: the subject.'),
  namespace: template.optional().describe('Default: the namespace of the subject.'),
  previous: z.union([z.boolean(), expression]).optional(),
  when: expression.optional(),
});
const metadataNeed = z.strictObject({
  metadataOf: z
    .strictObject({
      group: z.string().describe('Text in which ${…} parts are CEL expressions; empty for the core group.'),
      version: template,
      resource: template.describe('The plural.'),
    })
    .describe('A namespaced resource of which the facts tell the name, such as a custom one; its content is not read.'),
  namespace: template.optional().describe('Default: the namespace of the subject.'),
  limit: z.int().min(1).max(2000).optional(),
  when: expression.optional(),
});
const runbookNeed = z.strictObject({
  runbook: z.enum(RUNBOOK_READS).describe('A command outside Kubernetes that only reads.'),
  pool: template.optional().describe('Reads that begin with rbd- are about one image.'),
  image: template.optional(),
  when: expression.optional(),
});
const needSchema = z.union([getNeed, listNeed, logNeed, metadataNeed, runbookNeed]);

const checkSchema = z.strictObject({
  id: entryName,
  ask: z.string().min(1).describe('The question, for people; it ends with a question mark.'),
  when: expression,
  expect: z.boolean().optional().describe('The answer that supports the finding; default true.'),
  required: z.boolean().optional().describe('A required check that fails refutes the finding; default true.'),
  evidence: template.optional(),
});

const matchSchema = z.strictObject({
  signature: entryName.optional().describe('A pattern of a signature library.'),
  pattern: z.string().min(1).optional().describe('An RE2 pattern of this playbook alone.'),
  in: expression.describe('A text or a list of texts.'),
  optional: z.boolean().optional().describe('Default false: without a match the playbook does not apply.'),
});

const certainty = z.enum(CERTAINTIES);
const findingSchema = z.strictObject({
  certainty: z
    .union([certainty, z.array(z.strictObject({ when: expression, is: certainty }))])
    .optional()
    .describe('The most that can be said when every check agrees; default confirmed.'),
  cause: texts.describe('The first that can be rendered is the first line of the answer.'),
  why: texts.optional().describe('The mechanism, in one or two sentences.'),
  evidence: texts.optional().describe('What proves it: each names the field, event or log line.'),
  advice: texts.optional().describe('What to do now.'),
  later: texts.optional().describe('What prevents it from coming back.'),
  blames: texts
    .optional()
    .describe(
      'The key of what is at fault and breaks other workloads as well, such as ConfigMap shop/app; the first that can be rendered.',
    ),
});

const specSchema = z.strictObject({
  subject: z.union([z.enum(SUBJECT_KINDS), z.array(z.enum(SUBJECT_KINDS)).min(1)]),
  stage: z.enum(STAGES),
  role: z
    .enum(['cause', 'fallback', 'modifier'])
    .optional()
    .describe('fallback: only when no other cause is found; modifier: added to the cause, never a cause itself.'),
  forEach: z.record(identifier, expression).optional().describe('One name and the list it runs over.'),
  match: z.record(identifier, matchSchema).optional(),
  let: z.record(identifier, expression).optional(),
  trigger: expression,
  needs: z.record(identifier, needSchema).optional(),
  checks: z.array(checkSchema).optional(),
  refute: z.array(z.strictObject({ when: expression, because: template })).optional(),
  finding: findingSchema,
  explains: z.array(entryName).optional().describe('Playbooks whose findings are only consequences of this one.'),
  follow: z
    .strictObject({
      kind: z.enum(SUBJECT_KINDS),
      name: template,
      namespace: template.optional(),
      when: expression.optional(),
    })
    .optional()
    .describe('Another object whose own cause is the root of this finding; bound as `root`.'),
  remediation: z
    .union([
      z.literal('none'),
      z.strictObject({
        action: z.enum(ACTIONS),
        when: expression.optional(),
        parameters: z
          .record(identifier, template)
          .optional()
          .describe('What the action is told besides the subject; it checks them before it uses them.'),
      }),
    ])
    .optional(),
});

/** A playbook file. Unknown keys are errors. */
export const playbookSchema = z.strictObject({
  apiVersion: z.literal('kubewhy.dev/v1'),
  kind: z.literal('Playbook'),
  metadata: z.strictObject({
    name: entryName,
    title: z.string().min(1),
    disabled: z.boolean().optional().describe('Switches off the built-in playbook of the same name.'),
  }),
  spec: specSchema,
});

/** A file of named patterns that playbooks share. */
export const signatureLibrarySchema = z.strictObject({
  apiVersion: z.literal('kubewhy.dev/v1'),
  kind: z.literal('SignatureLibrary'),
  signatures: z.record(
    entryName,
    z.strictObject({ pattern: z.string().min(1), ignoreCase: z.boolean().optional(), global: z.boolean().optional() }),
  ),
});

export type PlaybookDefinition = z.infer<typeof playbookSchema>;
export type SignatureLibrary = z.infer<typeof signatureLibrarySchema>;
export type PlaybookSpec = PlaybookDefinition['spec'];
export type NeedDefinition = z.infer<typeof needSchema>;
export type TextsDefinition = z.infer<typeof texts>;
