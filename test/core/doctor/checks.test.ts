import { describe, expect, it } from 'vitest';
import { SLACK_SCOPES } from '../../../src/core/chat/slack-scopes.ts';
import { type Check, verdictOf } from '../../../src/core/doctor/check.ts';
import { clockCheck } from '../../../src/core/doctor/clock-check.ts';
import { clusterChecks } from '../../../src/core/doctor/cluster-checks.ts';
import type { ClusterFacts, MissingRight } from '../../../src/core/doctor/cluster-facts.ts';
import { redisChecks } from '../../../src/core/doctor/redis-checks.ts';
import type { RedisFacts } from '../../../src/core/doctor/redis-facts.ts';
import type { Right } from '../../../src/core/doctor/right.ts';
import { settingsChecks } from '../../../src/core/doctor/settings-checks.ts';
import { slackChecks } from '../../../src/core/doctor/slack-checks.ts';
import type { BotTokenFact, ChannelFact, SlackFacts } from '../../../src/core/doctor/slack-facts.ts';

/** `id status`, as a short form of the checks. */
function brief(checks: readonly Check[]): readonly string[] {
  return checks.map(({ id, status }) => `${id} ${status}`);
}

/** Everything that must hold of every check that is not good. */
function expectHelp(checks: readonly Check[]): void {
  const helpless = checks.filter(({ status, fix }) => ['warning', 'failure'].includes(status) && fix === undefined);

  expect(helpless).toEqual([]);
}

describe('slackChecks', () => {
  const bot: BotTokenFact = {
    kind: 'valid',
    team: 'Acme',
    bot: 'kubewhy',
    scopes: SLACK_SCOPES.map(({ scope }) => scope),
    clockSkewMs: 200,
  };
  const channel: ChannelFact = {
    kind: 'channel',
    id: 'C01',
    name: 'shop',
    member: true,
    archived: false,
    shared: false,
  };
  const good: SlackFacts = { bot, app: { kind: 'valid' }, channels: [channel], leftOut: 0 };
  const socket = { mode: 'socket', signingSecrets: 0, sharedChannels: 'refuse' } as const;

  it('is good when everything is there', () => {
    expect(brief(slackChecks(good, socket))).toEqual([
      'slack.token ok',
      'slack.scopes ok',
      'slack.clock ok',
      'slack.app-token ok',
      'slack.channel ok',
    ]);
  });

  it('skips what is not configured', () => {
    const checks = slackChecks({ channels: [], leftOut: 0 }, socket);

    expect(brief(checks)).toEqual(['slack.token skipped', 'slack.app-token skipped']);
    expect(checks.map(({ says }) => says)).toEqual([
      'Not configured: SLACK_BOT_TOKEN is not set.',
      'Not configured: SLACK_APP_TOKEN is not set.',
    ]);
  });

  it('looks for a signing secret in HTTP mode', () => {
    const http = { ...socket, mode: 'http' } as const;

    expect(brief(slackChecks(good, http))).toContain('slack.signing-secret skipped');
    expect(brief(slackChecks(good, { ...http, signingSecrets: 2 }))).toContain('slack.signing-secret ok');
  });

  it.each([
    [['chat:write'], 'failure', 'lacks chat:write: no answer can be posted.'],
    [['groups:history'], 'warning', 'lacks groups:history: a message whose sending was interrupted'],
    [['commands', 'im:history'], 'failure', 'lacks commands and im:history: there is no slash command'],
  ])('without the scopes %j: %s', (missing, status, words) => {
    const scopes = SLACK_SCOPES.map(({ scope }) => scope).filter((scope) => !missing.includes(scope));
    const check = slackChecks({ ...good, bot: { ...bot, scopes } }, socket).find(({ id }) => id === 'slack.scopes');

    expect(check?.status).toBe(status);
    expect(check?.says).toContain(words);
    expect(check?.fix).toContain('deploy/slack-manifest.yaml');
  });

  it.each([
    [{ kind: 'refused', code: 'invalid_auth' } as const, 'Slack says invalid_auth', 'Install the app'],
    [
      { kind: 'unreachable', reason: 'ENOTFOUND' } as const,
      'cannot be reached: DNS does not know the name (ENOTFOUND)',
      'Check the way',
    ],
  ])('a token that fails: %j', (fault, says, fix) => {
    const [check] = slackChecks({ ...good, bot: fault }, socket);

    expect(check).toMatchObject({
      status: 'failure',
      says: expect.stringContaining(says),
      fix: expect.stringContaining(fix),
    });
  });

  it.each([
    [{ member: false }, 'warning', 'is not a member of #shop (C01)'],
    [{ archived: true }, 'warning', 'is archived'],
    [{ shared: true }, 'warning', 'shared with another organisation'],
  ])('a channel with %j: %s', (change, status, words) => {
    const checks = slackChecks({ ...good, channels: [{ ...channel, ...change }] }, socket);
    const check = checks.find(({ id }) => id === 'slack.channel');

    expect(check).toMatchObject({ status, says: expect.stringContaining(words) });
    expectHelp(checks);
  });

  it('a channel that is not found, and channels that were left out', () => {
    const fault = { kind: 'refused', code: 'channel_not_found' } as const;
    const checks = slackChecks({ ...good, channels: [{ kind: 'unknown', id: 'C02', fault }], leftOut: 3 }, socket);

    expect(checks.filter(({ id }) => id === 'slack.channel').map(({ status, says }) => `${status} ${says}`)).toEqual([
      'failure Channel C02 of the settings: Slack says channel_not_found.',
      'note 3 more channels of the settings were not looked at.',
    ]);
    expectHelp(checks);
  });
});

