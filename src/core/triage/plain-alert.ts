import { z } from 'zod';
import type { Alert, AlertBatch, AlertCuts, AlertsResult } from './alert.ts';
import { readTime } from './alert-time.ts';
import { ANNOTATION_LIMITS, type CutTally, hasControl, LABEL_LIMITS, readLabels } from './bounded-labels.ts';
import { digestOf, fingerprintOf } from './fingerprint.ts';

/** Alerts of one payload that are read; what comes after them is counted. */
const MOST_ALERTS = 10_000;
/** Alerts that are read in one step; a step takes about a millisecond. */
const STEP = 50;
const LONGEST_GROUP_KEY = 512;
const LONGEST_RECEIVER = 200;

/** What Alertmanager and Grafana wrap alerts in; everything else in it is ignored. */
export const envelopeSchema = z.object({
  version: z.union([z.string(), z.number()]).optional(),
  receiver: z.string().catch(''),
  status: z.string().optional().catch(undefined),
  groupKey: z.string().catch(''),
  truncatedAlerts: z.int().nonnegative().catch(0),
  // Not an array of something: that would copy what is thrown away afterwards.
  alerts: z.custom<readonly unknown[]>((value) => Array.isArray(value), 'expected a list'),
});

/** The wrapping of one payload. */
export type Envelope = z.infer<typeof envelopeSchema>;

const itemSchema = z.object({
  status: z.string().optional().catch(undefined),
  labels: z.unknown().optional(),
  annotations: z.unknown().optional(),
  startsAt: z.unknown().optional(),
  endsAt: z.unknown().optional(),
  fingerprint: z.unknown().optional(),
});

/** What is known of a payload besides its text. */
export interface PayloadPlace {
  readonly sender: string;
  /** The end of the body is missing. */
  readonly bodyCut: boolean;
}

/** An alert before it is known who sent it. */
export type BareAlert = Omit<Alert, 'sender' | 'receiver' | 'groupKey'>;

/** Reads one entry of a list of alerts; undefined when it is none. */
export type ReadItem = (item: unknown, tally: CutTally) => BareAlert | undefined;

/** A payload whose format is understood, and whose alerts were not read yet. */
export interface OpenedPayload {
  readonly kind: 'opened';
  readonly format: string;
  readonly items: readonly unknown[];
  readonly readItem: ReadItem;
  readonly envelope: Pick<Envelope, 'receiver' | 'groupKey' | 'truncatedAlerts'>;
}

/** A payload that is understood, or why it is not. */
export type Opening = OpenedPayload | Extract<AlertsResult, { kind: 'refused' }>;

/**
 * The alerts of a payload with what was left out of it, in steps: whoever takes them may do something else between two.
 * Refuses a payload of which no entry is an alert.
 */
export function* collectAlerts(payload: OpenedPayload, place: PayloadPlace): Generator<undefined, AlertsResult> {
  const { items, readItem, envelope, format } = payload;
  const { sender, bodyCut } = place;
  const tally = { shortened: 0, dropped: 0 };
  const read = items.slice(0, MOST_ALERTS);
  const bare: BareAlert[] = [];
  for (let from = 0; from < read.length; from += STEP) {
    const part = read.slice(from, from + STEP).map((item) => readItem(item, tally));
    bare.push(...part.filter((alert) => alert !== undefined));
    yield;
  }
  if (bare.length === 0 && read.length > 0) {
    return { kind: 'refused', reason: `none of the ${read.length} entries of its list is an alert` };
  }
  const common = {
    sender,
    receiver: plainKey(envelope.receiver, LONGEST_RECEIVER),
    groupKey: plainKey(envelope.groupKey),
  };
  const cuts: AlertCuts = {
    bodyCut,
    leftOutBySender: envelope.truncatedAlerts,
    beyondLimit: items.length - read.length,
    unreadable: read.length - bare.length,
    ...tally,
  };
  const batch: AlertBatch = { sender, format, alerts: bare.map((alert) => ({ ...common, ...alert })), cuts };
  return { kind: 'alerts', batch };
}

/** Reads an alert as Alertmanager and Grafana write it; `fallback` is the status of those that say none. */
export function readPlainAlert(item: unknown, fallback: string | undefined, tally: CutTally): BareAlert | undefined {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) {
    return undefined;
  }
  const { data } = parsed;
  const status = data.status ?? fallback;
  const labels = readLabels(data.labels, LABEL_LIMITS, tally);
  const annotations = readLabels(data.annotations, ANNOTATION_LIMITS, tally) ?? {};
  if ((status !== 'firing' && status !== 'resolved') || labels === undefined) {
    return undefined;
  }
  return bareAlert({ ...data, status, labels, annotations });
}

/** What an alert is made of. */
export interface AlertParts extends Pick<Alert, 'status' | 'labels' | 'annotations'> {
  readonly startsAt?: unknown;
  readonly endsAt?: unknown;
  readonly fingerprint?: unknown;
}

/** Puts an alert together: times made one form, the fingerprint computed where it is absent or could not be a key. */
export function bareAlert({ status, labels, annotations, ...raw }: AlertParts): BareAlert {
  const startsAt = readTime(raw.startsAt);
  // While it fires the end is unknown, or only when the sender would give up waiting.
  const endsAt = status === 'resolved' ? readTime(raw.endsAt) : undefined;
  return {
    fingerprint: isFingerprint(raw.fingerprint) ? raw.fingerprint : fingerprintOf(labels),
    status,
    name: Object.hasOwn(labels, 'alertname') ? (labels['alertname'] ?? '') : '',
    labels,
    annotations,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
  };
}

function isFingerprint(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

/** A text as it is, or its digest where it would be no good key. */
function plainKey(text: string, longest = LONGEST_GROUP_KEY): string {
  return text.length > longest || hasControl(text) ? `digest-${digestOf(text)}` : text;
}
