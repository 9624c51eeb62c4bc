const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST = 63;
const LONGEST_PREFIX = 253;
const NAME_WORDS = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`;
const VALUE_WORDS = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
const SUBDOMAIN_WORDS = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;

/** What the API server says about a key that no label can have; undefined for a valid one. */
export function labelKeyProblem(key: string): string | undefined {
  const words = keyWords(key);
  return words.length === 0 ? undefined : `<nil>: Invalid value: ${JSON.stringify(key)}: ${words.join('; ')}`;
}

function keyWords(key: string): readonly string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [`a qualified name ${NAME_WORDS} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const prefix = parts.length === 2 ? prefixWords(parts[0] ?? '') : [];
  return [...prefix.map((words) => `prefix part ${words}`), ...nameWords(parts.at(-1) ?? '')];
}

function prefixWords(prefix: string): readonly string[] {
  if (prefix === '') {
    return ['must be non-empty'];
  }
  const long = prefix.length > LONGEST_PREFIX ? [tooLong(LONGEST_PREFIX)] : [];
  return SUBDOMAIN.test(prefix) ? long : [...long, SUBDOMAIN_WORDS];
}

function nameWords(name: string): readonly string[] {
  const empty = name === '' ? ['must be non-empty'] : [];
  const long = name.length > LONGEST ? [tooLong(LONGEST)] : [];
  const wrong = NAME.test(name) ? [] : [NAME_WORDS];
  return [...empty, ...long, ...wrong].map((words) => `name part ${words}`);
}

/** What the API server says about a value that no label can have; undefined for a valid one. */
export function labelValueProblem(value: string, field: string): string | undefined {
  const long = value.length > LONGEST ? [tooLong(LONGEST)] : [];
  const wrong = value === '' || NAME.test(value) ? [] : [VALUE_WORDS];
  const words = [...long, ...wrong].join('; ');
  return words === '' ? undefined : `${field}: Invalid value: ${JSON.stringify(value)}: ${words}`;
}

function tooLong(most: number): string {
  return `must be no more than ${most} characters`;
}
