import type { Labels } from './alert.ts';
import { ANNOTATION_LIMITS, bounded, type CutTally, LABEL_LIMITS, readLabels, textOf } from './bounded-labels.ts';
import { type BareAlert, bareAlert, type Opening } from './plain-alert.ts';

/** How the payload of some other webhook is read. A path is a list of keys and indexes joined by dots. */
export interface AlertMapping {
  readonly name: string;
  /** The path of the list of alerts; absent: the payload is one alert. The other paths begin at an alert. */
  readonly list?: string;
  /** The path of an object whose texts become labels. */
  readonly labelsFrom?: string;
  /** The path of an object whose texts become annotations. */
  readonly annotationsFrom?: string;
  /** Names of labels with the paths of their values. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** It is resolved when the value at the path is one of these, ignoring case; absent: it always fires. */
  readonly resolved?: { readonly path: string; readonly values: readonly string[] };
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly fingerprint?: string;
}

const NO_ENVELOPE = { receiver: '', groupKey: '', truncatedAlerts: 0 } as const;

/** Reads a payload by a mapping. Refuses one in which there is no list where the mapping says. */
export function openMappedPayload(body: unknown, mapping: AlertMapping): Opening {
  if (typeof body !== 'object' || body === null) {
    return { kind: 'refused', reason: 'it is not an object or a list' };
  }
  const items = mapping.list === undefined ? [body] : valueAt(body, mapping.list);
  if (!Array.isArray(items)) {
    return {
      kind: 'refused',
      reason: `it has no list at \`${mapping.list ?? ''}\`, as the mapping ${mapping.name} says`,
    };
  }
  return {
    kind: 'opened',
    format: mapping.name,
    items,
    readItem: (item, tally) => readMappedAlert(item, mapping, tally),
    envelope: NO_ENVELOPE,
  };
}

/** An entry of which no label can be read is no alert. */
function readMappedAlert(item: unknown, mapping: AlertMapping, tally: CutTally): BareAlert | undefined {
  const at = (path: string | undefined): unknown => (path === undefined ? undefined : valueAt(item, path));
  const pick = (paths: Readonly<Record<string, string>>, longest: number): Labels =>
    Object.fromEntries(
      Object.entries(paths).flatMap(([name, path]) => {
        const text = textOf(valueAt(item, path));
        return text === undefined ? [] : [[name, bounded(text, longest, tally)]];
      }),
    );
  const labels = {
    ...readLabels(at(mapping.labelsFrom), LABEL_LIMITS, tally),
    ...pick(mapping.labels, LABEL_LIMITS.longest),
  };
  if (Object.keys(labels).length === 0) {
    return undefined;
  }
  const { resolved } = mapping;
  const state = textOf(at(resolved?.path))?.toLowerCase();
  const isOver = resolved?.values.some((value) => value.toLowerCase() === state) === true;
  return bareAlert({
    status: isOver ? 'resolved' : 'firing',
    labels,
    annotations: {
      ...readLabels(at(mapping.annotationsFrom), ANNOTATION_LIMITS, tally),
      ...pick(mapping.annotations, ANNOTATION_LIMITS.longest),
    },
    startsAt: at(mapping.startsAt),
    endsAt: at(mapping.endsAt),
    fingerprint: at(mapping.fingerprint),
  });
}

/** The value at a path; undefined where the path leads nowhere. */
function valueAt(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) {
      return undefined;
    }
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}
