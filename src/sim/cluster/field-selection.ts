import type { JsonObject } from '../../core/facts/json.ts';
import { type FieldMatcher, fieldMatcher } from '../../core/recording/field-selector.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import type { Selection } from './label-selection.ts';

/** Kinds whose refusals have words of their own; all others name the two general fields. */
const PLAIN_WORDS: ReadonlySet<string> = new Set(['Event', 'Namespace', 'Node', 'Pod', 'Secret', 'Service']);
/** Kinds that cannot even be selected by the namespace that they do not have. */
const WITHOUT_NAMESPACE: ReadonlySet<string> = new Set(['Namespace', 'Node']);
/** Fields that only other versions or other kinds of servers select by. */
const REFUSED: Readonly<Record<string, readonly string[]>> = { ReplicaSet: ['status.replicas'] };

interface Term {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

/** Compiles a field selector for a resource with the messages of the API server. */
export function fieldSelection(selector: string, type: ResourceType): Selection {
  const matchers: ((object: JsonObject) => boolean)[] = [];
  for (const text of splitTerms(selector)) {
    const term = termOf(text);
    if (typeof term === 'string') {
      return { ok: false, message: term };
    }
    const matcher = matcherOf(term, type);
    if (matcher === undefined || !matcher.ok) {
      return { ok: false, message: refusedWords(term.field, type) };
    }
    matchers.push(matcher.matches);
  }
  return { ok: true, matches: (object) => matchers.every((matches) => matches(object)) };
}

/** No field that can be selected by holds a comma, an equals sign or a backslash: only the field is looked at then. */
function matcherOf({ field, operator, value }: Term, type: ResourceType): FieldMatcher | undefined {
  if (!supported(field, type)) {
    return undefined;
  }
  const usual = !/[\\,=]/.test(value);
  const matcher = fieldMatcher(`${field}${operator}${usual ? value : ''}`, type.kind);
  return usual || !matcher.ok ? matcher : { ok: true, matches: () => operator === '!=' };
}

/** Splits at commas that no backslash escapes. */
function splitTerms(selector: string): readonly string[] {
  return selector.split(/(?<!\\),/).filter((term) => term !== '');
}

function termOf(text: string): Term | string {
  const [, field = '', operator, raw = ''] = /^(.*?)(!=|==|=)(.*)$/s.exec(text) ?? [];
  if (operator === undefined) {
    return `invalid selector: '${text}'; can't understand '${text}'`;
  }
  const escape = /\\[^\\,=]|\\$/.exec(raw)?.[0];
  if (escape !== undefined) {
    return `invalid field selector: invalid escape sequence: ${escape}`;
  }
  const bare = /(?<!\\)[=,]/.exec(raw)?.[0];
  if (bare !== undefined) {
    return `invalid field selector: unescaped character in value: ${bare.charCodeAt(0)}`;
  }
  return { field, operator, value: raw.replace(/\\([\\,=])/g, '$1') };
}

function supported(field: string, { kind }: ResourceType): boolean {
  if (field === 'metadata.namespace' && WITHOUT_NAMESPACE.has(kind)) {
    return false;
  }
  return /^\S+$/.test(field) && REFUSED[kind]?.includes(field) !== true;
}

function refusedWords(field: string, { kind }: ResourceType): string {
  if (PLAIN_WORDS.has(kind)) {
    return `field label not supported: ${field}`;
  }
  return kind === 'Job'
    ? `field label ${JSON.stringify(field)} not supported for Job`
    : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/** The name that a selector asks for, which then counts for access rules; empty when it asks for none. */
export function selectedName(selector: string): string {
  const named = splitTerms(selector).map((text) => /^metadata\.name==?([^=]+)$/.exec(text)?.[1]);
  return named.find((name) => name !== undefined) ?? '';
}
