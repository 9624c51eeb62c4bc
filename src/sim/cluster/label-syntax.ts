const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST = 63;
const NAME_WORDS = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`;
const VALUE_WORDS = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
const SUBDOMAIN_WORDS = `prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;

/** What the API server says about a key that no label can have; undefined for a valid one. */
export function labelKeyProblem(key: string): string | undefined {
  const words = keyWords(key);
  return words === undefined ? undefined : `<nil>: Invalid value: ${JSON.stringify(key)}: ${words}`;
}

function keyWords(key: string): string | undefined {
  const parts = key.split('/');
  if (parts.length > 2) {
    return `a qualified name ${NAME_WORDS} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  }
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === '') {
    return 'prefix part must be non-empty';
  }
  if (prefix !== undefined && !SUBDOMAIN.test(prefix)) {
    return SUBDOMAIN_WORDS;
  }
  if (name === '') {
    return 'name part must be non-empty';
  }
  if (name.length > LONGEST) {
    return `name part must be no more than ${LONGEST} characters`;
  }
  return NAME.test(name) ? undefined : `name part ${NAME_WORDS}`;
}

/** What the API server says about a value that no label can have; undefined for a valid one. */
export function labelValueProblem(value: string, field: string): string | undefined {
  const invalid = `${field}: Invalid value: ${JSON.stringify(value)}`;
  if (value.length > LONGEST) {
    return `${invalid}: must be no more than ${LONGEST} characters`;
  }
  return value === '' || NAME.test(value) ? undefined : `${invalid}: ${VALUE_WORDS}`;
}
