import { z } from 'zod';
import { SUBJECT_KINDS } from '../subject/kinds.ts';
import type { ControlPlanePart, TargetKind } from './alert-catalogue.ts';
import type { MappedAlert } from './alert-target.ts';
import type {
  ChannelLoad,
  Digest,
  Incident,
  IncidentCause,
  IncidentPeople,
  IncidentRoot,
  IncidentSilence,
  PastIncident,
} from './incident.ts';
import type { StoredAlert } from './stored-alert.ts';

// Lenient in the same way as the schemas of questions: further fields are dropped, the rest must fit.
const text = z.string();
const lines = z.array(text);
const time = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();
const kind = z.enum(SUBJECT_KINDS);
const labels = z.record(text, text);
const resolvedBy = z.enum(['alerts', 'cluster', 'silence', 'merged']);

/** A message that can be linked to, as it was stored. */
export const threadPlaceSchema = z.object({ channel: text, ts: text });

/** How an earlier incident went, as it was stored. */
export const pastIncidentSchema: z.ZodType<PastIncident> = z.object({
  id: text,
  openedAt: time,
  resolvedAt: time,
  resolvedBy,
  headline: text,
  thread: threadPlaceSchema.exactOptional(),
});

const root: z.ZodType<IncidentRoot> = z.object({
  key: text,
  title: text,
  query: z.object({ kind: kind.exactOptional(), namespace: text, name: text }).exactOptional(),
  reason: text.exactOptional(),
  signature: text,
  firing: count,
  since: time.exactOptional(),
  look: z.enum(['waiting', 'done', 'left-out', 'impossible']),
  cause: text.exactOptional(),
  says: text.exactOptional(),
});

const cause: z.ZodType<IncidentCause> = z.object({
  key: text,
  blames: text.exactOptional(),
  code: text,
  title: text.exactOptional(),
  headline: text,
  state: z.enum(['confirmed', 'likely', 'possible', 'refuted', 'unknown', 'healthy', 'failed']),
  root: text,
  follows: z.literal(true).exactOptional(),
  at: time,
  version: count,
});

/** An incident as it was stored. */
export const incidentSchema: z.ZodType<Incident> = z.object({
  id: text,
  cluster: text,
  channel: text,
  state: z.enum(['open', 'resolved']),
  openedAt: time,
  since: time,
  changedAt: time,
  resolvedAt: time.exactOptional(),
  resolvedBy: resolvedBy.exactOptional(),
  mergedInto: text.exactOptional(),
  severity: text,
  names: lines,
  owners: lines,
  mentions: lines,
  muted: text.exactOptional(),
  readable: lines,
  roots: z.array(root),
  rootsBeyond: count,
  causes: z.array(cause),
  firing: count,
  total: count,
  changes: z.array(z.object({ at: time, object: text, what: text })),
  before: z.array(pastIncidentSchema),
  notes: lines,
  events: z.array(
    z.object({
      id: text,
      at: time,
      kind: z.enum(['resolved', 'reopened', 'merged', 'cause', 'joined', 'note']),
      text,
    }),
  ),
  looks: count,
  healthyLooks: count,
  explained: z.literal(true).exactOptional(),
  nextLookAt: time.exactOptional(),
  heardAt: time,
  digest: text.exactOptional(),
});

/** A silence as it was stored. */
export const incidentSilenceSchema: z.ZodType<IncidentSilence> = z.object({
  id: text,
  alertmanager: text,
  user: text,
  at: time,
  until: time,
  matchers: lines,
  undoneBy: text.exactOptional(),
});

/** What people did with an incident, as it was stored. */
export const incidentPeopleSchema: z.ZodType<IncidentPeople> = z.object({
  acknowledged: z.object({ user: text, at: time }).exactOptional(),
  snoozed: z.object({ user: text, until: time }).exactOptional(),
  silences: z.array(incidentSilenceSchema),
});

/** A digest as it was stored. */
export const digestSchema: z.ZodType<Digest> = z.object({
  id: text,
  cluster: text,
  channel: text,
  state: z.enum(['storm', 'calm']),
  startedAt: time,
  lastNewAt: time,
  releasedAt: time.exactOptional(),
  incidents: lines,
  beyond: count,
  revision: count,
});

/** What is remembered of a channel, as it was stored. */
export const channelLoadSchema: z.ZodType<ChannelLoad> = z.object({
  channel: text,
  openedAt: z.array(time),
  digest: digestSchema.exactOptional(),
});

const TARGET_KINDS = {
  Pod: 'Pod',
  Deployment: 'Deployment',
  StatefulSet: 'StatefulSet',
  DaemonSet: 'DaemonSet',
  ReplicaSet: 'ReplicaSet',
  Job: 'Job',
  CronJob: 'CronJob',
  HorizontalPodAutoscaler: 'HorizontalPodAutoscaler',
  PodDisruptionBudget: 'PodDisruptionBudget',
  PersistentVolumeClaim: 'PersistentVolumeClaim',
  PersistentVolume: 'PersistentVolume',
  ResourceQuota: 'ResourceQuota',
  Ingress: 'Ingress',
  APIService: 'APIService',
  Node: 'Node',
  Namespace: 'Namespace',
} as const satisfies { readonly [Kind in TargetKind]: Kind };

const CONTROL_PLANE_PARTS = {
  'api-server': 'api-server',
  scheduler: 'scheduler',
  'controller-manager': 'controller-manager',
  'kube-proxy': 'kube-proxy',
  'api-clients': 'api-clients',
} as const satisfies { readonly [Part in ControlPlanePart]: Part };

const target: z.ZodType<MappedAlert['target']> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('object'),
    object: z.object({ kind: z.enum(TARGET_KINDS), namespace: text, name: text, uid: text.exactOptional() }),
  }),
  z.object({ kind: z.literal('node-address'), address: text }),
  z.object({ kind: z.literal('scrape-target'), job: text.exactOptional(), address: text.exactOptional() }),
  z.object({ kind: z.literal('control-plane'), part: z.enum(CONTROL_PLANE_PARTS) }),
  z.object({ kind: z.literal('cluster') }),
  z.object({ kind: z.literal('ignored'), reason: text }),
  z.object({ kind: z.literal('unmapped'), reason: text }),
]);

const mapped: z.ZodType<MappedAlert> = z.object({
  alert: z.object({
    sender: text,
    receiver: text,
    groupKey: text,
    fingerprint: text,
    status: z.enum(['firing', 'resolved']),
    name: text,
    labels,
    annotations: labels,
    startsAt: time.exactOptional(),
    endsAt: time.exactOptional(),
  }),
  target,
  cluster: z
    .object({
      kind: z.literal('cluster'),
      name: text,
      from: z.enum(['label', 'sender', 'only']),
      says: text,
      unknown: text.exactOptional(),
    })
    .exactOptional(),
  container: text.exactOptional(),
  first: lines,
  several: lines,
  information: z.boolean(),
  trail: lines,
});

/** An alert as intake stored it. */
export const storedAlertSchema: z.ZodType<StoredAlert> = z.object({
  mapped,
  cluster: text,
  channel: text,
  owner: text.exactOptional(),
  mention: text.exactOptional(),
  muted: text.exactOptional(),
  readable: lines,
  receivedAt: time,
  notes: lines,
});
