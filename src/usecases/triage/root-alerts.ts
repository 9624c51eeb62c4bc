import type { SubjectQuery } from '../../core/subject/subject.ts';
import { subjectPath } from '../../core/subject/subject.ts';
import type { RootedAlert, RootOf } from '../../core/triage/place-alerts.ts';
import type { PendingAlert } from '../../core/triage/stored-alert.ts';
import { groupByTarget, type TargetGroup, targetTitle } from '../../core/triage/target-group.ts';
import { findRoots, type RootQuestion } from '../find-roots.ts';
import type { Asking } from './triage-deps.ts';

/** Finds the root object of every alert; where the cluster cannot be asked, the object that the alert names stands for itself. */
export async function rootAlerts(alerts: readonly PendingAlert[], asking: Asking): Promise<readonly RootedAlert[]> {
  const byAlert = new Map(alerts.map((pending) => [pending.alert.mapped, pending]));
  const groups = groupByTarget([...byAlert.keys()]);
  const roots = await rootsOf(groups, asking);
  return groups.flatMap((group) => {
    const root = roots.get(group);
    return group.alerts.flatMap((mapped) => {
      const pending = byAlert.get(mapped);
      return root === undefined || pending === undefined ? [] : [{ pending, root }];
    });
  });
}

async function rootsOf(groups: readonly TargetGroup[], asking: Asking): Promise<ReadonlyMap<TargetGroup, RootOf>> {
  if (groups.length === 0) {
    return new Map();
  }
  if (asking.kind === 'nobody') {
    return new Map(groups.map((group) => [group, withoutQuestion(group, reasonOf(group, asking.reason))]));
  }
  const { questions, unasked } = await findRoots(groups, await asking.openReader(), { whole: true });
  return new Map([
    ...questions.flatMap((question) => question.groups.map((group) => [group, rootOf(question)] as const)),
    ...unasked.map(({ group, reason }) => [group, withoutQuestion(group, reason)] as const),
  ]);
}

function rootOf({ root, notes, stands }: RootQuestion): RootOf {
  const key = keyOf(root);
  return { key, title: key, query: root, notes, stands };
}

/** `Deployment shop/web`, as keys of root objects are written. */
function keyOf(query: SubjectQuery): string {
  return `${query.kind ?? 'Pod'} ${subjectPath(query)}`;
}

function reasonOf({ target }: TargetGroup, reason: string): string {
  return target.kind === 'unmapped' ? target.reason : reason;
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
