import { matcherText, type SilenceDraft, type SilenceMatcher } from '../../core/triage/silence.ts';
import type { Alertmanagers, EndResult, SilenceResult } from '../../ports/alertmanager.ts';
import { type AlertmanagerAnswer, type AlertmanagerServer, callAlertmanager } from './alertmanager-client.ts';

type Failed = Exclude<AlertmanagerAnswer, { readonly kind: 'ok' }>;

/** What is found of a silence that may have been made. */
type Found =
  | { readonly kind: 'found'; readonly id: string; readonly ended: boolean }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly answer: Failed };

const NO_SUCH = 'it is not in the settings any more';
const SILENCE_ID = /^[\w-]{1,64}$/;
/** Values that every version reads in a filter as they are. */
const PLAIN_VALUE = /^[\w .:|()-]{1,200}$/;
const MOST_FILTERS = 5;

/** Alertmanagers over their API v2; `servers` is asked for every call, since the settings may change. */
export function httpAlertmanagers(servers: () => readonly AlertmanagerServer[], timeoutMs?: number): Alertmanagers {
  const named = (name: string): AlertmanagerServer | undefined => servers().find((server) => server.name === name);
  return {
    namesFor: (cluster) =>
      servers()
        .filter(({ clusters }) => clusters === undefined || cluster === '' || clusters.includes(cluster))
        .map(({ name }) => name),
    async silence(name, draft) {
      const server = named(name);
      return server === undefined ? { kind: 'refused', reason: NO_SUCH } : makeOnce({ server, timeoutMs }, draft);
    },
    async endSilence(name, id) {
      const server = named(name);
      return server === undefined || !SILENCE_ID.test(id)
        ? { kind: 'refused', reason: NO_SUCH }
        : end({ server, timeoutMs }, id);
    },
  };
}

interface Target {
  readonly server: AlertmanagerServer;
  readonly timeoutMs: number | undefined;
}

async function makeOnce(target: Target, draft: SilenceDraft): Promise<SilenceResult> {
  const before = await find(target, draft);
  if (before.kind !== 'absent') {
    return before.kind === 'found' ? made(before) : notMade(before.answer);
  }
  const answer = await callAlertmanager(
    target.server,
    { method: 'POST', path: '/silences', body: draft },
    target.timeoutMs,
  );
  if (answer.kind === 'ok') {
    const id = idIn(answer.body, 'silenceID');
    return id === undefined
      ? { kind: 'refused', reason: 'what answers there is no Alertmanager' }
      : { kind: 'made', id, ended: false };
  }
  if (!mayHaveArrived(answer)) {
    return notMade(answer);
  }
  const after = await find(target, draft);
  if (after.kind === 'found') {
    return made(after);
  }
  // What is still on its way is not there yet.
  const convincing = answer.kind === 'refused' && after.kind === 'absent';
  return { kind: convincing ? 'unavailable' : 'uncertain', reason: answer.reason };
}

function made({ id, ended }: Extract<Found, { kind: 'found' }>): SilenceResult {
  return { kind: 'made', id, ended };
}

function notMade(answer: Failed): SilenceResult {
  const forGood = answer.kind === 'refused' && answer.status < 500;
  return { kind: forGood ? 'refused' : 'unavailable', reason: answer.reason };
}

/** A proxy may say so (502, 504) when it did not hear the answer itself. */
function mayHaveArrived(answer: Failed): boolean {
  return answer.kind === 'silent' || (answer.kind === 'refused' && answer.status >= 500);
}

/** The silence with the same author and comment, whatever its state. */
async function find({ server, timeoutMs }: Target, draft: SilenceDraft): Promise<Found> {
  const query = filtersOf(draft.matchers);
  const answer = await callAlertmanager(server, { method: 'GET', path: '/silences', query }, timeoutMs);
  if (answer.kind !== 'ok') {
    return { kind: 'failed', answer };
  }
  const all: readonly unknown[] = Array.isArray(answer.body) ? answer.body : [];
  const same = all.find(
    (one) => fieldOf(one, 'comment') === draft.comment && fieldOf(one, 'createdBy') === draft.createdBy,
  );
  const id = idIn(same, 'id');
  return id === undefined ? { kind: 'absent' } : { kind: 'found', id, ended: stateOf(same) === 'expired' };
}

/** Keeps the answer short: only silences with the same matchers. */
function filtersOf(matchers: readonly SilenceMatcher[]): readonly (readonly [string, string])[] {
  return matchers
    .filter(({ value }) => PLAIN_VALUE.test(value))
    .slice(0, MOST_FILTERS)
    .map((matcher) => ['filter', matcherText(matcher)] as const);
}

async function end({ server, timeoutMs }: Target, id: string): Promise<EndResult> {
  const path = `/silence/${id}`;
  const answer = await callAlertmanager(server, { method: 'DELETE', path }, timeoutMs);
  if (answer.kind === 'ok') {
    return { kind: 'ended' };
  }
  // What is not known is told by 404 or, by older versions, by 500; and nothing heard is no answer.
  const state = await callAlertmanager(server, { method: 'GET', path }, timeoutMs);
  if (state.kind === 'ok' && stateOf(state.body) === 'expired') {
    return { kind: 'ended' };
  }
  if (state.kind === 'refused' && state.status === 404) {
    return { kind: 'gone' };
  }
  const forGood = answer.kind === 'refused' && answer.status < 500;
  return { kind: forGood ? 'refused' : 'unavailable', reason: answer.reason };
}

function stateOf(silence: unknown): unknown {
  return fieldOf(fieldOf(silence, 'status'), 'state');
}

function idIn(body: unknown, key: string): string | undefined {
  const id = fieldOf(body, key);
  return typeof id === 'string' && SILENCE_ID.test(id) ? id : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(key)
    : undefined;
}
