import { REDACTED } from './marker.ts';
import { isPasswordName, isSensitiveEnvName } from './secret-name.ts';
import {
  isDiagnosticWord,
  isLocation,
  isObjectReference,
  isPlaceholder,
  isStateWord,
  looksSecret,
} from './secret-value.ts';
import { readValue, type ValueSpan } from './value-reader.ts';

interface Assignment {
  readonly name: string;
  /** The name as written, with what stands before the part that makes it secret: `--db-` + `password`. */
  readonly fullName: string;
  readonly nameStart: number;
  readonly nameQuoted: boolean;
  readonly separator: string;
  /** No white space around the separator. */
  readonly tight: boolean;
  readonly value: string;
  readonly span: ValueSpan;
}

// Linear: alternatives of literals, then bounded classes; what stands before the name is read backwards, bounded.
const NAME =
  /(?<name>(?:pass(?:word|wd|phrase|code)|pwd|(?<![A-Za-z])pass|secret|token|credentials?|connection[_-]?string|(?:api|app|application|access|account|admin|auth|authorization|client|consumer|cookie|crypt|decryption|deploy|encryption|hmac|ingest|jwt|licen[cs]e|master|private|rbd|secret|security|service|session|shared|signing|ssh|ssl|storage|subscription|symmetric|webhook)[_-]?key)(?:[_-]?(?:value|hash|id|data|base64|b64|\d{1,3}))?)(?<quote>\\{0,8}["'`]\]?)?(?<separator>[ \t]{0,4}(?:=>|:=|=(?![=~])|%3D|:(?!:)(?: Invalid value:)?)[ \t]{0,8}|>|,[ \t]{0,4}(?=\\{0,8}["'])|[ \t]{1,4})(?=\S)/gi;

const ENV_PAIR =
  /(?<![A-Za-z])name\\{0,8}["']?\s{0,4}[:=]\s{0,4}\\{0,8}["']?(?<name>[\w.-]{1,128})\\{0,8}["']?[\s,]{1,40}\\{0,8}["']?value\\{0,8}["']?\s{0,4}[:=][ \t]{0,4}/gi;

const WALK_BACK = 64;

/** Hides the values in `password=…`, `"token": "…"`, `apiKey: …`, `--secret …` and the like. */
export function redactAssignments(text: string): string {
  return redactSpans(redactSpans(text, ENV_PAIR, envPairValue), NAME, assignedValue);
}

type FindValue = (text: string, match: RegExpExecArray, end: number) => ValueSpan | undefined;

function redactSpans(text: string, pattern: RegExp, findValue: FindValue): string {
  let result = '';
  let copied = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const span = findValue(text, match, pattern.lastIndex);
    if (span !== undefined && span.end > span.start) {
      result += text.slice(copied, span.start) + REDACTED;
      copied = span.end;
      pattern.lastIndex = span.end;
    }
  }
  return copied === 0 ? text : result + text.slice(copied);
}

function envPairValue(text: string, match: RegExpExecArray, end: number): ValueSpan | undefined {
  if (!isSensitiveEnvName(match.groups?.name ?? '')) {
    return undefined;
  }
  const span = readValue(text, end);
  return isPlaceholder(text.slice(span.start, span.end)) ? undefined : span;
}

function assignedValue(text: string, match: RegExpExecArray, end: number): ValueSpan | undefined {
  const span = readValue(text, end);
  const name = match.groups?.name ?? '';
  const separator = match.groups?.separator ?? '';
  const assignment: Assignment = {
    name: name.toLowerCase(),
    fullName: nameBefore(text, match.index) + name.toLowerCase(),
    nameStart: match.index,
    nameQuoted: match.groups?.quote !== undefined,
    separator: separator.trim().toLowerCase(),
    tight: separator.trim() === separator,
    value: text.slice(span.start, span.end),
    span,
  };
  return isSecretValue(text, assignment) ? span : undefined;
}

function nameBefore(text: string, index: number): string {
  const before = text.slice(Math.max(0, index - WALK_BACK), index);
  return (/[\w.-]*$/.exec(before)?.[0] ?? '').toLowerCase();
}

function isSecretValue(text: string, assignment: Assignment): boolean {
  if (isPlaceholder(assignment.value) || isLocation(assignment.value)) {
    return false;
  }
  switch (assignment.separator) {
    case '':
    case ',':
      return isFlagValue(text, assignment);
    case '>':
      return isElementValue(text, assignment);
    case ':':
    case ': invalid value:':
      return isColonValue(text, assignment);
    default:
      return isEqualsValue(assignment);
  }
}

/** `--password x`, or `"--password","x"` in a printed list of arguments. */
function isFlagValue(text: string, { fullName, name, nameStart, nameQuoted, separator, value }: Assignment): boolean {
  const before = text.charAt(nameStart - (fullName.length - name.length) - 1);
  const isFlag = fullName.startsWith('-') && !/[\w.)\]]/.test(before);
  return isFlag && nameQuoted === (separator === ',') && !isDiagnosticWord(value) && !/^[-=|\\,.:)\]]/.test(value);
}

