import type { Acted, Action, ActionContext } from '../../actions/action.ts';
import type { AuditDraft, AuditEvent } from '../../core/remediation/audit.ts';
import type { RemediationPlan, RemediationRecord, StepResult } from '../../core/remediation/remediation.ts';
import { executorActor, planAudit } from '../../core/remediation/store-audit.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { insist } from './insist.ts';
import type { Lease } from './lease.ts';
import type { ExecutorDeps } from './remediation-deps.ts';
import { runbookRecorder } from './run-step.ts';

/** A claimed change while it is carried out. */
export interface Execution {
  /** As it was claimed. */
  readonly record: RemediationRecord;
  readonly plan: RemediationPlan;
  readonly action: Action;
  readonly lease: Lease;
  readonly deps: ExecutorDeps;
}

/** What is known of the sends of a change so far. */
export interface Sends {
  /** How often it was sent; 0: certainly nothing was changed. */
  readonly count: number;
  /** As of the newest send. */
  readonly before: Readonly<Record<string, string>>;
}

/** What commands said last, by command: one that is run again and again is recorded when it says something else. */
export type Watched = Map<string, string>;

/** What an action is told when it looks at what became of a change. */
export function actedOf({ plan }: Pick<Execution, 'plan'>, before: Sends['before']): Acted {
  return { input: plan.input, target: plan.target, before };
}

/** What an action looks at during an execution; its commands are recorded, and its waits keep the lease. */
export function actContext(execution: Execution, reader: ClusterReader, watched?: Watched): ActionContext {
  const { deps, lease } = execution;
  const record = async (step: StepResult): Promise<void> => {
    if (watched?.get(step.what) !== step.output) {
      await addStep(step, execution);
      watched?.set(step.what, step.output);
    }
  };
  const { content, clock, runbook } = deps;
  return {
    reader,
    content,
    ...(runbook === undefined ? {} : { runbook: runbookRecorder(runbook, deps, record) }),
    purpose: 'act',
    pause: (ms) => lease.pause(ms),
    now: () => reader.serverTime() ?? clock.now(),
  };
}

/** Records a step under the fence. Throws `LeaseLost` and STORE_UNAVAILABLE. */
export async function addStep(step: StepResult, { lease, deps }: Execution): Promise<void> {
  if (!(await deps.store.step(lease.id, lease.fence, step))) {
    lease.lose();
  }
}

/** An entry of the audit about an execution. */
export function executionAudit(
  { plan, lease, deps }: Pick<Execution, 'plan' | 'lease' | 'deps'>,
  event: AuditEvent,
  entry: Partial<Pick<AuditDraft, 'from' | 'to' | 'detail' | 'security'>> = {},
): AuditDraft {
  const { detail = {}, security = 2, ...states } = entry;
  return {
    ...planAudit(plan),
    remediation: lease.id,
    event,
    actor: executorActor(deps.worker),
    detail,
    security,
    ...states,
  };
}

/** Keeps an entry that belongs to no transition. Throws STORE_UNAVAILABLE. */
export async function appendAudit(draft: AuditDraft, deps: ExecutorDeps): Promise<void> {
  await insist(() => deps.audit.append(draft), deps);
}
