import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDoctor } from '../../../src/app/doctor/run-doctor.ts';
import { loadAllPlaybooks } from '../../../src/app/playbooks.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { parseServiceConfig } from '../../../src/config/service-config.ts';
import type { Check } from '../../../src/core/doctor/check.ts';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import { sendJson, startApiServer, temporaryFolder, writeKubeconfig } from '../../adapters/kubernetes/api-server.ts';
import { freePort } from '../../redis/start-redis.ts';

const RULES = 'reading: [{ channels: [direct], namespaces: [shop, pay] }]\n';

/** An API server that grants everything but the rights of these paths' reviews. */
async function apiServer(allows: (attributes: Record<string, string>) => boolean, inNamespace: object[] = []) {
  return startApiServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
      const replies: Record<string, object> = {
        version: { gitVersion: 'v1.34.4' },
        selfsubjectreviews: { status: { userInfo: { username: 'system:serviceaccount:a:b' } } },
        selfsubjectaccessreviews: { status: { allowed: allows(body.spec?.resourceAttributes ?? {}) } },
        selfsubjectrulesreviews: { status: { resourceRules: body.spec?.namespace === 'shop' ? inNamespace : [] } },
      };
      const [reply = {}] = Object.entries(replies).flatMap(([end, one]) => (request.url?.endsWith(end) ? [one] : []));
      sendJson(response, reply);
    });
  });
}

async function examine(settings: string, variables: Record<string, string> = {}): Promise<readonly Check[]> {
  const file = join(temporaryFolder(), 'kubewhy.yaml');
  writeFileSync(file, settings);
  return runDoctor({
    readServiceConfig: () => parseServiceConfig(variables, () => ''),
    readConfig: () => parseConfig(variables),
    loadPlaybooks: loadAllPlaybooks,
    settingsFile: file,
  });
}

function brief(checks: readonly Check[]): readonly string[] {
  return checks.map(({ id, of, status }) => `${id}${of === undefined ? '' : ` of ${of}`} ${status}`);
}