function isElementValue(text: string, { fullName, name, nameStart }: Assignment): boolean {
  return text.charAt(nameStart - (fullName.length - name.length) - 1) === '<';
}

function isEqualsValue({ fullName, name, value }: Assignment): boolean {
  if (isStateWord(value) || (fullName === 'secret' && isObjectReference(value))) {
    return false;
  }
  // Counters such as `pass=12` or `token=3`.
  return isPasswordName(name) || !/^\d{1,4}$/.test(value);
}

function isColonValue(text: string, assignment: Assignment): boolean {
  const { name, tight, value, span } = assignment;
  if (isDiagnosticWord(value)) {
    return false;
  }
  if (isStructured(text, assignment)) {
    return isEqualsValue(assignment) && !(name === 'secret' && isObjectName(value));
  }
  if (text.charAt(span.end) === ':' || value.endsWith(':')) {
    return false;
  }
  return looksSecret(value) || (isPasswordName(name) && (tight || endsPhrase(text, value, span.end)));
}

/** Something printed by a program, where no sentence can follow the colon: JSON, YAML, a header, a dumped object. */
function isStructured(text: string, assignment: Assignment): boolean {
  const { name, fullName, nameQuoted, separator, span } = assignment;
  if (name === 'pass') {
    return false;
  }
  if (separator !== ':' || fullName.startsWith('x-') || isWholeLine(text, assignment)) {
    return true;
  }
  return span.quoted && (nameQuoted || isPasswordName(name) || (name !== 'secret' && isField(text, assignment)));
}

/** `{token: 'x'}` or `apiToken: 'x'`, but not `unexpected token: 'x'`. */
function isField(text: string, { fullName, name, nameStart }: Assignment): boolean {
  return fullName !== name || /[{,]\s?$/.test(text.slice(Math.max(0, nameStart - 2), nameStart));
}

/** `secret: web-tls` names an object. */
function isObjectName(value: string): boolean {
  return /^[a-z0-9]+(?:[.-][a-z0-9]+)+$/.test(value);
}

/** A YAML line: nothing but indentation before the name, nothing behind the value. */
function isWholeLine(text: string, { fullName, name, nameStart, span }: Assignment): boolean {
  const start = nameStart - (fullName.length - name.length);
  const before = text.slice(Math.max(0, start - WALK_BACK), start);
  return (
    /(?:^|\n)[ \t]*(?:- )?["']?$/.test(before) &&
    /^["']?[ \t]{0,8}(?:\r?\n|$)/.test(text.slice(span.end, span.end + 12))
  );
}

/** `password: hunter2, retrying` but not `password: wrong length`. */
function endsPhrase(text: string, value: string, end: number): boolean {
  return (
    value.length >= 4 &&
    /^[,;)\]}"']{0,3}(?:\s{0,3}$|\s{0,3}\n|[,;)\]}"']|\s[([])/.test(text.slice(end, end + 8)) &&
    !/[.]$/.test(value)
  );
}
