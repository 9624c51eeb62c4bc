/** One part of a field selector. */
export interface FieldTerm {
  readonly field: string;
  readonly negated: boolean;
  readonly value: string;
}

/** The parts of a field selector, or the API server's words for why it is none. */
export type ParsedFields =
  | { readonly ok: true; readonly terms: readonly FieldTerm[] }
  | { readonly ok: false; readonly message: string };

/** Reads a field selector with the grammar and the messages of the API server, whatever the kind. */
export function parseFieldSelector(selector: string): ParsedFields {
  const terms: FieldTerm[] = [];
  for (const text of splitTerms(selector)) {
    const [, field = '', operator, raw = ''] = /^(.*?)(!=|==|=)(.*)$/s.exec(text) ?? [];
    if (operator === undefined) {
      return { ok: false, message: `invalid selector: '${selector}'; can't understand '${text}'` };
    }
    const problem = valueProblem(raw);
    if (problem !== undefined) {
      return { ok: false, message: `invalid field selector: ${problem}` };
    }
    terms.push({ field, negated: operator === '!=', value: raw.replace(/\\([\\,=])/g, '$1') });
  }
  // A term without field and value says nothing.
  return { ok: true, terms: terms.filter(({ field, value }) => field !== '' || value !== '') };
}

/** Splits at commas that no backslash escapes; in the order in which the API server complains. */
function splitTerms(selector: string): readonly string[] {
  return (selector.match(/(?:\\.|[^\\,]|\\$)+/gs) ?? []).toSorted();
}

function valueProblem(raw: string): string | undefined {
  const escapesOrMarks = raw.match(/\\.|[\\,=]/gs) ?? [];
  const wrong = escapesOrMarks.find((part) => !/^\\[\\,=]$/.test(part));
  if (wrong === undefined) {
    return undefined;
  }
  return wrong.startsWith('\\')
    ? `invalid escape sequence: ${wrong}`
    : `unescaped character in value: ${wrong.charCodeAt(0)}`;
}
