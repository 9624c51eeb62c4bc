import type { Verification } from '../../actions/action.ts';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { stillFound } from '../../core/remediation/offered-fix.ts';
import { askAfresh } from './ask-afresh.ts';
import { diagnoseAgain } from './evidence.ts';
import { actContext, actedOf, type Execution, type Sends, type Watched } from './execution.ts';
import { finish } from './finish.ts';
import { LeaseLost } from './lease.ts';
import { monotonicOf } from './remediation-deps.ts';

const LOOK_AGAIN_MS = 3000;
/** Between two diagnoses of an object that looks well but is not yet found to be. */
const DIAGNOSE_AGAIN_MS = 10_000;

/**
 * Looks until the change has helped or its time is over. It helped when the action sees that it did and a fresh diagnosis
 * does not find the same trouble on the object. Throws `LeaseLost` and STORE_UNAVAILABLE.
 */
export async function verify(execution: Execution, before: Sends['before']): Promise<void> {
  const { deps, lease } = execution;
  const until = await deadline(execution);
  const watched: Watched = new Map();
  for (;;) {
    await lease.check();
    const look = await confirmed(execution, await lookOnce(execution, before, watched));
    if (look.kind === 'helped') {
      return finish(execution, { from: 'verifying', state: 'succeeded', reason: look.says });
    }
    if (look.kind === 'failed' || monotonicOf(deps) >= until) {
      await askAfresh(execution);
      return finish(execution, { from: 'verifying', state: 'verify_failed', reason: look.says, security: 3 });
    }
    await lease.pause(look.again);
  }
}

/** By `monotonic`; another executor that goes on with it does not begin anew. */
async function deadline({ record, deps }: Execution): Promise<number> {
  const askedAt = monotonicOf(deps);
  const { verifyMs } = deps.settings().times;
  const since = record.history.find(({ state }) => state === 'verifying')?.at;
  const spentMs = since === undefined ? 0 : (await deps.store.now()).getTime() - Date.parse(since);
  return askedAt + verifyMs - Math.max(0, spentMs);
}

type Look =
  | Exclude<Verification, { kind: 'waiting' }>
  | { readonly kind: 'waiting'; readonly says: string; readonly again: number };

async function lookOnce(execution: Execution, before: Sends['before'], watched: Watched): Promise<Verification> {
  const { deps, action, plan } = execution;
  try {
    const reader = await deps.openPlainReader();
    return await action.verify(actedOf(execution, before), actContext(execution, reader, watched));
  } catch (error) {
    if (error instanceof LeaseLost || isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      throw error;
    }
    deps.logger.warn('whether a change helped could not be looked at', { remediation: plan.id, error });
    return { kind: 'waiting', says: 'What became of the object could not be read' };
  }
}

async function confirmed(execution: Execution, look: Verification): Promise<Look> {
  if (look.kind === 'waiting') {
    return { ...look, again: LOOK_AGAIN_MS };
  }
  if (look.kind === 'failed') {
    return look;
  }
  const { plan, deps, action } = execution;
  if (action.heals === false) {
    return look;
  }
  const { code } = plan.finding;
  const { kind, namespace, name } = look.object ?? plan.input.subject;
  const outcome = await diagnoseAgain(plan, { kind, namespace, name }, deps);
  const found = stillFound(outcome, { code, kind, namespace, name });
  if (found === false) {
    return look;
  }
  const but = found === true ? `a fresh diagnosis still finds "${code}"` : 'it could not be diagnosed again';
  return { kind: 'waiting', says: `${look.says}, but ${but}`, again: DIAGNOSE_AGAIN_MS };
}
