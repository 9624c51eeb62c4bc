import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { missingVariables, parseServiceConfig } from '../../src/config/service-config.ts';
import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';

const noFiles = (path: string): string => {
  throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
};
const BOT = 'xoxb-1234567890-hidden';
const APP = 'xapp-1-A123-hidden';
const SIGNING = '0123456789abcdef0123456789abcdef';

/** What a configuration says, secrets included. */
function revealed(variables: Record<string, string>, readText = noFiles): unknown {
  const { slack, redisUrl, alertTokens, alertmanagerTokens, ...rest } = parseServiceConfig(variables, readText);
  return {
    ...rest,
    botToken: slack.botToken?.reveal(),
    appToken: slack.appToken?.reveal(),
    signing: slack.signingSecrets.map((secret) => secret.reveal()),
    apiUrl: slack.apiUrl,
    redisUrl: redisUrl?.reveal(),
    alerts: alertTokens.map(({ sender, token }) => [sender, token.reveal()]),
    alertmanagers: alertmanagerTokens.map(({ alertmanager, token }) => [alertmanager, token.reveal()]),
  };
}

describe('parseServiceConfig', () => {
  it('of an empty environment', () => {
    expect(parseServiceConfig({ SLACK_BOT_TOKEN: '' }, noFiles)).toEqual({
      slack: { signingSecrets: [] },
      alertTokens: [],
      alertmanagerTokens: [],
      role: 'all',
      logLevel: 'info',
      internalPort: 9464,
    });
  });

  it('reads every variable', () => {
    const variables = {
      SLACK_BOT_TOKEN: ` ${BOT}\n`,
      SLACK_APP_TOKEN: APP,
      SLACK_SIGNING_SECRET: `${SIGNING}, ${SIGNING}ff`,
      SLACK_API_URL: 'http://127.0.0.1:4000/api',
      REDIS_URL: 'rediss://ann:pass@redis:6380/2',
      KUBEWHY_ALERT_TOKENS: 'prom=0123456789abcdef, prom=fedcba9876543210=,graf=0123456789abcdef',
      KUBEWHY_ALERTMANAGER_TOKENS: 'main=x,',
      KUBEWHY_CONFIG: '/etc/k.yaml',
      KUBEWHY_ROLE: 'diagnoser',
      KUBEWHY_LOG_LEVEL: 'debug',
      KUBEWHY_INTERNAL_PORT: '0',
    };

    expect(revealed(variables)).toEqual({
      botToken: BOT,
      appToken: APP,
      signing: [SIGNING, `${SIGNING}ff`],
      apiUrl: 'http://127.0.0.1:4000/api/',
      redisUrl: 'rediss://ann:pass@redis:6380/2',
      alerts: [
        ['prom', '0123456789abcdef'],
        ['prom', 'fedcba9876543210='],
        ['graf', '0123456789abcdef'],
      ],
      alertmanagers: [['main', 'x']],
      settingsFile: '/etc/k.yaml',
      role: 'diagnoser',
      logLevel: 'debug',
      internalPort: 0,
    });
  });

  it('reads secrets from the files that are named', () => {
    const files: Record<string, string> = { '/run/secrets/bot': `${BOT}\n`, '/run/secrets/redis': 'redis://redis\n' };

    const config = revealed(
      { SLACK_BOT_TOKEN_FILE: '/run/secrets/bot', REDIS_URL_FILE: '/run/secrets/redis' },
      (path) => files[path] ?? noFiles(path),
    );

    expect(config).toMatchObject({ botToken: BOT, redisUrl: 'redis://redis' });
  });

  it('names every problem at once, but no value', () => {
    const variables = {
      SLACK_BOT_TOKEN: 'xapp-hidden',
      SLACK_APP_TOKEN_FILE: '/gone',
      SLACK_SIGNING_SECRET: 'hidden',
      SLACK_API_URL: 'file:///hidden',
      REDIS_URL: 'http://hidden',
      KUBEWHY_ALERT_TOKENS: 'prometheus-hidden-hidden',
      KUBEWHY_ALERTMANAGER_TOKENS: 'main=hidden\u0007',
      KUBEWHY_ROLE: 'hidden',
      KUBEWHY_LOG_LEVEL: 'hidden',
      KUBEWHY_INTERNAL_PORT: '99999',
    };

    const error = thrownBy(() => parseServiceConfig(variables, noFiles));

    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.context).toEqual({ names: Object.keys(variables).toSorted(inOrderOf(error.message)) });
    expect(error.message).toContain('SLACK_BOT_TOKEN must begin with xoxb-; this is the other one of the two tokens.');
    expect(error.message).toContain('SLACK_APP_TOKEN_FILE names a file that cannot be read (ENOENT).');
    expect(error.message).not.toContain('hidden');
  });

  it.each([
    [{ SLACK_BOT_TOKEN: BOT, SLACK_BOT_TOKEN_FILE: '/bot' }, 'is set as well as SLACK_BOT_TOKEN'],
    [{ SLACK_BOT_TOKEN_FILE: '/empty' }, 'names an empty file'],
    [{ SLACK_BOT_TOKEN_FILE: '/large' }, 'too large for a secret'],
    [{ SLACK_BOT_TOKEN: 'xoxe.xoxb-1-abc' }, 'switch off token rotation'],
    [{ SLACK_BOT_TOKEN: 'xoxb-with space-and-more' }, 'copy it again'],
    [{ KUBEWHY_ALERT_TOKENS: 'prom=tooshort' }, 'must be name=token'],
    [{ KUBEWHY_ALERT_TOKENS: 'Prom!=0123456789abcdef' }, 'must be name=token'],
    [{ KUBEWHY_ALERTMANAGER_TOKENS: 'main=' }, 'must be name=token'],
  ])('refuses %j', (variables, reason) => {
    const files: Record<string, string> = { '/empty': ' \n', '/large': 'x'.repeat(9000), '/bot': BOT };

    expect(() => parseServiceConfig(variables, (path) => files[path] ?? noFiles(path))).toThrow(reason);
  });

  it('shows no secret when it is printed', () => {
    const config = parseServiceConfig(
      {
        SLACK_BOT_TOKEN: BOT,
        SLACK_APP_TOKEN: APP,
        SLACK_SIGNING_SECRET: SIGNING,
        REDIS_URL: 'redis://:hidden@r',
        KUBEWHY_ALERT_TOKENS: 'prom=0123456789abcdef',
        KUBEWHY_ALERTMANAGER_TOKENS: 'main=hidden',
      },
      noFiles,
    );

    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${String(config.slack.botToken)} ${String(config.redisUrl)} ${config.slack.signingSecrets.join()}`,
    ].join();

    expect(printed).not.toMatch(/hidden(?!\])|0123456789abcdef/);
  });

  it('cannot be changed', () => {
    const config = parseServiceConfig({}, noFiles);

    expect([config, config.slack, config.slack.signingSecrets].map((part) => Object.isFrozen(part))).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('missingVariables', () => {
  it.each([
    ['all', 'socket', ['REDIS_URL', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']],
    ['gateway', 'http', ['REDIS_URL', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET']],
    ['diagnoser', 'socket', ['REDIS_URL']],
    ['executor', 'socket', ['REDIS_URL', 'SLACK_BOT_TOKEN']],
  ] as const)('of role %s in %s mode', (role, mode, names) => {
    const missing = missingVariables(parseServiceConfig({}, noFiles), role, mode);

    expect(missing.map((sentence) => sentence.split(' ', 1)[0])).toEqual(names);
  });

  it.each([
    ['all', ['REDIS_URL', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'KUBEWHY_SIGNING_KEY']],
    ['gateway', ['REDIS_URL', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'KUBEWHY_SIGNING_KEY']],
    ['executor', ['REDIS_URL', 'SLACK_BOT_TOKEN', 'KUBEWHY_SIGNING_KEY']],
    ['diagnoser', ['REDIS_URL']],
  ] as const)('of role %s where changes may be approved', (role, names) => {
    const missing = missingVariables(parseServiceConfig({}, noFiles), role, 'socket', true);

    expect(missing.map((sentence) => sentence.split(' ', 1)[0])).toEqual(names);
  });

  it('is empty when everything is there', () => {
    const config = parseServiceConfig({ SLACK_BOT_TOKEN: BOT, SLACK_APP_TOKEN: APP, REDIS_URL: 'redis://r' }, noFiles);

    expect(missingVariables(config, 'all', 'socket')).toEqual([]);
  });
});

function thrownBy(run: () => unknown): KubewhyError {
  try {
    run();
  } catch (error) {
    if (error instanceof KubewhyError) {
      return error;
    }
    throw error;
  }
  throw new Error('nothing was thrown');
}

function inOrderOf(text: string): (a: string, b: string) => number {
  return (a, b) => text.indexOf(`  ${a} `) - text.indexOf(`  ${b} `);
}