describe('clockCheck', () => {
  it.each([
    [0, 'ok'],
    [5400, 'ok'],
    [-20_000, 'note'],
    [100_000, 'warning'],
    [-241_000, 'failure'],
  ])('%i ms: %s', (skew, status) => {
    expect(clockCheck('slack', 'Slack', skew).status).toBe(status);
  });

  it('says in which direction', () => {
    expect(clockCheck('slack', 'Slack', -60_000).says).toBe('The clock of this machine is 60 s behind that of Slack.');
  });
});

describe('redisChecks', () => {
  const good: RedisFacts = {
    kind: 'answered',
    address: 'redis:6379',
    server: 'redis',
    version: '7.0.15',
    role: 'master',
    cluster: false,
    appendOnly: true,
    appendSync: 'always',
    evictionPolicy: 'noeviction',
    usedBytes: 1024 * 1024,
    limitBytes: 100 * 1024 * 1024,
    writeFailed: false,
  };

  it('is good when everything is as it should be', () => {
    expect(redisChecks(good).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  });

  it.each([
    [{ version: '6.0.16' }, 'redis.version failure'],
    [{ version: '6.2.0' }, 'redis.version ok'],
    [{ version: '10.0.0' }, 'redis.version ok'],
    [{ role: 'slave' }, 'redis.role failure'],
    [{ cluster: true }, 'redis.role warning'],
    [{ appendOnly: false }, 'redis.persistence warning'],
    [{ appendSync: 'everysec' }, 'redis.persistence warning'],
    [{ appendSync: undefined }, 'redis.persistence note'],
    [{ writeFailed: true }, 'redis.persistence failure'],
    [{ evictionPolicy: 'allkeys-lru' }, 'redis.eviction failure'],
    [{ usedBytes: 71 * 1024 * 1024 }, 'redis.memory warning'],
    [{ usedBytes: 99 * 1024 * 1024 }, 'redis.memory failure'],
    [{ limitBytes: 0 }, 'redis.memory note'],
  ])('%j: %s', (change, expected) => {
    const checks = redisChecks({ ...good, ...change });

    expect(brief(checks)).toContain(expected);
    expectHelp(checks);
  });

  it.each(['unreachable', 'credentials', 'rights', 'tls', 'timeout'] as const)(
    'says what to do when it is %s',
    (why) => {
      const checks = redisChecks({ kind: 'failed', address: 'redis:6379', why, reason: 'reason' });

      expect(brief(checks)).toEqual(['redis.connection failure']);
      expectHelp(checks);
    },
  );

  it('is skipped when it is not configured', () => {
    expect(brief(redisChecks(undefined))).toEqual(['redis.connection skipped']);
  });
});

describe('settingsChecks', () => {
  it.each([
    [{ file: 'k.yaml', clusters: ['a'], defaultCluster: 'a', rules: 1 }, ['settings.file ok', 'settings.reading ok']],
    [
      { file: undefined, clusters: ['a', 'b'], defaultCluster: undefined, rules: 0 },
      ['settings.file warning', 'settings.reading warning', 'settings.default-cluster note'],
    ],
  ])('of %j', (facts, expected) => {
    const checks = settingsChecks(facts);

    expect(brief(checks)).toEqual(expected);
    expectHelp(checks);
  });
});

describe('clusterChecks', () => {
  const good: ClusterFacts = {
    kind: 'answered',
    cluster: 'prod',
    address: '10.0.0.1:6443',
    version: 'v1.34.4',
    user: 'system:serviceaccount:kubewhy:kubewhy',
    clockSkewMs: 0,
    missing: [],
    unknown: [],
  };
  const missing = (right: Right, playbooks: readonly string[], namespaces?: readonly string[]): MissingRight => ({
    needed: { right, scope: 'asked', playbooks },
    ...(namespaces === undefined ? {} : { namespaces }),
  });
  const nodes = missing({ verb: 'list', group: '', resource: 'nodes' }, ['pending-node-affinity-mismatch']);
  const pods = missing({ verb: 'get', group: '', resource: 'pods' }, []);
  const secrets = missing({ verb: 'get', group: '', resource: 'secrets' }, ['missing-configmap-or-secret']);

  it('is good when every right is there', () => {
    const checks = clusterChecks(good);

    expect(brief(checks)).toEqual(['cluster.connection ok', 'cluster.clock ok', 'cluster.rights ok']);
    expect(checks.every(({ of }) => of === 'prod')).toBe(true);
  });

  it('names the playbooks that would be blind, and the role that cures it', () => {
    const logs = missing({ verb: 'get', group: '', resource: 'pods/log' }, ['a', 'b'], ['shop']);
    const [, , check] = clusterChecks({ ...good, missing: [nodes, logs] });

    expect(check).toEqual({
      area: 'cluster',
      of: 'prod',
      id: 'cluster.rights',
      status: 'warning',
      says: '3 playbooks would be blind: a, b and pending-node-affinity-mismatch; missing: `list nodes` and `get pods/log` in shop.',
      fix: 'Apply deploy/rbac/reader.yaml, or let a cluster administrator apply what is missing:',
      lines: [
        'apiVersion: rbac.authorization.k8s.io/v1',
        'kind: ClusterRole',
        'metadata:',
        '  name: kubewhy-reader-more',
        'rules:',
        '  - apiGroups: [""]',
        '    resources: ["nodes"]',
        '    verbs: ["list"]',
        '  - apiGroups: [""]',
        '    resources: ["pods/log"]',
        '    verbs: ["get"]',
        '---',
        'apiVersion: rbac.authorization.k8s.io/v1',
        'kind: ClusterRoleBinding',
        'metadata:',
        '  name: kubewhy-reader-more',
        'roleRef:',
        '  apiGroup: rbac.authorization.k8s.io',
        '  kind: ClusterRole',
        '  name: kubewhy-reader-more',
        'subjects:',
        '  - kind: ServiceAccount',
        '    name: kubewhy',
        '    namespace: kubewhy',
      ],
    });
  });

  it('fails when questions themselves cannot be answered', () => {
    const [, , check] = clusterChecks({ ...good, missing: [pods] });

    expect(check).toMatchObject({
      status: 'failure',
      says: 'Questions cannot be answered fully without `get pods`.',
    });
  });

  it('takes missing Secrets for a choice', () => {
    const checks = clusterChecks({ ...good, missing: [secrets] });

    expect(brief(checks)).toContain('cluster.rights ok');
    expect(checks.at(-1)).toMatchObject({
      id: 'cluster.secrets',
      status: 'note',
      says: expect.stringContaining('this concerns missing-configmap-or-secret.'),
      lines: expect.arrayContaining(['  name: kubewhy-secret-names']),
    });
  });

  it('writes a user that is no ServiceAccount safely, and no binding for nobody', () => {
    const user = 'jane"\n  - kind: Group';
    const lines = clusterChecks({ ...good, missing: [nodes], user })[2]?.lines ?? [];
    const unbound = clusterChecks({ ...good, missing: [nodes], user: undefined })[2]?.lines ?? [];

    expect(lines.at(-1)).toBe(String.raw`    name: "jane\"\n  - kind: Group"`);
    expect(unbound).not.toContain('kind: ClusterRoleBinding');
  });

  it('says when it cannot be told', () => {
    const unknown = [{ right: nodes.needed.right, reason: 'could not read its own rights: timeout' }];
    const checks = clusterChecks({ ...good, unknown });

    expect(brief(checks)).toEqual(['cluster.connection ok', 'cluster.clock ok', 'cluster.rights warning']);
  });

  it('says what to do when it cannot be reached', () => {
    const [check] = clusterChecks({ kind: 'failed', cluster: 'prod', message: 'It is gone.', hint: 'Look.' });

    expect(check).toMatchObject({ of: 'prod', status: 'failure', says: 'It is gone.', fix: 'Look.' });
  });
});

describe('verdictOf', () => {
  it.each([
    [['ok', 'note', 'skipped'], 'good'],
    [['ok', 'warning'], 'warnings'],
    [['warning', 'failure', 'ok'], 'failures'],
  ] as const)('of %j is %s', (statuses, verdict) => {
    expect(verdictOf(statuses.map((status) => ({ area: 'redis', id: 'x', status, says: 'x' })))).toBe(verdict);
  });
});
