/** Whether labels fit a selector. */
export type LabelMatcher = (labels: Readonly<Record<string, unknown>>) => boolean;

const SET_BASED = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^()]*)\)$/;
const EQUALITY = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/;
const EXISTENCE = /^(!?)\s*([^\s!=,()]+)$/;

/** Compiles a label selector as the API server understands it; undefined when it is not valid. */
export function labelMatcher(selector: string): LabelMatcher | undefined {
  const parts = selector.trim() === '' ? [] : splitRequirements(selector);
  const matchers = parts.map((part) => requirement(part.trim()));
  const valid = matchers.filter((matcher) => matcher !== undefined);
  return valid.length === matchers.length ? (labels) => valid.every((matches) => matches(labels)) : undefined;
}

/** Splits at commas outside parentheses. */
function splitRequirements(selector: string): readonly string[] {
  return selector.split(/,(?![^(]*\))/);
}

function requirement(text: string): LabelMatcher | undefined {
  const [, setKey, operator, list] = SET_BASED.exec(text) ?? [];
  if (setKey !== undefined) {
    const values = (list ?? '').split(',').map((value) => value.trim());
    const wanted = operator === 'in';
    // `notin` and `!=` also fit objects without the label.
    return (labels) => values.includes(valueOf(labels, setKey) ?? '\0') === wanted;
  }
  const [, key, comparison, value] = EQUALITY.exec(text) ?? [];
  if (key !== undefined) {
    return (labels) => (valueOf(labels, key) === value) === (comparison !== '!=');
  }
  const [, negation, name] = EXISTENCE.exec(text) ?? [];
  return name === undefined ? undefined : (labels) => (valueOf(labels, name) === undefined) === (negation === '!');
}

function valueOf(labels: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
