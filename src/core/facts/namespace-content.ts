import { normaliseText } from './text.ts';

/** Objects of one resource that are left in a namespace that is being deleted. */
export interface RemainingContent {
  /** The plural. */
  readonly resource: string;
  /** Empty for the core group. */
  readonly group: string;
  /** As kubectl takes it: `pods`, `widgets.example.com`. */
  readonly name: string;
  readonly count: number;
}

/** A finalizer that such objects wait for. */
export interface RemainingFinalizer {
  readonly finalizer: string;
  readonly count: number;
}

/** An API group version of which the API server could not tell what it serves. */
export interface FailedGroup {
  /** `metrics.k8s.io/v1beta1`. */
  readonly groupVersion: string;
  readonly group: string;
  readonly version: string;
  readonly why: string;
}

const CONTENT = /(?<resource>[a-z0-9]{1,63})\.(?<group>[a-z0-9.-]{0,253}) has (?<count>\d{1,9}) resource instances/g;
const FINALIZER = /(?<finalizer>[A-Za-z0-9./_-]{1,317}) in (?<count>\d{1,9}) resource instances/g;
// What went wrong may have commas in it; the next group begins behind one.
const GROUP =
  /(?<group>[a-z0-9.-]{1,253})\/(?<version>v[0-9a-z]{1,20}): (?<why>[^,]{1,400}(?:, [^,:]{1,200})*?)(?=, [a-z0-9.-]{1,253}\/v[0-9a-z]{1,20}: |$)/g;

/** Reads `Some resources are remaining: pods. has 3 resource instances, widgets.example.com has 1 resource instances`. */
export function remainingContent(message: string): readonly RemainingContent[] {
  return [...normaliseText(message).matchAll(CONTENT)].map(({ groups = {} }) => {
    const { resource = '', group = '', count } = groups;
    return { resource, group, name: group === '' ? resource : `${resource}.${group}`, count: Number(count) };
  });
}

/** Reads `Some content in the namespace has finalizers remaining: example.com/block in 2 resource instances`. */
export function remainingFinalizers(message: string): readonly RemainingFinalizer[] {
  return [...normaliseText(message).matchAll(FINALIZER)].map(({ groups = {} }) => ({
    finalizer: groups['finalizer'] ?? '',
    count: Number(groups['count']),
  }));
}

/** Reads `Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: …`. */
export function failedGroups(message: string): readonly FailedGroup[] {
  const text = normaliseText(message).replace(/^.*unable to retrieve the complete list of server APIs: /, '');
  return [...text.matchAll(GROUP)].map(({ groups = {} }) => {
    const { group = '', version = '', why = '' } = groups;
    return { groupVersion: `${group}/${version}`, group, version, why };
  });
}
