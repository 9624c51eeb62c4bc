import type { JsonObject } from '../../core/facts/json.ts';
import { labelMatcher } from '../../core/recording/label-selector.ts';
import { childOf, textAt } from '../../core/recording/object-parts.ts';
import { labelKeyProblem, labelValueProblem } from './label-syntax.ts';
import { type LabelToken, labelTokens } from './label-tokens.ts';

/** A compiled selector, or the words of the API server for why it is none. */
export type Selection =
  | { readonly ok: true; readonly matches: (object: JsonObject) => boolean }
  | { readonly ok: false; readonly message: string };

type Operator = 'exists' | '!' | 'in' | 'notin' | '=' | '==' | '!=' | '>' | '<';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

const BINARY: ReadonlySet<string> = new Set(['in', 'notin', '=', '==', '!=', '>', '<']);

/** Compiles a label selector with the grammar, the checks and the messages of the API server. */
export function labelSelection(selector: string): Selection {
  try {
    const matchers = new SelectorParser(labelTokens(selector)).parse().map(matcherOf);
    return { ok: true, matches: (object) => matchers.every((matches) => matches(object)) };
  } catch (error) {
    if (error instanceof SelectorError) {
      return { ok: false, message: error.message };
    }
    throw error;
  }
}

function matcherOf({ key, operator, values }: Requirement): (object: JsonObject) => boolean {
  if (operator === '>' || operator === '<') {
    const bound = Number(values[0]);
    return (object) => {
      const value = Number.parseInt(textAt(labelsOf(object), key), 10);
      return operator === '>' ? value > bound : value < bound;
    };
  }
  const matches = labelMatcher(canonical({ key, operator, values }));
  return (object) => matches?.(labelsOf(object)) ?? false;
}

function canonical({ key, operator, values }: Requirement): string {
  if (operator === 'exists') {
    return key;
  }
  if (operator === '!') {
    return `!${key}`;
  }
  return operator === 'in' || operator === 'notin'
    ? `${key} ${operator} (${values.join(',')})`
    : `${key}${operator}${values[0] ?? ''}`;
}

function labelsOf(object: JsonObject): JsonObject {
  return childOf(childOf(object, 'metadata'), 'labels');
}

class SelectorParser {
  readonly #tokens: readonly LabelToken[];
  #at = 0;

  constructor(tokens: readonly LabelToken[]) {
    this.#tokens = tokens;
  }

  parse(): readonly Requirement[] {
    const requirements: Requirement[] = [];
    while (this.#next().kind !== 'end') {
      const { kind, text } = this.#next();
      if (kind !== 'word' && text !== '!') {
        throw new SelectorError(`found '${text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      this.#separator();
    }
    return requirements;
  }

  #separator(): void {
    const { kind, text } = this.#take();
    if (kind === 'end') {
      this.#at -= 1;
      return;
    }
    if (text !== ',') {
      throw new SelectorError(`found '${text}', expected: ',' or 'end of string'`);
    }
    const next = this.#next();
    if (next.kind !== 'word' && next.text !== '!') {
      throw new SelectorError(`found '${next.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    const negated = this.#next().text === '!' && this.#take().text === '!';
    const { kind, text: key } = this.#take();
    if (kind !== 'word') {
      throw requirementError(`found '${key}', expected: identifier`);
    }
    const problem = labelKeyProblem(key);
    if (problem !== undefined) {
      throw requirementError(problem);
    }
    const { kind: behind, text } = this.#next();
    if (negated || behind === 'end' || text === ',') {
      return { key, operator: negated ? '!' : 'exists', values: [] };
    }
    return this.#comparison(key);
  }

  #comparison(key: string): Requirement {
    const operator = this.#take().text;
    if (!isBinary(operator)) {
      throw requirementError(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const listed = operator === 'in' || operator === 'notin';
    const values = listed ? this.#values() : [this.#exactValue()];
    const problem = valuesProblem({ key, operator, values });
    if (problem !== undefined) {
      throw requirementError(problem);
    }
    return { key, operator, values };
  }

  #exactValue(): string {
    const { kind, text } = this.#next();
    if (kind === 'end' || text === ',') {
      return '';
    }
    this.#take();
    if (kind !== 'word') {
      throw requirementError(`found '${text}', expected: identifier`);
    }
    return text;
  }

  #values(): readonly string[] {
    const open = this.#take();
    if (open.text !== '(') {
      throw requirementError(`found '${open.text}' expected: '('`);
    }
    const values: string[] = [];
    for (;;) {
      const { kind, text } = this.#next();
      values.push(kind === 'word' ? this.#take().text : '');
      const behind = this.#take();
      if (behind.text === ')') {
        return values;
      }
      if (behind.text !== ',') {
        const expected = kind === 'word' || text === '' ? "',' or ')'" : "',', or identifier";
        throw requirementError(`found '${behind.text}', expected: ${expected}`);
      }
    }
  }

  #next(): LabelToken {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #take(): LabelToken {
    const token = this.#next();
    this.#at += 1;
    return token;
  }
}

function requirementError(words: string): SelectorError {
  return new SelectorError(`unable to parse requirement: ${words}`);
}

function isBinary(text: string): text is Operator {
  return BINARY.has(text);
}

function valuesProblem({ key, operator, values }: Requirement): string | undefined {
  if (operator === '>' || operator === '<') {
    const [value = ''] = values;
    return /^[+-]?\d+$/.test(value)
      ? undefined
      : `values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`;
  }
  return values
    .toSorted()
    .map((value, index) => labelValueProblem(value, `values[${index}][${key}]`))
    .find(Boolean);
}
