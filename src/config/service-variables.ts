import type { EnvironmentName, EnvironmentProblem } from './environment.ts';

/** What KUBEWHY_ROLE may say. */
export const ROLES = ['all', 'gateway', 'diagnoser', 'executor'] as const;
/** What KUBEWHY_LOG_LEVEL may say. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Says what is wrong with a value, or nothing. */
type Judge = (value: string) => string | undefined;

const SHORTEST_SIGNING_SECRET = 16;
const SHORTEST_ALERT_TOKEN = 16;
const SHORTEST_SIGNING_KEY = 32;

const JUDGES: Partial<Record<EnvironmentName, Judge>> = {
  SLACK_BOT_TOKEN: (value) => tokenReason(value, 'xoxb-'),
  SLACK_APP_TOKEN: (value) => tokenReason(value, 'xapp-'),
  SLACK_SIGNING_SECRET: signingReason,
  SLACK_API_URL: (value) =>
    hasScheme(value, ['http:', 'https:']) && !/[?#]/.test(value)
      ? undefined
      : 'must be a URL such as https://slack.com/api/.',
  REDIS_URL: (value) =>
    hasScheme(value, ['redis:', 'rediss:']) ? undefined : 'must be a URL such as redis://127.0.0.1:6379/0.',
  KUBEWHY_ALERT_TOKENS: (value) => namedTokensReason(value, SHORTEST_ALERT_TOKEN),
  KUBEWHY_ALERT_TOKEN: (value) =>
    /^[!-~]+$/.test(value) ? undefined : 'must be a token alone, without the name of its sender and without spaces.',
  KUBEWHY_ALERTMANAGER_TOKENS: (value) => namedTokensReason(value, 1),
  KUBEWHY_SIGNING_KEY: (value) =>
    value.length >= SHORTEST_SIGNING_KEY && new Set(value).size >= 8
      ? undefined
      : `must be a random text of at least ${SHORTEST_SIGNING_KEY} characters: openssl rand -hex 32.`,
  KUBEWHY_CONFIG: (value) => (value.includes('\u0000') ? 'holds a zero character.' : undefined),
  KUBEWHY_ROLE: (value) => choiceReason(value, ROLES),
  KUBEWHY_LOG_LEVEL: (value) => choiceReason(value, LOG_LEVELS),
  KUBEWHY_INTERNAL_PORT: (value) =>
    /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? undefined : 'must be a port number.',
};

/** What is wrong with a variable of the service; other variables are not judged. No reason holds the value. */
export function judgeServiceVariable(name: EnvironmentName, value: string): readonly EnvironmentProblem[] {
  const reason = JUDGES[name]?.(value);
  return reason === undefined ? [] : [{ name, reason }];
}

function tokenReason(value: string, prefix: 'xoxb-' | 'xapp-'): string | undefined {
  if (value.startsWith('xoxe.')) {
    return 'is a token that expires: switch off token rotation in the settings of the Slack app.';
  }
  if (!value.startsWith(prefix)) {
    const other = prefix === 'xoxb-' ? 'xapp-' : 'xoxb-';
    const swapped = value.startsWith(other) ? '; this is the other one of the two tokens' : '';
    return `must begin with ${prefix}${swapped}.`;
  }
  return /^[\w-]{10,}$/.test(value) ? undefined : 'is no whole token: copy it again.';
}

function signingReason(value: string): string | undefined {
  const parts = value.split(',').map((part) => part.trim());
  const tooShort = parts.some((part) => part.length < SHORTEST_SIGNING_SECRET);
  return tooShort || /\s/.test(parts.join(''))
    ? 'must be the signing secret of the Slack app, 32 characters; several are separated by commas.'
    : undefined;
}

function namedTokensReason(value: string, shortest: number): string | undefined {
  const parts = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const whole = parts.every((part) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?=[!-<>-~][!-~]*$/.test(part));
  const long = parts.every((part) => part.slice(part.indexOf('=') + 1).length >= shortest);
  return whole && long
    ? undefined
    : `must be name=token, separated by commas; a name has a-z, 0-9 and -, a token at least ${shortest} characters that a header may hold.`;
}

function hasScheme(value: string, schemes: readonly string[]): boolean {
  return URL.canParse(value) && schemes.includes(new URL(value).protocol);
}

function choiceReason(value: string, choices: readonly string[]): string | undefined {
  return choices.includes(value) ? undefined : `must be one of ${choices.join(', ')}.`;
}
