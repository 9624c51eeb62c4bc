import { describe, expect, it } from 'vitest';
import { SLACK_SCOPES } from '../../../src/core/chat/slack-scopes.ts';
import { alertChecks } from '../../../src/core/doctor/alert-checks.ts';
import type { AlertFacts } from '../../../src/core/doctor/alert-facts.ts';
import { type Check, verdictOf } from '../../../src/core/doctor/check.ts';
import { clockCheck } from '../../../src/core/doctor/clock-check.ts';
import { clusterChecks } from '../../../src/core/doctor/cluster-checks.ts';
import type { ClusterFacts, MissingRight } from '../../../src/core/doctor/cluster-facts.ts';
import { redisChecks } from '../../../src/core/doctor/redis-checks.ts';
import type { RedisFacts } from '../../../src/core/doctor/redis-facts.ts';
import type { Right } from '../../../src/core/doctor/right.ts';
import { settingsChecks } from '../../../src/core/doctor/settings-checks.ts';
import { type SlackWanted, slackChecks } from '../../../src/core/doctor/slack-checks.ts';
import type { BotTokenFact, ChannelFact, SlackFacts, UserGroupFact } from '../../../src/core/doctor/slack-facts.ts';

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
  const good: SlackFacts = { bot, app: { kind: 'valid' }, channels: [channel], groups: [], leftOut: 0 };
  const socket: SlackWanted = {
    mode: 'socket',
    signingSecrets: 0,
    sharedChannels: 'refuse',
    incidentChannels: ['C0ALERTS'],
  };

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
    const checks = slackChecks({ channels: [], groups: [], leftOut: 0 }, socket);

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

  it.each([
    [{ member: false }, 'failure', 'no incident can be shown there'],
    [{ archived: true }, 'failure', 'incidents go to `alerts.fallbackChannel`'],
    [{ shared: true }, 'warning', 'shared with another organisation'],
  ])('a channel of incidents with %j: %s', (change, status, words) => {
    const checks = slackChecks({ ...good, channels: [{ ...channel, id: 'C0ALERTS', ...change }] }, socket);

    expect(checks.find(({ id }) => id === 'slack.channel')).toMatchObject({
      status,
      says: expect.stringContaining(words),
    });
    expectHelp(checks);
  });

  it.each<[UserGroupFact, string, string]>([
    [{ kind: 'group', id: 'S0SRE', people: 2, members: ['U1', 'U2'] }, 'ok', 'was found'],
    [{ kind: 'group', id: 'S0SRE', people: 0, members: [] }, 'warning', 'has no members'],
    [
      { kind: 'unknown', id: 'S0SRE', fault: { kind: 'refused', code: 'no_such_subteam' } },
      'failure',
      'allows nobody anything: Slack says no_such_subteam',
    ],
    [{ kind: 'unknown', id: 'S0SRE', fault: { kind: 'unreachable', reason: 'ECONNRESET' } }, 'failure', 'ECONNRESET'],
  ])('a user group %j: %s', (group, status, words) => {
    const checks = slackChecks({ ...good, groups: [group] }, socket);

    expect(checks.at(-1)).toMatchObject({ id: 'slack.group', status, says: expect.stringContaining(words) });
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

  it('warns when changes cannot be told', () => {
    const right: Right = { verb: 'list', group: 'autoscaling', resource: 'horizontalpodautoscalers' };
    const autoscalers: MissingRight = { needed: { right, scope: 'asked', playbooks: [], purpose: 'changes' } };
    const [, , check] = clusterChecks({ ...good, missing: [autoscalers] });

    expect(check).toMatchObject({
      status: 'warning',
      says: 'What changed before an incident cannot be told fully without `list horizontalpodautoscalers.autoscaling`.',
    });
  });

  it('fails when questions themselves cannot be answered', () => {
    const [, , check] = clusterChecks({ ...good, missing: [pods] });

    expect(check).toMatchObject({
      status: 'failure',
      says: 'Questions cannot be answered fully without `get pods`.',
    });
  });

  it('says where pods cannot be watched, which no question needs', () => {
    const right: Right = { verb: 'watch', group: '', resource: 'pods' };
    const missing = ['shop', 'crm'].map(
      (namespace): MissingRight => ({
        needed: { right, scope: { namespace }, playbooks: [], purpose: 'watch' },
        namespaces: [namespace],
      }),
    );

    const checks = clusterChecks({ ...good, missing });

    expect(brief(checks)).toEqual([
      'cluster.connection ok',
      'cluster.clock ok',
      'cluster.rights ok',
      'cluster.watch warning',
    ]);
    expect(checks.at(-1)).toMatchObject({
      says: 'Pods cannot be watched in shop and crm, as `alerts.watch` wants it; missing: `watch pods`.',
      fix: expect.stringContaining('deploy/rbac/watcher.yaml'),
      lines: expect.arrayContaining(['  name: kubewhy-watcher', '    verbs: ["list", "watch"]']),
    });
    expectHelp(checks);
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

describe('alertChecks', () => {
  const none: AlertFacts = {
    senders: [],
    limited: false,
    tokensOf: [],
    watches: false,
    channelForAll: false,
    channels: [],
    askedIn: [],
    acknowledge: ['*'],
    silence: [],
    alertmanagers: [],
    strayTokens: [],
  };
  const good: AlertFacts = {
    ...none,
    senders: ['prom'],
    tokensOf: ['prom', 'prom'],
    channelForAll: true,
    channels: ['C0OPS'],
    askedIn: ['C0OPS', 'direct'],
    silence: ['S0SRE'],
    alertmanagers: [{ kind: 'answered', name: 'main', version: '0.25.0' }],
  };

  it('is one line where no alerts are taken', () => {
    expect(alertChecks(none).map(({ id, status, says }) => [id, status, says])).toEqual([
      [
        'alerts.taken',
        'note',
        'No alerts are taken: KUBEWHY_ALERT_TOKENS holds no token, and nothing is under `alerts.watch`.',
      ],
    ]);
  });

  it('is good when everything is there', () => {
    expect(alertChecks({ ...good, watches: true }).map(({ status, says }) => `${status} ${says}`)).toEqual([
      'ok Alerts are taken from prom and from pods that are watched.',
      'ok Alertmanager main answers: version 0.25.0.',
    ]);
  });

  it.each<[Partial<AlertFacts>, string]>([
    [{ tokensOf: [] }, 'failure prom cannot deliver alerts: KUBEWHY_ALERT_TOKENS has no token of that name.'],
    [
      { tokensOf: ['prom', 'old'] },
      'note old has a token and is not under `alerts.senders`: their alerts may be about every namespace.',
    ],
    [
      { tokensOf: ['prom', 'old', 'older'], limited: true },
      'warning old and older have tokens and are not under `alerts.senders`: their alerts may be about every namespace.',
    ],
    [
      { strayTokens: ['a', 'b'] },
      'warning KUBEWHY_ALERTMANAGER_TOKENS has a token of a and b, which are not under `alerts.alertmanagers`.',
    ],
    [{ channelForAll: false }, 'warning Alerts that no route fits are shown nowhere: `alerts.channel` is not set.'],
    [
      { askedIn: ['direct'] },
      'warning No rule under `reading` names C0OPS, so that nobody may check again there, nor acknowledge as one of everybody (*).',
    ],
    [{ silence: [] }, 'note Nobody may silence alerts: `alerts.people.silence` is empty.'],
    [
      { alertmanagers: [{ kind: 'unreachable', name: 'main', reason: 'ECONNREFUSED' }] },
      'failure Alertmanager main cannot be reached: nothing listens there (ECONNREFUSED).',
    ],
    [
      { alertmanagers: [{ kind: 'refused', name: 'main', status: 401, reason: 'HTTP 401' }] },
      'failure Alertmanager main does not let Kubewhy use its API: HTTP 401.',
    ],
  ])('finds what is wrong: %j', (change, expected) => {
    const checks = alertChecks({ ...good, ...change });

    expect(checks.map(({ status, says }) => `${status} ${says}`)).toContain(expected);
    expectHelp(checks);
  });

  it('does not call it taken when no sender has a token', () => {
    expect(brief(alertChecks({ ...none, senders: ['prom'] }))).toEqual(['alerts.tokens failure']);
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
