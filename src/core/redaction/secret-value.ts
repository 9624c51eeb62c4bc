import { isMarker } from './marker.ts';

/** Stand for the absence or the state of a value, whatever the syntax. */
const STATE_WORDS: ReadonlySet<string> = new Set(
  (
    'disabled empty enabled expired false hidden invalid masked missing nil no none null off ok on optional redacted required revoked ' +
    'stripped true undefined unknown unset yes'
  ).split(' '),
);

/** Words that follow `password: ` or `--token ` in sentences and say something about it instead of being it. */
const SENTENCE_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are argument authentication authorization bad be been but by can cannot could created decode deleted denied detected ' +
    'does eof error exceeded expected expires fail failed failure fetch flag for forbidden found from get given got has have if ignored ' +
    'in incorrect is it key length load malformed mismatch must na not of option or parameter parse password pending permission prompt ' +
    'provided changed received refused rejected requires reset rotated rotation secret set should signature specified succeeded success ' +
    'the timeout to token too unable unauthorized unexpected unsupported update updated use used uses using valid validation value ' +
    'verification verify was were when will with without wrong'
  ).split(' '),
);

/** Not the value itself: nothing, a mask, a variable or template reference, a type name. */
export function isPlaceholder(value: string): boolean {
  if (value === '' || isMarker(value)) {
    return true;
  }
  return (
    /^[*x.•<>_-]+$/i.test(value) ||
    /^(?:\$\{|\$\(|\{\{|%\(|<[a-z])/i.test(value) ||
    /^\$[A-Za-z_]\w*$/.test(value) ||
    /^%[a-z]$/i.test(value) ||
    /^\**(?:stripped|masked|hidden|redacted)\**$/i.test(value)
  );
}

/** `token=expired` tells a state; everywhere else behind an equals sign even a short word is a value. */
export function isStateWord(value: string): boolean {
  return STATE_WORDS.has(value.toLowerCase());
}

/** A word of an error message, such as `token: expired`. */
export function isDiagnosticWord(value: string): boolean {
  const word = value.toLowerCase().replace(/[.,:;!?]$/, '');
  return STATE_WORDS.has(word) || SENTENCE_WORDS.has(word);
}

/** A file path or address: it says where a secret is, not what it is. */
export function isLocation(value: string): boolean {
  return (
    /^(?:\.{0,2}|~|file:\/)\/(?:[\w.@-]{1,64}\/|[\w-]{1,64}\.[a-z]{2,8}$|(?:app|data|etc|home|root|srv|tmp|usr|var)$)/.test(
      value,
    ) ||
    /^(?:https?|vault|projects|arn|secretref|ssm):/i.test(value) ||
    /^[\w-]{1,64}\.(?:crt|key|pem|ya?ml|json|properties|conf|txt|env|jks|p12)$/i.test(value)
  );
}

/** `namespace/name` of a Kubernetes object. */
export function isObjectReference(value: string): boolean {
  return /^[a-z0-9-]{1,63}\/[a-z0-9][a-z0-9.-]{0,252}$/.test(value);
}

const MAX_READABLE = 512;

/** In running text, where a colon proves little, a value counts as secret only if no person would write it as a word. */
export function looksSecret(value: string): boolean {
  if (value.length > MAX_READABLE) {
    return true;
  }
  if (value.length < 8 || /\s/.test(value) || isLocation(value) || isName(value) || isCode(value)) {
    return false;
  }
  return (/\d/.test(value) && /[A-Za-z]/.test(value)) || /[!#$%^&*+=~?]/.test(value);
}

function isName(value: string): boolean {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value)) {
    return false;
  }
  // Kubernetes names and host names, with a port or tag; quoted Go types; dotted versions.
  return /^v?[a-z0-9]+(?:[./-][a-z0-9]+)+(?::[\w.-]{1,128})?$/.test(value) && !/^[a-z0-9-]{40,}$/.test(value);
}

function isCode(value: string): boolean {
  return (
    /^[A-Z]{2,12}[-_]?\d{2,8}$/.test(value) ||
    /^\d+(?:\.\d+)?[a-zA-Zµ]{1,4}$/.test(value) ||
    /^\d{4}-\d\d-\d\d/.test(value)
  );
}
