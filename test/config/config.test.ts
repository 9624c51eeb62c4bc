import { delimiter } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { ENVIRONMENT } from '../../src/config/environment.ts';
import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';

describe('parseConfig', () => {
  it('of an empty environment', () => {
    expect(parseConfig({})).toEqual({ playbookFolders: [], debug: false, color: undefined, proxy: {} });
  });

  it('reads every variable', () => {
    const variables = {
      HOME: '/home/ann',
      KUBECONFIG: '/a:/b',
      KUBEWHY_PLAYBOOKS: ['one', '', 'two'].join(delimiter),
      KUBEWHY_DEBUG: '1',
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
      KUBERNETES_SERVICE_PORT: '6443',
      HTTPS_PROXY: 'http://proxy:3128',
      http_proxy: 'proxy:3128',
      no_proxy: '.local',
      COLUMNS: '100',
    };

    const config = parseConfig(variables);

    expect(config).toEqual({
      home: '/home/ann',
      kubeconfig: '/a:/b',
      playbookFolders: ['one', 'two'],
      debug: true,
      color: undefined,
      columns: 100,
      service: { host: '10.0.0.1', port: '6443' },
      proxy: { httpsProxy: 'http://proxy:3128', httpProxy: 'proxy:3128', noProxy: '.local' },
    });
    expect(config.inherited).toEqual(variables);
  });

  it.each([
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, undefined],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'xterm' }, undefined],
  ])('colours of %j: %s', (variables, color) => {
    expect(parseConfig(variables).color).toBe(color);
  });

  it.each(['0', '-1', 'wide', '1e3', ''])('takes no notice of COLUMNS=%s', (text) => {
    expect(parseConfig({ COLUMNS: text })).not.toHaveProperty('columns');
  });

  it('names every problem at once, but no value', () => {
    const variables = {
      KUBEWHY_DEBUG: 'perhaps',
      KUBERNETES_SERVICE_PORT: 'x',
      HTTPS_PROXY: 'http://ann:secret@[',
      KUBECONFIG: 'a\u0000b',
    };

    const attempt = (): unknown => parseConfig(variables);

    expect(attempt).toThrow(KubewhyError);
    expect(attempt).toThrow(/KUBECONFIG[^]*KUBEWHY_DEBUG[^]*KUBERNETES_SERVICE_PORT[^]*HTTPS_PROXY/);
    expect(attempt).not.toThrow(/secret/);
  });

  it('cannot be changed', () => {
    const config = parseConfig({ KUBEWHY_PLAYBOOKS: 'a' });

    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.playbookFolders)).toBe(true);
    expect(Object.isFrozen(config.proxy)).toBe(true);
    expect(Object.isFrozen(config.inherited)).toBe(true);
  });
});

describe('secrets of the environment', () => {
  const variables = {
    PATH: '/bin',
    AWS_SECRET_ACCESS_KEY: 'aws-secret',
    SLACK_BOT_TOKEN: 'xoxb-secret',
    SLACK_APP_TOKEN_FILE: '/run/secrets/app',
    REDIS_URL: 'redis://:secret@redis:6379',
  };

  it('are not handed to other programs', () => {
    const { inherited } = parseConfig(variables);

    expect(inherited).toEqual({ PATH: '/bin', AWS_SECRET_ACCESS_KEY: 'aws-secret' });
  });

  it('are not shown when the configuration is printed', () => {
    const config = parseConfig(variables);

    const printed = [JSON.stringify(config), inspect(config, { depth: 9 }), JSON.stringify({ ...config })];

    expect(printed.join()).not.toContain('secret');
  });
});

describe('ENVIRONMENT', () => {
  it('names each variable once and says what it does', () => {
    const names = ENVIRONMENT.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(ENVIRONMENT.every(({ says }) => says.endsWith('.'))).toBe(true);
  });
});
