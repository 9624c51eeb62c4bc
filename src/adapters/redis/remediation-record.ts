import type { Ending, RemediationRecord, StepResult, Vote } from '../../core/remediation/remediation.ts';
import {
  endingSchema,
  remediationStateSchema,
  shownAtSchema,
  signedPlanSchema,
  stepResultSchema,
  storedVoteSchema,
} from '../../core/remediation/remediation-schema.ts';
import { isStoreReason, storeWords } from '../../core/remediation/store-words.ts';
import type { Logger } from '../../ports/logger.ts';
import { parseStored, type StoredLog } from './stored-value.ts';

type Fields = ReadonlyMap<string, string>;

/** The record that the fields of a hash make; `undefined`, with a line in the log, when any part of it is not understood. */
export function remediationRecord(id: string, fields: Fields, logger: Logger): RemediationRecord | undefined {
  const log = { logger, what: 'remediation', id };
  const state = remediationStateSchema.safeParse(fields.get('state'));
  const signed = parseStored(fields.get('signed') ?? null, signedPlanSchema, log);
  const [votes, steps, history] = [votesOf(fields, log), stepsOf(fields, log), historyOf(fields.get('history') ?? '')];
  const parts = optionalParts(fields, log);
  if (!state.success || signed === undefined || !votes || !steps || !history || !parts) {
    logger.warn('remediation is not understood', { id });
    return undefined;
  }
  return {
    signed,
    state: state.data,
    revision: countOf(fields.get('rev')),
    votes,
    history,
    fence: countOf(fields.get('fence')),
    steps,
    ...parts,
  };
}

type OptionalParts = Pick<RemediationRecord, 'actBefore' | 'intent' | 'ending' | 'message'>;

function optionalParts(fields: Fields, log: StoredLog): OptionalParts | undefined {
  const [actBefore, intent, ending, message] = ['actBefore', 'intent', 'ending', 'message'].map((name) =>
    fields.get(name),
  );
  const at = actBefore === undefined ? undefined : timeOf(actBefore);
  const ended = ending === undefined ? undefined : endingOf(ending, log);
  const shown = message === undefined ? undefined : parseStored(message, shownAtSchema, log);
  const lost = [
    [actBefore, at],
    [ending, ended],
    [message, shown],
  ].some(([stored, read]) => stored !== undefined && read === undefined);
  return lost
    ? undefined
    : {
        ...(at === undefined ? {} : { actBefore: at }),
        ...(intent === undefined ? {} : { intent }),
        ...(ended === undefined ? {} : { ending: ended }),
        ...(shown === undefined ? {} : { message: shown }),
      };
}

/** What the store itself decided is a word. */
function endingOf(text: string, log: StoredLog): Ending | undefined {
  return isStoreReason(text) ? { reason: storeWords(text) } : parseStored(text, endingSchema, log);
}

function votesOf(fields: Fields, log: StoredLog): readonly Vote[] | undefined {
  return numbered(fields, 'vote', (text) => {
    const space = text.indexOf(' ');
    const at = timeOf(text.slice(0, space));
    const vote = parseStored(text.slice(space + 1), storedVoteSchema, log);
    return vote === undefined || at === undefined ? undefined : { ...vote, at };
  });
}

function stepsOf(fields: Fields, log: StoredLog): readonly StepResult[] | undefined {
  return numbered(fields, 'step', (text) => parseStored(text, stepResultSchema, log));
}

/** What `<what>:1`, `<what>:2` and so on hold, as many as `<what>s` says; nothing when one of them is not understood. */
function numbered<T>(fields: Fields, what: string, read: (text: string) => T | undefined): readonly T[] | undefined {
  const found: T[] = [];
  for (let place = 1; place <= countOf(fields.get(`${what}s`)); place += 1) {
    const text = fields.get(`${what}:${place}`);
    const value = text === undefined ? undefined : read(text);
    if (value === undefined) {
      return undefined;
    }
    found.push(value);
  }
  return found;
}

function historyOf(text: string): RemediationRecord['history'] | undefined {
  const words = text.trim().split(' ');
  const history: RemediationRecord['history'][number][] = [];
  for (let place = 0; place < words.length; place += 2) {
    const state = remediationStateSchema.safeParse(words[place]);
    const at = timeOf(words[place + 1] ?? '');
    if (!state.success || at === undefined) {
      return undefined;
    }
    history.push({ state: state.data, at });
  }
  return history;
}

function countOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** RFC 3339 of milliseconds. */
function timeOf(text: string): string | undefined {
  return /^\d{1,15}$/.test(text) ? new Date(Number(text)).toISOString() : undefined;
}
