import { z } from 'zod';
import { outcomeSchema, questionSchema } from '../question/question-schema.ts';
import { incidentPeopleSchema, incidentSchema, threadPlaceSchema } from '../triage/incident-schema.ts';
import type { ClusterStatus, Content, DigestCard, HelpContent, HomeContent, IncidentCard } from './content.ts';
import type { Delivery, Detour } from './delivery.ts';
import { homeRemediationsSchema, remediationCardSchema } from './remediation-card-schema.ts';

// Lenient in the same way as the schemas of questions: further fields are dropped, the rest must fit.
const text = z.string();
const lines = z.array(text);
const run = z.int().positive();
const count = z.int().nonnegative();

/** What a diagnoser said about its cluster, as it was stored. */
export const clusterStatusSchema: z.ZodType<ClusterStatus> = z.object({
  cluster: text,
  lastSeen: text.exactOptional(),
  state: z.enum(['reachable', 'unreachable', 'never-seen', 'silent']),
  detail: text.exactOptional(),
});

const help: z.ZodType<HelpContent> = z.object({
  command: text,
  botName: text,
  version: text,
  clusters: lines,
  defaultCluster: text.exactOptional(),
  defaultNamespace: text.exactOptional(),
  namespaces: lines,
  changes: z.literal(true).exactOptional(),
  problem: z.object({ message: text, suggestions: z.array(z.object({ id: text, label: text })) }).exactOptional(),
});

const home: z.ZodType<HomeContent> = z.object({
  help,
  clusters: z.array(clusterStatusSchema),
  remediations: homeRemediationsSchema.exactOptional(),
  at: text,
});

const incident: z.ZodType<IncidentCard> = z.object({
  incident: incidentSchema,
  people: incidentPeopleSchema,
  mergedThread: threadPlaceSchema.exactOptional(),
  canSilence: z.boolean(),
  at: text,
});

const counts = { objects: count, looked: count, firing: count, total: count };
const row = z.object({
  ...counts,
  headline: text,
  state: z.enum(['open', 'resolved']),
  unknown: z.boolean().exactOptional(),
  thread: threadPlaceSchema.exactOptional(),
});

const digest: z.ZodType<DigestCard> = z.object({
  ...counts,
  id: text,
  cluster: text,
  state: z.enum(['storm', 'calm']),
  startedAt: text,
  rows: z.array(row),
  beyond: count,
  at: text,
});

const content: z.ZodType<Content> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answer'),
    question: questionSchema,
    run,
    outcome: outcomeSchema,
    at: text,
    fix: z.literal('offered').exactOptional(),
    approvals: count.exactOptional(),
  }),
  z.object({
    kind: z.literal('waiting'),
    question: questionSchema,
    run,
    why: z.enum(['again', 'slow', 'no-diagnoser']),
    lastSeen: text.exactOptional(),
    before: outcomeSchema.exactOptional(),
  }),
  z.object({ kind: z.literal('evidence'), question: questionSchema, run, text }),
  z.object({ kind: z.literal('notice'), text, code: lines.exactOptional(), by: text.exactOptional() }),
  z.object({ kind: z.literal('home'), home }),
  z.object({ kind: z.literal('incident'), incident }),
  z.object({ kind: z.literal('incident-details'), incident }),
  z.object({ kind: z.literal('incident-event'), text, mentions: lines }),
  z.object({ kind: z.literal('digest'), digest }),
  z.object({ kind: z.literal('remediation'), card: remediationCardSchema }),
]);

const base = {
  key: text,
  team: text,
  priority: z.enum(['urgent', 'answer', 'alert', 'news']),
  version: z.int().nonnegative(),
  content,
};
const thread = text.exactOptional();

/** An outgoing message as it was stored. */
export const deliverySchema: z.ZodType<Delivery> = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('card'),
    channel: text,
    thread,
    fallback: text.exactOptional(),
    broadcast: z.literal(true).exactOptional(),
  }),
  z.object({ ...base, kind: z.literal('ephemeral'), channel: text, user: text, thread }),
  z.object({ ...base, kind: z.literal('response'), url: text }),
  z.object({ ...base, kind: z.literal('file'), channel: text, thread: text }),
  z.object({ ...base, kind: z.literal('home'), user: text }),
]);

/** Where a card goes instead, as it was stored. */
export const detourSchema: z.ZodType<Detour> = z.object({ to: z.enum(['channel', 'asker', 'fallback']), code: text });

/** Where a message was posted, as it was stored. */
export const postedMessageSchema = z.object({ channel: text, ts: text });
