import { invalidArguments } from './refusal.ts';

/** The arguments of a call, whether they came as a form (all text) or as JSON. */
export class ApiArguments {
  readonly values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.values = values;
  }

  /** The text, or nothing when it was not given. Refuses what is neither text nor number. */
  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value === 'number' || typeof value === 'string') {
      return String(value);
    }
    throw invalidArguments(`invalid type: ${name} must be a string [json-pointer:/${name}]`);
  }

  /** The text; refuses the call when it is missing or empty. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') {
      throw invalidArguments(`missing required field: ${name} [json-pointer:/${name}]`);
    }
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value === 'boolean') {
      return value;
    }
    if (['true', '1', 1].some((yes) => yes === value)) {
      return true;
    }
    if (['false', '0', 0].some((no) => no === value)) {
      return false;
    }
    throw invalidArguments(`must be a boolean [json-pointer:/${name}]`);
  }

  /** A whole number from 1 to `most`. */
  limit(name: string, fallback: number, most: number): number {
    const value = this.text(name);
    const number = value === undefined ? fallback : Number(value);
    if (!Number.isInteger(number) || number < 1 || number > most) {
      throw invalidArguments(`must be a number from 1 to ${most} [json-pointer:/${name}]`);
    }
    return number;
  }
}
