import { oneLine, shorten } from '../../core/facts/text.ts';
import type { RemediationPlan } from '../../core/remediation/remediation.ts';
import type { EndState } from '../../core/remediation/state.ts';
import { RESOURCE_TYPES } from '../../core/subject/kinds.ts';
import type { ClusterEvent } from '../../ports/cluster-writer.ts';
import type { Advance } from '../../ports/remediation-store.ts';
import { type Execution, executionAudit } from './execution.ts';
import { insist } from './insist.ts';
import { tellRemediation } from './tell.ts';

/** How an execution ends. */
export interface End {
  readonly from: 'executing' | 'verifying';
  readonly state: EndState;
  /** For people. */
  readonly reason: string;
  /** Whose approval it was about. */
  readonly by?: string;
  readonly security?: number;
  /** Its plan cannot be trusted, so that nothing is said about the object that it names. */
  readonly forged?: boolean;
}

const LONGEST_EVENT = 800;

/**
 * Takes the remediation further, and again when it is not known whether that arrived. Throws `LeaseLost`, and
 * STORE_UNAVAILABLE when the store stays away: then another executor goes on.
 */
export async function advance({ lease, deps }: Execution, change: Advance): Promise<void> {
  let uncertain = false;
  const write = async (): Promise<boolean> => {
    try {
      return await deps.store.advance(lease.id, lease.fence, change);
    } catch (error) {
      uncertain = true;
      throw error;
    }
  };
  const went = await insist(write, deps);
  const record = went || !uncertain ? undefined : await insist(() => deps.store.read(lease.id), deps);
  const arrived = record?.fence === lease.fence && record.state === change.to;
  if (!went && !arrived) {
    lease.lose();
  }
}

/** Ends an execution, and tells of it in the thread and on the object. Throws as `advance`. */
export async function finish(execution: Execution, end: End): Promise<void> {
  const { deps, lease } = execution;
  const { from, state, by } = end;
  const reason = oneLine(end.reason);
  await advance(execution, {
    from,
    to: state,
    ending: { reason, ...(by === undefined ? {} : { by }) },
    audit: executionAudit(execution, from === 'verifying' ? 'verified' : 'ended', {
      from,
      to: state,
      detail: { reason, ...(by === undefined ? {} : { by }) },
      security: end.security ?? securityOf(state),
    }),
  });
  deps.logger.info('a change ended', { remediation: lease.id, state, reason });
  await tellAll(execution, { ...end, reason });
}

function securityOf(state: EndState): number {
  return state === 'unknown_outcome' || state === 'verify_failed' ? 3 : 2;
}

/** It has ended, whether that can be told at this moment or not: the sweep tells it again. */
async function tellAll({ plan, lease, record, deps }: Execution, end: End): Promise<void> {
  const approvers = record.votes.map(({ user }) => user);
  const event = end.forged === true ? undefined : eventOf(plan, end, approvers);
  const told = [tellRemediation(lease.id, deps), ...(event === undefined ? [] : [deps.writer.event(event)])];
  for (const result of await Promise.allSettled(told)) {
    if (result.status === 'rejected') {
      deps.logger.warn('the end of a change could not be told everywhere', {
        remediation: lease.id,
        error: result.reason,
      });
    }
  }
}

const EVENT_REASONS: Readonly<Partial<Record<EndState, string>>> = {
  succeeded: 'RemediationSucceeded',
  verify_failed: 'RemediationDidNotHelp',
  failed: 'RemediationFailed',
  unknown_outcome: 'RemediationOutcomeUnknown',
};

function eventOf(plan: RemediationPlan, { state, reason }: End, approvers: readonly string[]): ClusterEvent {
  const who = approvers.length === 0 ? '' : ` Approved by ${approvers.join(', ')}.`;
  return {
    remediation: plan.id,
    involved: involvedIn(plan),
    type: state === 'succeeded' ? 'Normal' : 'Warning',
    reason: EVENT_REASONS[state] ?? 'RemediationNotRun',
    message: shorten(oneLine(`${plan.words.title}: ${reason}${who} (${plan.id})`), LONGEST_EVENT),
  };
}

/** What is no Kubernetes object is told on the object that was diagnosed. */
function involvedIn({ target, input }: RemediationPlan): ClusterEvent['involved'] {
  const { subject } = input;
  const isObject = /^[A-Z]/.test(target.kind);
  const { kind, namespace, name, uid } = isObject ? target : subject;
  const known = RESOURCE_TYPES.find((type) => type.kind === kind && (!isObject || type.group === target.group));
  const group = known?.group ?? (isObject ? target.group : '');
  const version = known?.version ?? 'v1';
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, namespace, name, uid };
}
