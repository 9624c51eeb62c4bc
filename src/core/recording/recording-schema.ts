import { z } from 'zod';
import { RUNBOOK_READS } from '../ceph/command.ts';
import { isUntabledKind, untabledResource } from '../subject/any-resource.ts';
import { findResourceType, type ResourceType } from '../subject/kinds.ts';
import { UNREADABLE_REASONS } from './recording.ts';

const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-01-31T12:00:00Z' });
const count = z.int().nonnegative();
/** A log's path inside the folder of its recording. */
export const LogFile = z
  .string()
  .regex(/^logs\/[A-Za-z0-9][A-Za-z0-9._-]*\.log$/, 'must be a file such as logs/web.log beside the recording');
const resource = z
  .string()
  .refine((name) => resourceByName(name) !== undefined, 'is not a resource that Kubewhy reads');
const kubeObject = z.looseObject({
  apiVersion: z.string(),
  kind: z
    .string()
    .refine((kind) => findResourceType(kind) !== undefined || isUntabledKind(kind), 'is not a kind that Kubewhy reads'),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().optional() }),
});

const answer = {
  outcome: z.enum(['found', 'missing', 'unreadable']),
  why: z.enum(UNREADABLE_REASONS).optional(),
  message: z.string().optional(),
  furtherRequests: count.optional(),
};

const getRead = z.strictObject({
  verb: z.literal('get'),
  resource,
  namespace: z.string().optional(),
  name: z.string(),
  metadataOnly: z.literal(true).optional(),
  ...answer,
  object: z.string().optional(),
});

const listRead = z.strictObject({
  verb: z.literal('list'),
  resource,
  namespace: z.string().optional(),
  labelSelector: z.string().optional(),
  fieldSelector: z.string().optional(),
  metadataOnly: z.literal(true).optional(),
  limit: count.optional(),
  ...answer,
  truncated: z.literal(true).optional(),
  objects: z.array(z.string()).optional(),
});

const logRead = z.strictObject({
  verb: z.literal('logs'),
  namespace: z.string(),
  pod: z.string(),
  container: z.string(),
  previous: z.literal(true).optional(),
  ...answer,
  log: LogFile.optional(),
});

const head = { apiVersion: z.literal('kubewhy.dev/v1'), kind: z.literal('Recording') };

const asked = { read: z.enum(RUNBOOK_READS), pool: z.string().optional(), image: z.string().optional() };

const runbookRead = z.strictObject({
  verb: z.literal('runbook'),
  ...asked,
  ...answer,
  /** What the command printed. */
  output: z.string().optional(),
});

/** The document of a recorded question. */
export const SessionDocument = z.strictObject({
  ...head,
  metadata: z.strictObject({ subject: z.string(), recordedAt: time, kubernetesVersion: z.string().optional() }),
  clock: time,
  reads: z.array(z.discriminatedUnion('verb', [getRead, listRead, logRead, runbookRead])),
  objects: z.array(kubeObject),
  /** Objects of which only the metadata was read. */
  partialObjects: z.array(kubeObject).optional(),
  logs: z.array(z.strictObject({ file: LogFile, bytes: count })).optional(),
  end: z.literal('recording'),
});

const caseObject = z.looseObject({
  kind: kubeObject.shape.kind,
  metadata: kubeObject.shape.metadata,
});

const caseEvent = z.looseObject({
  involvedObject: z.looseObject({ kind: z.string(), name: z.string() }),
  reason: z.string(),
  message: z.string(),
});

const caseLog = z.strictObject({
  pod: z.string(),
  namespace: z.string().optional(),
  container: z.string().optional(),
  previous: z.boolean().optional(),
  text: z.string().optional(),
  file: LogFile.optional(),
});

const caseUnreadable = z.strictObject({
  resource: z.union([z.literal('pods/log'), z.enum(RUNBOOK_READS), resource], {
    error: 'is not a resource that Kubewhy reads',
  }),
  namespace: z.string().optional(),
  name: z.string().optional(),
  why: z.enum(UNREADABLE_REASONS),
  message: z.string().optional(),
});

/** The document of a hand-written case: the small cluster that it describes is complete. */
export const CaseDocument = z.strictObject({
  ...head,
  metadata: z.strictObject({ subject: z.string().optional(), kubernetesVersion: z.string().optional() }).optional(),
  closedWorld: z.literal(true),
  clock: time,
  /** Where objects live that name no namespace. */
  namespace: z.string().optional(),
  objects: z.array(caseObject),
  events: z.array(caseEvent).optional(),
  logs: z.array(caseLog).optional(),
  /** What runbook steps print; without it there is no place for them. */
  runbook: z.array(z.strictObject({ ...asked, output: z.string() })).optional(),
  unreadable: z.array(caseUnreadable).optional(),
  end: z.literal('recording').optional(),
});

export type SessionDocument = z.infer<typeof SessionDocument>;
export type CaseDocument = z.infer<typeof CaseDocument>;

/**
 * The resource of a name as recordings write it: the plural, with the group behind a dot when it has one. One that is not in
 * the table has its version in between.
 */
export function resourceByName(name: string): ResourceType | undefined {
  const type = findResourceType(name);
  const isTabled = type !== undefined && (name === type.resource || name === `${type.resource}.${type.group}`);
  return isTabled ? type : untabledResource(name);
}

/** Problems as `path: reason`, all of them. */
export function problemsOf(error: z.ZodError): readonly string[] {
  return error.issues.flatMap((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    return unknown.length === 0
      ? [problem(issue.path, issue.message)]
      : unknown.map((key) => problem([...issue.path, key], 'is not a field of a recording'));
  });
}

function problem(path: readonly PropertyKey[], reason: string): string {
  return path.length === 0 ? reason : `${z.core.toDotPath(path)}: ${reason}`;
}
