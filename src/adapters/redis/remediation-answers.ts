import { remediationStateSchema, switchSchema } from '../../core/remediation/remediation-schema.ts';
import type { RemediationState } from '../../core/remediation/state.ts';
import type { Logger } from '../../ports/logger.ts';
import type { BreakerState, DecideResult, SwitchState } from '../../ports/remediation-store.ts';
import type { RedisReply } from './redis-connection.ts';
import { listOf, numberOf, textOf } from './redis-reply.ts';
import { parseStored } from './stored-value.ts';

/** What a script says of a decision. */
export function decideResult(reply: RedisReply): DecideResult {
  const [kind, first, second] = listOf(reply);
  switch (kind) {
    case 'counted':
      return { kind, votes: numberOf(first), required: numberOf(second) };
    case 'decided':
      return { kind, state: stateOf(textOf(first)) };
    case 'voted':
    case 'own':
    case 'stale':
    case 'expired':
    case 'unknown':
      return { kind };
    default:
      return decidedBefore(listOf(reply));
  }
}

/** `already` with the state. A state that nobody knows, of a forger or another version, is unknown. */
export function decidedBefore([, state]: readonly RedisReply[]):
  | { readonly kind: 'already'; readonly state: RemediationState }
  | { readonly kind: 'unknown' } {
  const known = remediationStateSchema.safeParse(textOf(state));
  return known.success ? { kind: 'already', state: known.data } : { kind: 'unknown' };
}

/** How far a claimed one was. */
export function claimFrom(text: string | null): 'approved' | 'executing' | 'verifying' {
  return text === 'executing' || text === 'verifying' ? text : 'approved';
}

/** A switch as it is stored. What cannot be read switches off as well. */
export function switchState(scope: string, text: string, logger: Logger): SwitchState {
  const space = text.indexOf(' ');
  const log = { logger, what: 'switch', id: scope };
  const said = parseStored(text.slice(space + 1), switchSchema, log) ?? { by: '', reason: '' };
  const ms = Number(text.slice(0, space));
  const at = new Date(Number.isSafeInteger(ms) && Math.abs(ms) < 8e15 ? ms : 0).toISOString();
  return { scope, ...said, at };
}

/** A breaker from its cluster, action and end. */
export function breakerState([cluster = '', action = '', until = '']: readonly string[]): BreakerState {
  return { cluster, action, ...(until === 'always' ? {} : { until: new Date(numberOf(until)).toISOString() }) };
}

function stateOf(text: string | null): RemediationState {
  const known = remediationStateSchema.safeParse(text);
  return known.success ? known.data : 'blocked';
}
