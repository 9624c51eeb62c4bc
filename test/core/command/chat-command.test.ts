import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChatCommand } from '../../../src/core/command/chat-command.ts';

describe('a question in chat', () => {
  it.each([
    ['why web-0', { kind: 'why', subject: { name: 'web-0' } }],
    ['why web-0 -n shop', { kind: 'why', subject: { name: 'web-0', namespace: 'shop' } }],
    ['why -n shop deploy/web', { kind: 'why', subject: { kind: 'Deployment', name: 'web', namespace: 'shop' } }],
    ['why deploy web -nshop', { kind: 'why', subject: { kind: 'Deployment', name: 'web', namespace: 'shop' } }],
    [
      'WHY sts/db --namespace=shop --cluster prod',
      { kind: 'why', subject: { kind: 'StatefulSet', name: 'db', namespace: 'shop' }, cluster: 'prod' },
    ],
    ['why web-0 -c prod', { kind: 'why', subject: { name: 'web-0' }, cluster: 'prod' }],
    ['why `web-0`', { kind: 'why', subject: { name: 'web-0' } }],
    ['why \u201cweb-0\u201d \u2014namespace shop', { kind: 'why', subject: { name: 'web-0', namespace: 'shop' } }],
    ['why <http://web.example|web.example>', { kind: 'why', subject: { name: 'web.example' } }],
    ['why Deployment shop/web', { kind: 'why', subject: { kind: 'Deployment', name: 'web', namespace: 'shop' } }],
  ])('%s', (text, expected) => {
    expect(parseChatCommand(text)).toEqual(expected);
  });

  it.each(['', '   ', 'help', 'HELP', '-h', '--help'])('asks for help: "%s"', (text) => {
    expect(parseChatCommand(text)).toEqual({ kind: 'help' });
  });
});

describe('a question that is not understood', () => {
  it.each([
    ['wyh web-0', 'There is no command "wyh".', ['why web-0']],
    ['web-0', 'There is no command "web-0".', ['why web-0']],
    ['deploy/web -n shop', 'There is no command "deploy/web".', ['why deploy/web -n shop']],
    ['hlep', 'There is no command "hlep".', ['help']],
    ['why', 'The name of a pod or a workload is missing.', []],
    ['why -n shop', 'The name of a pod or a workload is missing.', []],
    ['why web-0 -n', '-n needs a value: -n NAMESPACE.', []],
    ['why web-0 --yaml', 'There is no option "--yaml"; there are -n NAMESPACE and -c CLUSTER.', []],
    ['why Web-0', '"Web-0" is not a name that Kubernetes allows. Did you mean `web-0`?', ['why web-0']],
  ])('%s', (text, message, suggestions) => {
    expect(parseChatCommand(text)).toEqual({ kind: 'problem', message, suggestions });
  });

  it('has a kind that is spelt wrong', () => {
    const answer = parseChatCommand('why deplyo/web');

    expect(answer).toMatchObject({ kind: 'problem', message: expect.stringContaining('Did you mean `deploy`?') });
  });

  it('is too long', () => {
    const answer = parseChatCommand(`why ${'x'.repeat(4000)}`);

    expect(answer).toMatchObject({ kind: 'problem', message: expect.stringContaining('too long') });
  });
});

describe('a command of operators', () => {
  it.each([
    ['audit', { kind: 'audit' }],
    ['audit 20', { kind: 'audit', count: 20 }],
    ['AUDIT 5 -c prod', { kind: 'audit', count: 5, cluster: 'prod' }],
    ['audit --cluster=prod', { kind: 'audit', cluster: 'prod' }],
    ['stop', { kind: 'stop', words: [] }],
    ['Stop prod node trouble', { kind: 'stop', words: ['prod', 'node', 'trouble'] }],
    ['stop -c prod node trouble', { kind: 'stop', words: ['node', 'trouble'], cluster: 'prod' }],
    ['stop now --cluster=prod', { kind: 'stop', words: ['now'], cluster: 'prod' }],
    ['stop --force -n x', { kind: 'stop', words: ['--force', '-n', 'x'] }],
    ['stop -c', { kind: 'stop', words: [] }],
    ['resume', { kind: 'resume' }],
    ['resume prod', { kind: 'resume', cluster: 'prod' }],
    ['resume -c prod', { kind: 'resume', cluster: 'prod' }],
  ])('%s', (text, expected) => {
    expect(parseChatCommand(text)).toEqual(expected);
  });

  it.each(['audit web-0', 'audit 0', 'audit 1 2', 'audit 99999', 'audit -n shop', 'resume a b', 'resume a -c b'])(
    'is not understood: %s',
    (text) => {
      expect(parseChatCommand(text)).toEqual({
        kind: 'problem',
        message: expect.stringContaining('That is written:'),
        suggestions: [],
      });
    },
  );

  it('stops even with a reason that is too long', () => {
    expect(parseChatCommand(`stop ${'x '.repeat(2000)}`)).toMatchObject({ kind: 'stop' });
  });
});

it('stops with every text', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(parseChatCommand(`stop ${text}`).kind).toBe('stop');
    }),
    { numRuns: 1000 },
  );
});

it('understands or refuses every text without failing', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 300 }), (text) => {
      const { kind } = parseChatCommand(`why ${text}`);

      expect(['why', 'problem']).toContain(kind);
    }),
    { numRuns: 2000 },
  );
});