describe('runDoctor', () => {
  it('examines what is there and leaves out what is not configured', async () => {
    const { url } = await apiServer(() => true);

    const checks = await examine(`clusters: [{ name: lab, kubeconfig: ${writeKubeconfig(url)} }]\n${RULES}`);

    expect(brief(checks)).toEqual([
      'environment.valid ok',
      'settings.file ok',
      'settings.reading ok',
      'playbooks.valid ok',
      'slack.token skipped',
      'slack.app-token skipped',
      'redis.connection skipped',
      'alerts.taken note',
      'cluster.connection of lab ok',
      'cluster.clock of lab ok',
      'cluster.rights of lab ok',
    ]);
  });

  it('finds a right that is missing in one of the namespaces only', async () => {
    const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods/log'] };
    const { url } = await apiServer(({ subresource }) => subresource !== 'log', [rule]);

    const checks = await examine(`clusters: [{ name: lab, kubeconfig: ${writeKubeconfig(url)} }]\n${RULES}`);

    const check = checks.find(({ id }) => id === 'cluster.rights');
    expect(check?.status).toBe('warning');
    expect(check?.says).toMatch(/^12 playbooks would be blind: .*; missing: `get pods\/log` in pay\.$/);
    expect(check?.lines).toEqual(expect.arrayContaining(['    resources: ["pods/log"]', '    verbs: ["get"]']));
  });

  it('asks a gateway for no cluster and a diagnoser for no Slack', async () => {
    const gateway = await examine(RULES, { KUBEWHY_ROLE: 'gateway' });
    const diagnoser = await examine(RULES, { KUBEWHY_ROLE: 'diagnoser' });

    expect(brief(gateway)).toContain('cluster.connection of default skipped');
    expect(brief(diagnoser)).toContain('slack.token skipped');
    expect(brief(diagnoser)).toContain('alerts.taken skipped');
  });

  it('looks at what alerts need', async () => {
    const server = createServer((request, response) => {
      const known = request.url === '/am/api/v2/status' && request.headers.authorization === 'Bearer secret';
      sendJson(response, known ? { versionInfo: { version: '0.25.0' } } : {});
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const alerts = [
      'alerts:',
      '  channel: C0OPS',
      '  senders: [{ name: prom }, { name: graf }]',
      `  alertmanagers: [{ name: main, url: "${url}/am" }, { name: gone, url: "http://127.0.0.1:${await freePort()}" }]`,
      '  people: { acknowledge: [U0ANN], silence: [S0SRE] }',
    ];
    const variables = {
      KUBEWHY_ROLE: 'gateway',
      KUBEWHY_ALERT_TOKENS: 'prom=0123456789abcdef',
      KUBEWHY_ALERTMANAGER_TOKENS: 'main=secret',
    };

    const checks = await examine(`${RULES}${alerts.join('\n')}\n`, variables);

    server.close();
    expect(checks.filter(({ area }) => area === 'alerts').map(({ status, says }) => `${status} ${says}`)).toEqual([
      'ok Alerts are taken from prom.',
      'failure graf cannot deliver alerts: KUBEWHY_ALERT_TOKENS has no token of that name.',
      'ok Alertmanager main answers: version 0.25.0.',
      'failure Alertmanager gone cannot be reached: nothing listens there (ECONNREFUSED).',
    ]);
  });

  it('examines what approved changes need, with the account that makes them', async () => {
    const people = temporaryFolder();
    writeFileSync(join(people, 'stop'), 'run\n');
    const reader = await apiServer(() => true);
    const executor = await apiServer(({ verb, resource, subresource }) =>
      ['secrets', '*', 'clusterroles', 'users'].includes(resource ?? '') || subresource === 'proxy'
        ? false
        : !(verb === 'delete' && resource === 'pods') && !(verb === 'create' && resource === 'pods'),
    );
    const settings = [
      `clusters: [{ name: lab, kubeconfig: ${writeKubeconfig(reader.url)}, executor: { kubeconfig: ${writeKubeconfig(executor.url)} } }]`,
      'remediation:',
      '  rules: [{ name: shop, approvers: [U0ANN], actions: [R-POD-DELETE, R-EVICT], tiers: [T1], namespaces: [shop] }]',
      `  stopFile: ${join(people, 'stop')}`,
      '  runbooks: [{ cluster: lab, place: job, namespace: runbooks, cronJob: ceph }]',
    ];

    const checks = await examine(`${RULES}${settings.join('\n')}\n`);

    expect(brief(checks.filter(({ id }) => /^changes|executor|runbook/.test(id)))).toEqual([
      'changes.rules ok',
      'changes.signing-key failure',
      'changes.settings warning',
      'changes.settings warning',
      'changes.stop ok',
      'cluster.executor of lab ok',
      'cluster.executor-rights of lab failure',
      'cluster.runbook of lab skipped',
    ]);
    expect(checks.find(({ id }) => id === 'cluster.executor-rights')?.says).toContain(
      'R-EVICT and R-POD-DELETE cannot be done everywhere, although the rules allow it; missing: `delete pods`',
    );
    expect(checks.filter(({ id }) => id === 'changes.settings').map(({ says }) => says)).toEqual([
      'remediation.rules[0].approvers[0]: this person has no entry under `remediation.identities`, so every approval is refused.',
      'remediation.operators: nobody can stop changes from Slack.',
    ]);
  });

  it('goes on when parts are broken, and lists every problem', async () => {
    const checks = await examine('clusters: [{ name: gone, kubeconfig: /nowhere }]\nplaybooks: [/nowhere]\n', {
      REDIS_URL: 'redis://127.0.0.1:1',
      SLACK_BOT_TOKEN: 'xoxb-1234567890',
      SLACK_API_URL: 'http://127.0.0.1:1/api/',
    });

    expect(brief(checks)).toEqual([
      'environment.valid ok',
      'settings.file ok',
      'settings.reading warning',
      'playbooks.valid failure',
      'slack.token failure',
      'slack.app-token skipped',
      'redis.connection failure',
      'alerts.taken note',
      'cluster.connection of gone failure',
    ]);
    expect(checks.filter(({ status, fix }) => status === 'failure' && fix === undefined)).toEqual([]);
  });

  it('shows what is wrong with the settings, and examines what does not depend on them', async () => {
    const checks = await examine('slck: {}\nretention: { days: 0 }\n');

    expect(brief(checks)).toEqual([
      'environment.valid ok',
      'settings.valid failure',
      'playbooks.valid ok',
      'redis.connection skipped',
    ]);
    expect(checks[1]?.lines).toEqual([
      'line 1: slck: there is no such key. Did you mean `slack`?',
      expect.stringMatching(/^line 2: retention\.days: /),
    ]);
  });

  it('stops at an environment that is not valid', async () => {
    const checks = await examine('', { KUBEWHY_ROLE: 'boss', REDIS_URL: 'http://x' });

    expect(checks).toEqual([
      {
        area: 'environment',
        id: 'environment.valid',
        status: 'failure',
        says: 'The environment is not valid:',
        fix: 'Correct the variables listed.',
        lines: [
          'REDIS_URL must be a URL such as redis://127.0.0.1:6379/0.',
          'KUBEWHY_ROLE must be one of all, gateway, diagnoser, executor.',
        ],
      },
    ]);
  });

  it('does not hide a defect', async () => {
    const broken = runDoctor({
      readServiceConfig: () => {
        throw new TypeError('a defect');
      },
      readConfig: () => parseConfig({}),
      loadPlaybooks: async () => [],
    });

    await expect(broken).rejects.not.toBeInstanceOf(KubewhyError);
  });
});
