import { z } from 'zod';
import type { RemediationRecord, Vote } from '../remediation/remediation.ts';
import {
  endingSchema,
  remediationStateSchema,
  shownAtSchema,
  signedPlanSchema,
  stepResultSchema,
} from '../remediation/remediation-schema.ts';
import { threadPlaceSchema } from '../triage/incident-schema.ts';
import type { HomeContent, RemediationCard, RemediationRow } from './content.ts';

const text = z.string();
const lines = z.array(text);
const count = z.int().nonnegative();

const vote: z.ZodType<Vote> = z.object({
  user: text,
  team: text,
  at: text,
  reason: text,
  signature: text,
  owner: z.boolean().exactOptional(),
});

const record: z.ZodType<RemediationRecord> = z.object({
  signed: signedPlanSchema,
  state: remediationStateSchema,
  revision: count,
  votes: z.array(vote),
  history: z.array(z.object({ state: remediationStateSchema, at: text })),
  actBefore: text.exactOptional(),
  fence: count,
  intent: text.exactOptional(),
  steps: z.array(stepResultSchema),
  ending: endingSchema.exactOptional(),
  message: shownAtSchema.exactOptional(),
});

/** A remediation as it is shown, as it was stored. Nobody acts on it: signatures are not looked at. */
export const remediationCardSchema: z.ZodType<RemediationCard> = z.object({ record, approvers: lines, at: text });

const row: z.ZodType<RemediationRow> = z.object({
  id: text,
  title: text,
  cluster: text,
  state: remediationStateSchema,
  since: text,
  expiresAt: text.exactOptional(),
  votes: count,
  required: count,
  requester: text,
  yours: z.boolean(),
  thread: threadPlaceSchema.exactOptional(),
});

/** The remediations of an App Home, as they were stored. */
export const homeRemediationsSchema: z.ZodType<NonNullable<HomeContent['remediations']>> = z.object({
  waiting: z.array(row),
  recent: z.array(row),
  permissions: lines,
  stopped: lines,
});
