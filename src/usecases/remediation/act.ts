import type { Possible } from '../../actions/action.ts';
import { canonicalJson } from '../../core/remediation/canonical-json.ts';
import { intentText } from '../../core/remediation/intent.ts';
import type { Reply } from '../../core/remediation/reply-table.ts';
import { addStep, appendAudit, type Execution, executionAudit, type Sends } from './execution.ts';
import { insist } from './insist.ts';
import { lateStop, type Ready, type Stop } from './recheck.ts';
import { monotonicOf } from './remediation-deps.ts';
import { replyWords, requestLine, sendOnce } from './request.ts';
import { beginStep } from './run-step.ts';
import { switchedOff } from './standing.ts';

/** It was sent; what came back. */
export interface Sent {
  readonly kind: 'sent';
  readonly reply: Reply;
  readonly sends: Sends;
}

/** What was checked is too old by now; nothing was sent. */
export interface Stale {
  readonly kind: 'stale';
}

const STOPPED: Stop = {
  kind: 'stop',
  end: {
    state: 'blocked',
    reason: 'It was stopped directly before the change was made. Nothing was changed.',
  },
};

/**
 * Notes what is about to be sent, and sends it once. Between the last look at the lease and the send nothing is awaited:
 * an executor that was frozen before sends nothing. Throws `LeaseLost` and STORE_UNAVAILABLE.
 */
export async function act(execution: Execution, ready: Ready, earlier: Sends): Promise<Sent | Stop | Stale> {
  const { deps, lease, plan } = execution;
  const { possible, until, freshUntil } = ready;
  const sends: Sends = { count: earlier.count + 1, before: possible.before };
  await lease.renew();
  const off = await switchedOff(deps);
  if (off !== undefined) {
    return { kind: 'stop', end: { state: 'blocked', reason: off } };
  }
  if (monotonicOf(deps) >= freshUntil) {
    return { kind: 'stale' };
  }
  if (!(await intend(execution, possible, sends))) {
    // Whoever lost it learns that here, and ends nothing.
    await lease.renew();
    return lateStop(execution, until) ?? STOPPED;
  }
  const late = (await stopAfterIntent(execution)) ?? lateStop(execution, until);
  if (late !== undefined) {
    return late;
  }
  if (monotonicOf(deps) >= freshUntil) {
    return { kind: 'stale' };
  }
  if (!lease.holds()) {
    lease.lose();
  }
  const ended = beginStep(requestLine(possible.effect), deps);
  const { reply, output } = await sendOnce(possible.effect, plan.id, deps);
  await noteReply(execution, reply, sends);
  await insist(() => addStep(ended({ ok: reply.kind === 'done', output }), execution), deps);
  return { kind: 'sent', reply, sends };
}

/** The kill switch once more, since nothing takes a request back. */
async function stopAfterIntent({ deps }: Execution): Promise<Stop | undefined> {
  const off = await switchedOff(deps);
  return off === undefined ? undefined : { kind: 'stop', end: { state: 'blocked', reason: off } };
}

/** False: nothing may be sent. Whether an answer that was lost was yes is told by what is stored. */
async function intend(execution: Execution, possible: Possible, sends: Sends): Promise<boolean> {
  const { deps, lease } = execution;
  const digest = deps.signer.digest(canonicalJson(possible.effect));
  const intent = intentText({ digest, before: sends.before, sends: sends.count });
  const audit = executionAudit(execution, 'intent', {
    detail: { digest, request: requestLine(possible.effect), sends: sends.count },
    security: 3,
  });
  let uncertain = false;
  const write = async (): Promise<boolean> => {
    try {
      return await deps.store.intend(lease.id, lease.fence, intent, audit);
    } catch (error) {
      uncertain = true;
      throw error;
    }
  };
  if (await insist(write, deps)) {
    return true;
  }
  const record = uncertain ? await insist(() => deps.store.read(lease.id), deps) : undefined;
  return record?.intent === intent && record.fence === lease.fence && record.state === 'executing';
}

/** Whoever lost the lease meanwhile has sent it all the same: that must not be missing from the audit. */
async function noteReply(execution: Execution, reply: Reply, sends: Sends): Promise<void> {
  const { deps, lease } = execution;
  const detail = {
    reply: reply.kind,
    response: replyWords(reply),
    sends: sends.count,
    ...(lease.holds() ? {} : { late: true }),
  };
  await appendAudit(executionAudit(execution, 'result', { detail, security: 3 }), deps);
}
