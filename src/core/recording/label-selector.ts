import type { JsonObject } from '../facts/json.ts';
import { type LabelRequirement, parseLabelSelector, wholeNumber } from './label-parser.ts';
import { childOf } from './object-parts.ts';
import type { Selection } from './selection.ts';

/** Compiles a label selector with the grammar, the checks and the messages of the API server. */
export function compileLabelSelector(selector: string): Selection {
  const parsed = parseLabelSelector(selector);
  return parsed.ok
    ? { ok: true, matches: (object) => parsed.requirements.every((requirement) => fits(object, requirement)) }
    : parsed;
}

function fits(object: JsonObject, { key, operator, values }: LabelRequirement): boolean {
  const value = labelOf(object, key);
  const present = value !== undefined;
  switch (operator) {
    case 'exists':
      return present;
    case '!':
      return !present;
    case 'notin':
    case '!=':
      return !present || !values.includes(value);
    case '>':
    case '<':
      return present && exceeds(operator, value, values[0] ?? '');
    default:
      return present && values.includes(value);
  }
}

/** A label that is no number is neither more nor less than one. */
function exceeds(operator: '>' | '<', value: string, bound: string): boolean {
  const [number, limit] = [wholeNumber(value), wholeNumber(bound)];
  if (number === undefined || limit === undefined) {
    return false;
  }
  return operator === '>' ? number > limit : number < limit;
}

function labelOf(object: JsonObject, key: string): string | undefined {
  const labels = childOf(childOf(object, 'metadata'), 'labels');
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
