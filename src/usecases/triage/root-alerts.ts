import { quoted } from '../../core/command/usage-error.ts';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { isSubjectKind } from '../../core/subject/kinds.ts';
import type { SubjectQuery } from '../../core/subject/subject.ts';
import { subjectPath } from '../../core/subject/subject.ts';
import type { MappedAlert } from '../../core/triage/alert-target.ts';
import { namesOnlyNamespace } from '../../core/triage/namespace-alert.ts';
import type { RootedAlert, RootOf } from '../../core/triage/place-alerts.ts';
import type { PendingAlert } from '../../core/triage/stored-alert.ts';
import { groupByTarget, type TargetGroup, targetTitle } from '../../core/triage/target-group.ts';
import { findRoots, type RootQuestion } from '../find-roots.ts';
import { lateReader } from '../late-reader.ts';
import type { Asking } from './triage-deps.ts';

/** Alerts are not told later than this because the cluster is slow. */
const FIND_MS = 3000;

/**
 * Finds the root object of every alert; where the cluster cannot be asked or opened, or does not answer within `findMs`
 * milliseconds, the object that the alert names stands for itself.
 */
export async function rootAlerts(
  alerts: readonly PendingAlert[],
  asking: Asking,
  findMs: number = FIND_MS,
): Promise<readonly RootedAlert[]> {
  const byAlert = new Map(alerts.map((pending) => [pending.alert.mapped, pending]));
  const groups = groupByTarget([...byAlert.keys()]);
  const roots = await rootsOf(groups, asking, findMs);
  return groups.flatMap((group) => {
    const root = roots.get(group);
    return group.alerts.flatMap((mapped) => {
      const pending = byAlert.get(mapped);
      return root === undefined || pending === undefined ? [] : [{ pending, root: withClusterNote(root, mapped) }];
    });
  });
}

async function rootsOf(
  groups: readonly TargetGroup[],
  asking: Asking,
  findMs: number,
): Promise<ReadonlyMap<TargetGroup, RootOf>> {
  const withoutReaders = (reason: string) => new Map(groups.map((group) => [group, withoutReader(group, reason)]));
  if (asking.kind === 'nobody') {
    return withoutReaders(asking.reason);
  }
  const reader = lateReader(asking.openReader, findMs);
  try {
    const { questions, unasked } = await findRoots(groups, reader, {
      whole: true,
      ...(asking.pods && { memory: asking.pods }),
    });
    return new Map([
      ...questions.flatMap((question) => question.groups.map((group) => [group, rootOf(question)] as const)),
      ...unasked.map(({ group, reason }) => [group, withoutQuestion(group, reason)] as const),
    ]);
  } catch (error) {
    // A cluster that cannot even be opened is no reason to tell nothing.
    if (!isKubewhyError(error) || error.kind === 'bug') {
      throw error;
    }
    return withoutReaders(error.message.replace(/\.$/, ''));
  } finally {
    reader.end();
  }
}

/** With a single cluster it is the one that is meant, whatever the alert calls it. */
function withClusterNote(root: RootOf, { cluster }: MappedAlert): RootOf {
  return cluster?.unknown === undefined
    ? root
    : {
        ...root,
        notes: [...root.notes, `the alert says cluster ${quoted(cluster.unknown)}; only ${cluster.name} is known`],
      };
}

function rootOf({ root, notes, stands }: RootQuestion): RootOf {
  const key = keyOf(root);
  return { key, title: key, query: root, notes, stands };
}

/** `Deployment shop/web`, as keys of root objects are written. */
function keyOf(query: SubjectQuery): string {
  return `${query.kind ?? 'Pod'} ${subjectPath(query)}`;
}

/** What the alert names is asked about once there is somebody to ask. */
function withoutReader(group: TargetGroup, reason: string): RootOf {
  const { target } = group;
  if (target.kind === 'unmapped') {
    return withoutQuestion(group, target.reason);
  }
  const root = withoutQuestion(group, reason);
  const { kind = '', namespace = '', name = '' } = target.kind === 'object' ? target.object : {};
  return isSubjectKind(kind) && !namesOnlyNamespace(group) ? { ...root, query: { kind, namespace, name } } : root;
}

/** What cannot be asked about stands for itself; alerts that name nothing have nothing in common. */
function withoutQuestion({ target, alerts }: TargetGroup, reason: string): RootOf {
  const [first] = alerts;
  if (target.kind === 'unmapped') {
    const name = first?.alert.name ?? '';
    return {
      key: `unmapped ${first?.alert.fingerprint ?? ''}`,
      title: name === '' ? 'an alert without a name' : name,
      reason,
      notes: [],
      stands: [],
    };
  }
  const title = targetTitle(target);
  return { key: title, title, reason, notes: [], stands: [] };
}
