import { z } from 'zod';
import { ACTIONS } from '../playbook/vocabulary.ts';
import { SUBJECT_KINDS } from '../subject/kinds.ts';
import { AUDIT_EVENTS, type AuditDraft, type AuditEntry } from './audit.ts';
import type { ProposedAction } from './proposed-action.ts';
import type { Ending, RemediationPlan, SignedPlan, StepResult, Vote } from './remediation.ts';
import { REMEDIATION_STATES } from './state.ts';
import { TIERS } from './tier.ts';

// What is stored was written by this version, another one or a forger. What a digest is made of keeps fields that are
// not known, so that the digest stays the same and nobody can add one unseen; elsewhere they are dropped.
const text = z.string();
const time = z.iso.datetime({ offset: true });
const lines = z.array(text);
const count = z.int().nonnegative();
const person = z.looseObject({ team: text, user: text });

const proposedAction: z.ZodType<ProposedAction> = z.looseObject({
  action: z.enum(ACTIONS),
  subject: z.looseObject({ kind: z.enum(SUBJECT_KINDS), namespace: text, name: text, uid: text }),
  parameters: z.record(text, text),
});

const plan: z.ZodType<RemediationPlan> = z.looseObject({
  id: text,
  cluster: text,
  input: proposedAction,
  tier: z.enum(TIERS),
  conditional: z.boolean(),
  target: z.looseObject({ kind: text, group: text, namespace: text, name: text, uid: text }),
  fingerprint: text,
  words: z.looseObject({
    title: text,
    steps: lines,
    commands: lines,
    touches: text,
    risk: text,
    undo: text,
    danger: text.exactOptional(),
  }),
  rights: z.array(
    z.looseObject({ verb: text, group: text, resource: text, subresource: text, namespace: text, name: text }),
  ),
  approval: z.looseObject({
    rule: text,
    required: z.int().positive(),
    owners: lines,
    confirm: text.exactOptional(),
    reasonRequired: z.boolean(),
  }),
  finding: z.looseObject({ code: text, cause: text, playbooks: text, question: text, run: count }),
  requester: person,
  proposer: person,
  replyTo: z.looseObject({ team: text, channel: text, thread: text, responseUrl: text.exactOptional() }),
  proposedAt: time,
  expiresAt: time,
});

/** A plan with its proof, as it was stored. Whether the proof holds is not looked at. */
export const signedPlanSchema: z.ZodType<SignedPlan> = z.object({ plan, digest: text, signature: text });

/** A vote as it was stored; when it was given is stored beside it. */
export const storedVoteSchema: z.ZodType<Omit<Vote, 'at'>> = z.object({
  user: text,
  team: text,
  reason: text,
  signature: text,
  owner: z.boolean().exactOptional(),
});

/** A step as it was stored. */
export const stepResultSchema: z.ZodType<StepResult> = z.object({
  what: text,
  ok: z.boolean(),
  output: text,
  at: time,
  tookMs: z.number(),
});

/** An ending as it was stored. */
export const endingSchema: z.ZodType<Ending> = z.object({ reason: text, by: text.exactOptional() });

/** Where a remediation is shown, as it was stored. */
export const shownAtSchema = z.object({ channel: text, ts: text });

/** Who switched changes off, as it was stored; when and where is stored beside it. */
export const switchSchema = z.object({ by: text, reason: text });

/** A state as it was stored. */
export const remediationStateSchema = z.enum(REMEDIATION_STATES);

const draft = {
  event: z.enum(AUDIT_EVENTS),
  cluster: text,
  remediation: text,
  from: text.exactOptional(),
  to: text.exactOptional(),
  actor: text,
  target: text.exactOptional(),
  action: text.exactOptional(),
  detail: z.record(text, z.union([text, z.number(), z.boolean()])),
  security: z.int().min(1).max(5),
};

/** An entry of the audit that is not chained yet, as it was stored. */
export const auditDraftSchema: z.ZodType<AuditDraft> = z.object(draft);

/** An entry of the chain, as it was stored. */
export const auditEntrySchema: z.ZodType<AuditEntry> = z.looseObject({
  ...draft,
  seq: z.int().positive(),
  at: time,
  prevHash: text,
  hash: text,
});

const jobFields = { cluster: text, expiresAt: time };

/** A job as the queue carries it. */
export const remediationJobSchema = z.discriminatedUnion('kind', [
  z.object({
    ...jobFields,
    kind: z.literal('propose'),
    question: text,
    run: z.int().positive(),
    team: text,
    user: text,
    channel: text,
  }),
  z.object({ ...jobFields, kind: z.literal('dry-run'), remediation: text, user: text }),
  z.object({ ...jobFields, kind: z.literal('execute'), remediation: text, once: z.boolean() }),
]);
