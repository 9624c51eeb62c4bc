import type { Diagnosis } from '../core/diagnosis/diagnosis.ts';
import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { JsonObject } from '../core/facts/json.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';
import { placeOf, resourceOf, type SubjectKind } from '../core/subject/kinds.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterReader, GetResult } from '../ports/cluster-reader.ts';
import { diagnoseNamespace } from './diagnose-namespace.ts';
import { diagnoseNode } from './diagnose-node.ts';
import { diagnoseObject } from './diagnose-object.ts';
import { type DiagnosisContext, diagnosePod, readPod } from './diagnose-pod.ts';
import { diagnoseWorkload } from './diagnose-workload.ts';
import { followSubject } from './follow-subject.ts';
import { limitReads } from './reads.ts';
import { type NamespaceFilter, resolveName } from './resolve-name.ts';
import { unreadableSubject } from './unreadable-subject.ts';

/** The ports of a diagnosis. */
export interface DiagnoseDeps {
  readonly cluster: ClusterReader;
  readonly playbooks: readonly CompiledPlaybook[];
  readonly clock: Clock;
  /** Which other namespaces an answer may name when the object is not where it was looked for; absent: all. */
  readonly mayName?: NamespaceFilter;
}

/** A pod question costs at most this many API requests, at any cluster size. */
const POD_BUDGET = 10;
/** A workload adds its own object, its children and their events. */
const WORKLOAD_BUDGET = 16;
/** A pod, its events, owner, controller and node; less would be no answer. */
const LEAST_BUDGET = 5;
/** Finding out what an inexact name means, before the question itself. */
const NAME_BUDGET = 24;

/**
 * Answers "why is this broken?" about one object. A bare name means a pod, the beginning of a pod's name, or a workload.
 * Throws SUBJECT_NOT_FOUND, SUBJECT_AMBIGUOUS, READ_FORBIDDEN, CREDENTIALS_REJECTED, CLUSTER_UNREACHABLE, CLUSTER_TIMEOUT.
 */
export async function diagnose(query: SubjectQuery, deps: DiagnoseDeps): Promise<Diagnosis> {
  return answer(query, deps, POD_BUDGET);
}

async function answer(query: SubjectQuery, deps: DiagnoseDeps, podBudget: number): Promise<Diagnosis> {
  const kind = query.kind ?? 'Pod';
  const own: DiagnosisContext = {
    reads: limitReads(deps.cluster, kind === 'Pod' ? podBudget : WORKLOAD_BUDGET),
    playbooks: deps.playbooks,
    now: () => (deps.cluster.serverTime() ?? deps.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    depth: 0,
  };
  const context: DiagnosisContext = { ...own, follow: (target) => followSubject(target, own) };
  if (kind === 'Pod') {
    const { pod, events } = await readPod(query, context.reads);
    const object = found(pod, query);
    return object === undefined ? diagnoseResolved(query, deps) : diagnosePod(object, events, context);
  }
  const object = found(await readSubject(kind, query, context), query);
  return object === undefined ? diagnoseResolved(query, deps) : diagnoseFound(kind, object, context);
}

async function diagnoseFound(
  kind: Exclude<SubjectKind, 'Pod'>,
  object: JsonObject,
  context: DiagnosisContext,
): Promise<Diagnosis> {
  if (kind === 'Node') {
    return diagnoseNode(object, context);
  }
  if (kind === 'Namespace') {
    return diagnoseNamespace(object, context);
  }
  return kind === 'PersistentVolumeClaim' || kind === 'Ingress'
    ? diagnoseObject(kind, object, context)
    : diagnoseWorkload(kind, object, context);
}

async function readSubject(kind: SubjectKind, query: SubjectQuery, context: DiagnosisContext): Promise<GetResult> {
  return context.reads.get({ resource: resourceOf(kind), ...placeOf(kind, query.namespace), name: query.name });
}

/** The name is not that of an object: another object is meant, or none. */
async function diagnoseResolved(query: SubjectQuery, deps: DiagnoseDeps): Promise<Diagnosis> {
  const before = deps.cluster.requestCount();
  const resolved = await resolveName(query, {
    reads: limitReads(deps.cluster, NAME_BUDGET),
    mayName: deps.mayName ?? (() => true),
  });
  // What the name has cost, with the two requests that found no pod of exactly that name.
  const spent = deps.cluster.requestCount() - before + 2;
  try {
    return await answer(resolved, deps, Math.max(POD_BUDGET - spent, LEAST_BUDGET));
  } catch (error) {
    if (resolved.kind === 'Pod' && error instanceof KubewhyError && error.code === 'SUBJECT_NOT_FOUND') {
      throw new KubewhyError('SUBJECT_NOT_FOUND', {
        message: `The pod ${resolved.name} was deleted while it was being looked at.`,
        hint: 'Ask again; its replacement has another name.',
        cause: error,
      });
    }
    throw error;
  }
}

function found(result: GetResult, query: SubjectQuery): JsonObject | undefined {
  if (result.kind === 'unreadable') {
    throw unreadableSubject(result, query);
  }
  return result.kind === 'found' ? result.object : undefined;
}
