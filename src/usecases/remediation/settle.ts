import type { Effect } from '../../actions/action.ts';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import {
  type LookMeaning,
  type PlainEnd,
  type Reply,
  type ReplyMeaning,
  readLook,
  readReply,
  type Seen,
} from '../../core/remediation/reply-table.ts';
import { isConditional } from './conditional.ts';
import {
  actContext,
  actedOf,
  appendAudit,
  type Execution,
  executionAudit,
  type Sends,
  type Watched,
} from './execution.ts';
import { LeaseLost } from './lease.ts';
import { monotonicOf } from './remediation-deps.ts';
import { requestFacts } from './request.ts';

/** Between two looks at an object that cannot be read. */
const LOOK_AGAIN_MS = 3000;

/** What follows from a reply; looks at the object where the reply does not tell. Throws `LeaseLost` and STORE_UNAVAILABLE. */
export async function settle(
  execution: Execution,
  { reply, effect }: { readonly reply: Reply; readonly effect: Effect },
  sends: Sends,
): Promise<LookMeaning> {
  const earlier = sends.count > 1;
  const meaning = readReply(reply, { ...requestFacts(effect), conditional: isConditional(execution), earlier });
  return meaning.kind === 'look' ? lookAt(execution, meaning, { ...sends, earlier }) : meaning;
}

/** What became of a change whose executor died after it had announced it. Throws as `settle`. */
export async function settleSilence(execution: Execution, sends: Sends): Promise<LookMeaning> {
  const silence: Reply = { kind: 'unknown', message: 'the executor that sent it fell silent' };
  const meaning = readReply(silence, {
    conditional: isConditional(execution),
    earlier: true,
    evicts: false,
    tests: false,
  });
  return meaning.kind === 'look' ? lookAt(execution, meaning, { ...sends, earlier: true }) : meaning;
}

/** How it ends that it is not sent (again): only where an earlier send was not seen as if nothing had been done. Throws as `settle`. */
export async function settleStop(execution: Execution, end: PlainEnd, sends: Sends): Promise<LookMeaning> {
  return sends.count === 0
    ? { kind: 'end', end }
    : lookAt(execution, { kind: 'look', because: 'refused', end }, { ...sends, earlier: true });
}

async function lookAt(
  execution: Execution,
  meaning: Extract<ReplyMeaning, { kind: 'look' }>,
  { count, before, earlier }: Sends & { readonly earlier: boolean },
): Promise<LookMeaning> {
  const seen = await seenNow(execution, before);
  await appendAudit(
    executionAudit(execution, 'result', { detail: { seen, sends: count }, security: 3 }),
    execution.deps,
  );
  return readLook(seen, meaning, { earlier, sends: count });
}

/** Waits as long as a verification may take for the cluster to answer. */
async function seenNow(execution: Execution, before: Sends['before']): Promise<Seen> {
  const { deps, lease } = execution;
  const until = monotonicOf(deps) + deps.settings().times.verifyMs;
  const watched: Watched = new Map();
  for (;;) {
    await lease.check();
    const seen = await lookOnce(execution, before, watched);
    if (seen !== 'cannot-tell' || monotonicOf(deps) >= until) {
      return seen;
    }
    await lease.pause(LOOK_AGAIN_MS);
  }
}

async function lookOnce(execution: Execution, before: Sends['before'], watched: Watched): Promise<Seen> {
  const { deps, action, plan } = execution;
  try {
    const reader = await deps.openPlainReader();
    return await action.seen(actedOf(execution, before), actContext(execution, reader, watched));
  } catch (error) {
    if (error instanceof LeaseLost || isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      throw error;
    }
    deps.logger.warn('what became of a change could not be looked at', { remediation: plan.id, error });
    return 'cannot-tell';
  }
}
