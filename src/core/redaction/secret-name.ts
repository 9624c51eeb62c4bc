// The same names as in assignments.ts, which looks for them inside a text: two literals, because a shared
// one would have to be compiled from a string.
const NAME_END =
  /(?:pass(?:word|wd|phrase|code)|pwd|[_-]pass|secret|token|credentials?|connection[_-]?string|(?:api|app|application|access|account|admin|auth|authorization|client|consumer|cookie|crypt|decryption|deploy|encryption|hmac|ingest|jwt|licen[cs]e|master|private|rbd|secret|security|service|session|shared|signing|ssh|ssl|storage|subscription|symmetric|webhook)[_-]?key)(?:[_-]?(?:value|hash|id|data|base64|b64|\d{1,3}))?$/i;

const ENV_NAME = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|PWD|AUTH|DSN|CONNECTION_STRING/i;

/** Keywords without which no text can contain the name of a secret. */
export const NAME_KEYWORDS: readonly string[] = ['pass', 'pwd', 'secret', 'token', 'credential', 'key', 'connection'];

/** Names of environment variables (and other name/value pairs) whose value is never shown. */
export function isSensitiveEnvName(name: string): boolean {
  return ENV_NAME.test(name);
}

/** Field names, annotation keys and flags that end in the name of a secret: `apiToken` but not `tokenPath`. */
export function isSecretName(name: string): boolean {
  return NAME_END.test(name.length > 256 ? name.slice(-256) : name);
}

/** A command-line flag whose value is the next argument: `--password`. */
export function isSecretFlag(argument: string): boolean {
  return /^--?[A-Za-z][\w.-]{0,128}$/.test(argument) && isSecretName(argument);
}

/** Names for which even an everyday word is a plausible value. */
export function isPasswordName(name: string): boolean {
  return /pass(?:word|wd|phrase|code)|pwd/i.test(name);
}
