import type { LookResult } from '../../core/triage/apply-looks.ts';
import type { Look } from '../../core/triage/plan-looks.ts';
import type { TriageAnswer } from '../../ports/triage-store.ts';
import { findOutcome, type OutcomeDeps } from '../find-outcome.ts';

/** What came of looking at one root object. */
export interface LookedAt {
  /** Of its incident; what may be named in the answer depends on it. */
  readonly channel: string;
  readonly result: LookResult;
  readonly answer: TriageAnswer;
}

/** A look, with the namespaces that may be named in its answer. */
export interface PermittedLook {
  readonly look: Look;
  readonly channel: string;
  readonly readable: readonly string[];
}

/** Diagnoses at once. */
const AT_ONCE = 4;

/** Looks at root objects of a cluster, a few at a time. Never rejects. */
export async function runLooks(
  cluster: string,
  looks: readonly PermittedLook[],
  deps: OutcomeDeps,
): Promise<readonly LookedAt[]> {
  const found: LookedAt[] = [];
  const waiting = looks.values();
  const work = async (): Promise<void> => {
    for (const { look, readable, channel } of waiting) {
      const asked = { cluster, subject: look.query, readable, reference: look.incident };
      const answer = await findOutcome(asked, deps);
      found.push({ channel, result: { look, result: resultOf(answer.outcome) }, answer });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

function resultOf(outcome: Awaited<ReturnType<typeof findOutcome>>['outcome']): LookResult['result'] {
  return outcome.kind === 'answered'
    ? { kind: 'diagnosis', diagnosis: outcome.diagnosis }
    : { kind: 'failed', code: outcome.code, message: outcome.message };
}
