import type { Finding } from '../diagnosis/finding.ts';
import { type Expression, isPlainList, type PlainValue, type Scope, toFact } from '../expression/cel.ts';
import type { Template } from '../expression/template.ts';
import { normaliseText } from '../facts/text.ts';
import type { CompiledMatch, CompiledNeed, CompiledPlaybook } from './compiled.ts';

/** Matches of one global signature that are bound. */
const MOST_MATCHES = 20;

/** A playbook on one subject (and one element of its list), with the facts bound so far. */
export interface Candidate {
  readonly playbook: CompiledPlaybook;
  /** The container it runs over; empty when it does not run over containers. */
  readonly container: string;
  readonly scope: Record<string, Scope[string]>;
  /** Names of needs that could not be read, with the reason. */
  readonly unread: Map<string, string>;
}

/** A playbook whose trigger did not hold. */
export interface Rejection {
  readonly playbook: CompiledPlaybook;
  readonly container: string;
  readonly reason: string;
}

/** Evaluates a playbook's trigger on base facts, for every element of its list. */
export function considerPlaybook(
  playbook: CompiledPlaybook,
  base: Scope,
): { readonly candidates: readonly Candidate[]; readonly rejections: readonly Rejection[] } {
  const elements = listElements(playbook, base);
  if (!elements.ok) {
    return { candidates: [], rejections: [{ playbook, container: '', reason: elements.reason }] };
  }
  const candidates: Candidate[] = [];
  const rejections: Rejection[] = [];
  for (const element of elements.values) {
    const candidate = begin(playbook, base, element);
    const reason = triggerReason(candidate);
    if (reason === undefined) {
      candidates.push(candidate);
    } else {
      rejections.push({ playbook, container: candidate.container, reason });
    }
  }
  if (elements.values.length === 0) {
    rejections.push({
      playbook,
      container: '',
      reason: `nothing to look at: ${playbook.forEach?.over.source ?? ''} is empty`,
    });
  }
  return { candidates, rejections };
}

type Elements =
  | { readonly ok: true; readonly values: readonly PlainValue[] }
  | { readonly ok: false; readonly reason: string };

function listElements(playbook: CompiledPlaybook, base: Scope): Elements {
  if (playbook.forEach === undefined) {
    return { ok: true, values: [undefined] };
  }
  const outcome = playbook.forEach.over.evaluate(base);
  if (!outcome.ok) {
    return outcome;
  }
  return Array.isArray(outcome.value)
    ? { ok: true, values: outcome.value }
    : { ok: false, reason: `${playbook.forEach.over.source} is not a list` };
}

function begin(playbook: CompiledPlaybook, base: Scope, element: PlainValue): Candidate {
  // Names are looked up through the prototype chain, so the base facts are shared and never copied.
  const scope = Object.create(base) as Record<string, Scope[string]>;
  if (playbook.forEach !== undefined) {
    scope[playbook.forEach.name] = toFact(element);
  }
  return { playbook, container: containerOf(playbook, element), scope, unread: new Map() };
}

function containerOf(playbook: CompiledPlaybook, element: PlainValue): string {
  if (typeof element !== 'object' || element === null || isPlainList(element)) {
    return '';
  }
  const name = playbook.forEach?.name === 'container' ? element['name'] : element['container'];
  return typeof name === 'string' ? name : '';
}

/** Binds matches and lets, then tests the trigger; the reason why it does not hold. */
function triggerReason(candidate: Candidate): string | undefined {
  bindLets(candidate);
  for (const match of candidate.playbook.match.filter(({ late }) => !late)) {
    const found = firstMatch(match, candidate.scope);
    if (found === undefined && !match.optional) {
      return `no text matches the signature of "${match.name}"`;
    }
    candidate.scope[match.name] = toFact(found ?? {});
  }
  bindLets(candidate);
  const outcome = candidate.playbook.trigger.evaluate(candidate.scope);
  if (!outcome.ok) {
    return `cannot tell: ${outcome.reason}`;
  }
  return outcome.value === true ? undefined : `not the case: ${candidate.playbook.trigger.source}`;
}

function firstMatch(match: CompiledMatch, scope: Scope): PlainValue {
  const outcome = match.in.evaluate(scope);
  if (!outcome.ok) {
    return undefined;
  }
  const texts = Array.isArray(outcome.value) ? outcome.value : [outcome.value];
  for (const text of texts) {
    const found = typeof text === 'string' ? matchText(match, text) : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** The named groups of the match, with the whole text as `text` and the matched part as `matched`. */
function matchText({ pattern, global }: CompiledMatch, text: string): PlainValue {
  const normalised = normaliseText(text);
  const found = pattern.exec(normalised);
  if (found === undefined) {
    return undefined;
  }
  const all = global ? { all: pattern.execAll(normalised, MOST_MATCHES).map((match) => ({ ...match.groups })) } : {};
  return { ...found.groups, text: normalised, matched: found.text, ...all };
}

/** Binds every late match and `let` whose names are known by now; the others stay unbound, which means "cannot tell". */
export function bindLets(candidate: Candidate): void {
  for (const match of candidate.playbook.match) {
    if (match.late && candidate.scope[match.name] === undefined && match.in.evaluate(candidate.scope).ok) {
      candidate.scope[match.name] = toFact(firstMatch(match, candidate.scope) ?? {});
    }
  }
  for (const { name, value } of candidate.playbook.lets) {
    const outcome = value.evaluate(candidate.scope);
    if (outcome.ok) {
      candidate.scope[name] = toFact(outcome.value);
    }
  }
}

/** The needs that are neither bound nor given up and whose own names are known; skipped ones are bound to `{}`. */
export function openNeeds(candidate: Candidate): readonly CompiledNeed[] {
  const unbound = candidate.playbook.needs.filter(
    ({ name }) => candidate.scope[name] === undefined && !candidate.unread.has(name),
  );
  const skipped = unbound.filter(({ when }) => {
    const wanted = when?.evaluate(candidate.scope);
    return wanted?.ok === true && wanted.value !== true;
  });
  if (skipped.length === 0) {
    return unbound.filter(({ when }) => when === undefined || when.evaluate(candidate.scope).ok);
  }
  for (const { name } of skipped) {
    candidate.scope[name] = toFact({});
  }
  // What was skipped may decide whether further needs are wanted.
  bindLets(candidate);
  return openNeeds(candidate);
}

/** The texts that apply and can be rendered, in their order. */
export function renderTexts(
  texts: readonly { readonly when?: Expression; readonly text: Template }[],
  scope: Scope,
): readonly string[] {
  return texts.flatMap(({ when, text }) => {
    if (when !== undefined && !isTrue(when, scope)) {
      return [];
    }
    const rendered = text.render(scope);
    return rendered.ok && rendered.text.trim() !== '' ? [rendered.text.trim()] : [];
  });
}

/** Whether an expression is certainly true. */
export function isTrue(expression: Expression, scope: Scope): boolean {
  const outcome = expression.evaluate(scope);
  return outcome.ok && outcome.value === true;
}

/** The certainty to start from, before checks. */
export function startingCertainty(candidate: Candidate): Exclude<Finding['state'], 'refuted'> {
  const found = candidate.playbook.certainty.find(({ when }) => when === undefined || isTrue(when, candidate.scope));
  return found?.is ?? 'possible';
}
