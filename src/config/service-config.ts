import { collectVariables, type ReadText } from './collect-variables.ts';
import type { EnvironmentName, Variables } from './environment.ts';
import { environmentInvalid } from './environment-invalid.ts';
import { present } from './present.ts';
import { Secret } from './secret.ts';
import { judgeServiceVariable, LOG_LEVELS, ROLES } from './service-variables.ts';

/** What a process of the bot does: speak to Slack, diagnose, make approved changes, or all of it. */
export type Role = (typeof ROLES)[number];
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The token of somebody who delivers alerts. */
export interface AlertToken {
  readonly sender: string;
  readonly token: Secret;
}

/** The token with which Kubewhy makes silences in an Alertmanager. */
export interface AlertmanagerToken {
  readonly alertmanager: string;
  readonly token: Secret;
}

/** What the environment says to `serve` and `doctor`. Frozen; printed, it shows no secret. */
export interface ServiceConfig {
  readonly slack: {
    readonly botToken?: Secret;
    readonly appToken?: Secret;
    /** All that are valid at the moment; empty: none is set. */
    readonly signingSecrets: readonly Secret[];
    /** Slack's own when absent; ends in `/api/`. */
    readonly apiUrl?: string;
  };
  /** Holds a password. */
  readonly redisUrl?: Secret;
  /** What those who deliver alerts prove themselves with; several of one sender while its token is being changed. */
  readonly alertTokens: readonly AlertToken[];
  /** What `kubewhy alert --send` proves itself with. */
  readonly alertToken?: Secret;
  /** Those of Alertmanagers that want one. */
  readonly alertmanagerTokens: readonly AlertmanagerToken[];
  /** With it plans and approvals are signed. */
  readonly signingKey?: Secret;
  /** Why executors change nothing, as the environment says. */
  readonly stop?: string;
  readonly settingsFile?: string;
  readonly role: Role;
  readonly logLevel: LogLevel;
  readonly internalPort: number;
}

/** Reads the environment of this process. Throws CONFIG_INVALID with all problems. */
export function readServiceConfig(readText: ReadText): ServiceConfig {
  return parseServiceConfig(process.env, readText);
}

/** Reads variables, and the files that they name, into a frozen configuration. Throws CONFIG_INVALID with all problems. */
export function parseServiceConfig(variables: Variables, readText: ReadText): ServiceConfig {
  const { values, problems } = collectVariables(variables, readText);
  const wrong = [...problems, ...[...values].flatMap(([name, value]) => judgeServiceVariable(name, value))];
  if (wrong.length > 0) {
    throw environmentInvalid(wrong);
  }
  return Object.freeze({
    slack: Object.freeze({
      ...present('botToken', secretOf(values, 'SLACK_BOT_TOKEN')),
      ...present('appToken', secretOf(values, 'SLACK_APP_TOKEN')),
      signingSecrets: Object.freeze(splitSecrets(values.get('SLACK_SIGNING_SECRET'))),
      ...present('apiUrl', values.get('SLACK_API_URL')?.replace(/\/?$/, '/')),
    }),
    ...present('redisUrl', secretOf(values, 'REDIS_URL')),
    alertTokens: Object.freeze(
      splitList(values.get('KUBEWHY_ALERT_TOKENS')).map((part) => {
        const { name, token } = namedToken(part);
        return Object.freeze({ sender: name, token });
      }),
    ),
    alertmanagerTokens: Object.freeze(
      splitList(values.get('KUBEWHY_ALERTMANAGER_TOKENS')).map((part) => {
        const { name, token } = namedToken(part);
        return Object.freeze({ alertmanager: name, token });
      }),
    ),
    ...present('alertToken', secretOf(values, 'KUBEWHY_ALERT_TOKEN')),
    ...present('signingKey', secretOf(values, 'KUBEWHY_SIGNING_KEY')),
    ...present('stop', values.get('KUBEWHY_STOP')),
    ...present('settingsFile', values.get('KUBEWHY_CONFIG')),
    role: chosen(ROLES, values.get('KUBEWHY_ROLE')) ?? 'all',
    logLevel: chosen(LOG_LEVELS, values.get('KUBEWHY_LOG_LEVEL')) ?? 'info',
    internalPort: Number(values.get('KUBEWHY_INTERNAL_PORT') ?? '9464'),
  });
}

/**
 * What a role cannot work without, as one sentence for each variable that is missing. `changes`: the settings let people
 * approve changes.
 */
export function missingVariables(
  config: ServiceConfig,
  role: Role,
  mode: 'socket' | 'http',
  changes = false,
): readonly string[] {
  const { slack, redisUrl, signingKey } = config;
  const gateway = role === 'all' || role === 'gateway';
  const speaks = role !== 'diagnoser';
  const wanted = [
    { name: 'REDIS_URL', isNeeded: true, value: redisUrl, why: 'the queue lives in Redis' },
    {
      name: 'SLACK_BOT_TOKEN',
      isNeeded: speaks,
      value: slack.botToken,
      why: gateway ? 'a gateway posts with it' : 'an executor looks with it at who approved a change',
    },
    {
      name: 'SLACK_APP_TOKEN',
      isNeeded: gateway && mode === 'socket',
      value: slack.appToken,
      why: 'Socket Mode connects with it',
    },
    {
      name: 'SLACK_SIGNING_SECRET',
      isNeeded: gateway && mode === 'http',
      value: slack.signingSecrets[0],
      why: 'HTTP mode tells by it that a request is from Slack',
    },
    {
      name: 'KUBEWHY_SIGNING_KEY',
      isNeeded: speaks && changes,
      value: signingKey,
      why: 'gateways and executors sign approved changes with it, since `remediation.rules` is not empty',
    },
  ];
  return wanted
    .filter(({ isNeeded, value }) => isNeeded && value === undefined)
    .map(({ name, why }) => `${name} is not set: ${why}.`);
}

/** Several are valid while the secret is being changed. */
function splitSecrets(text: string | undefined): readonly Secret[] {
  return splitList(text).map((part) => new Secret(part));
}

function splitList(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function namedToken(part: string): { readonly name: string; readonly token: Secret } {
  const at = part.indexOf('=');
  return { name: part.slice(0, at), token: new Secret(part.slice(at + 1)) };
}

function secretOf(values: ReadonlyMap<EnvironmentName, string>, name: EnvironmentName): Secret | undefined {
  const text = values.get(name);
  return text === undefined ? undefined : new Secret(text);
}

function chosen<T extends string>(choices: readonly T[], text: string | undefined): T | undefined {
  return choices.find((choice) => choice === text);
}
