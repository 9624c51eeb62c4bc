import { labelKeyProblem, labelValueProblem } from './label-syntax.ts';
import { type LabelToken, labelTokens } from './label-tokens.ts';

type Operator = 'exists' | '!' | 'in' | 'notin' | '=' | '==' | '!=' | '>' | '<';

/** One part of a label selector. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: Operator;
  /** Sorted, each once: none for `exists` and `!`, one for comparisons. */
  readonly values: readonly string[];
}

/** The parts of a label selector, or the API server's words for why it is none. */
export type ParsedLabels =
  | { readonly ok: true; readonly requirements: readonly LabelRequirement[] }
  | { readonly ok: false; readonly message: string };

class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

const BINARY: ReadonlySet<string> = new Set(['in', 'notin', '=', '==', '!=', '>', '<']);

/** Reads a label selector with the grammar, the checks and the messages of the API server. */
export function parseLabelSelector(selector: string): ParsedLabels {
  try {
    return { ok: true, requirements: new SelectorParser(labelTokens(selector)).parse() };
  } catch (error) {
    if (error instanceof SelectorError) {
      return { ok: false, message: error.message };
    }
    throw error;
  }
}

class SelectorParser {
  readonly #tokens: readonly LabelToken[];
  #at = 0;

  constructor(tokens: readonly LabelToken[]) {
    this.#tokens = tokens;
  }

  parse(): readonly LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
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
    const { kind, text } = this.#next();
    if (kind === 'end') {
      return;
    }
    this.#take();
    if (text !== ',') {
      throw new SelectorError(`found '${text}', expected: ',' or 'end of string'`);
    }
    const next = this.#next();
    if (next.kind !== 'word' && next.text !== '!') {
      throw new SelectorError(`found '${next.text}', expected: identifier after ','`);
    }
  }

  #requirement(): LabelRequirement {
    const negated = this.#skip('!');
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

  #comparison(key: string): LabelRequirement {
    const operator = this.#take().text;
    if (!isBinary(operator)) {
      throw requirementError(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const given = operator === 'in' || operator === 'notin' ? this.#values() : [this.#exactValue()];
    const values = [...new Set(given)].toSorted();
    const problems = valueProblems({ key, operator, values });
    if (problems.length > 0) {
      throw requirementError(problems.length === 1 ? problems.join('') : `[${problems.join(', ')}]`);
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
    const { kind, text } = this.#next();
    if (kind !== 'word' && text !== ',' && text !== ')') {
      throw requirementError(`found '${text}', expected: ',', ')' or identifier`);
    }
    return this.#skip(')') ? [''] : this.#listedValues();
  }

  /** The values up to the closing parenthesis; commas make empty values as on the API server. */
  #listedValues(): readonly string[] {
    const values: string[] = [];
    for (;;) {
      const { kind, text } = this.#take();
      if (kind === 'word') {
        values.push(text);
        this.#requireSeparator();
      } else if (text === ',') {
        const isDouble = this.#skip(',');
        if (isDouble || values.length === 0 || this.#next().text === ')') {
          values.push('');
        }
        if (isDouble) {
          continue;
        }
      } else {
        throw requirementError(`found '${text}', expected: ',', or identifier`);
      }
      if (this.#skip(')')) {
        return values;
      }
    }
  }

  #requireSeparator(): void {
    const { text } = this.#next();
    if (text !== ',' && text !== ')') {
      throw requirementError(`found '${text}', expected: ',' or ')'`);
    }
  }

  #skip(symbol: string): boolean {
    const isNext = this.#next().text === symbol;
    this.#at += isNext ? 1 : 0;
    return isNext;
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

function valueProblems({ key, operator, values }: LabelRequirement): readonly string[] {
  const [first = ''] = values;
  const number =
    (operator === '>' || operator === '<') && wholeNumber(first) === undefined
      ? [`values[0]: Invalid value: ${JSON.stringify(first)}: for 'Gt', 'Lt' operators, the value must be an integer`]
      : [];
  const invalid = values.map((value, index) => labelValueProblem(value, `values[${index}][${key}]`));
  return [...number, ...invalid.filter((problem) => problem !== undefined)];
}

/** The signed 64-bit number that a text is; undefined when it is none. */
export function wholeNumber(text: string): bigint | undefined {
  const number = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  return number !== undefined && BigInt.asIntN(64, number) === number ? number : undefined;
}
