import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../src/actions/action.ts';
import { ACTION_REGISTRY, actionOf } from '../../src/actions/registry.ts';
import { ACTIONS } from '../../src/core/playbook/vocabulary.ts';
import { adviceOf } from '../../src/core/remediation/advice.ts';
import { ago, aNode, anObject, aPod, aShop, DEPLOYMENT, POD, proposed, worldOf } from './action-world.ts';

/** Texts that mean something to a path, a shell, a template, JSON, YAML, a terminal or Slack. */
const HOSTILE = [
  '../../kube-system/pods/etcd',
  '..',
  '.',
  '',
  '/',
  '%2e%2e%2f',
  '%2Fapi%2Fv1',
  'web-0/../../nodes/node-1',
  'web-0/eviction',
  'web-0?gracePeriodSeconds=0',
  'web-0#x',
  'web-0;reboot',
  'web-0 && reboot',
  'web-0|tee /etc/passwd',
  '$(reboot)',
  '`reboot`',
  '${IFS}reboot',
  '${subject.name}',
  '{{ .Values.x }}',
  "web-0' --all '",
  'web-0" --all "',
  '--all',
  '-n kube-system',
  '--kubeconfig=/tmp/x',
  'web-0\nkubectl delete ns shop',
  'web-0\r\nHost: evil',
  'web-0\u0000',
  '\u001b[2Jweb-0',
  '\u202eweb-0',
  'web\u200b-0',
  'wеb-0',
  'WEB-0',
  'web_0',
  '<!channel>',
  '<@U123>',
  '<https://evil.example|web-0>',
  '*',
  'web-*',
  'app=web',
  'x'.repeat(254),
  '{"op":"remove","path":"/spec"}',
  '[]',
  'null',
  '__proto__',
  'constructor',
  'https://evil.example/x',
  'file:///etc/passwd',
  '~1metadata~1uid',
  '!!js/function x',
  '*alias',
  'web-0,web-1',
  ' web-0',
  'web-0 ',
] as const;

const KUBERNETES_ACTIONS = [...ACTION_REGISTRY.values()].filter(({ code }) => code !== 'R-RBD-LOCK-RM');
const NAMESPACE = { kind: 'Namespace', name: 'shop', uid: 'namespace-1', namespace: '' } as const;
const WORLD = [
  ...aShop(aPod({ metadata: { deletionTimestamp: ago(999), finalizers: ['acme.example/x'] } })),
  anObject('Namespace', 'shop', { metadata: { deletionTimestamp: ago(999) } }),
  anObject('ConfigMap', 'app', { metadata: { deletionTimestamp: ago(999), finalizers: ['acme.example/x'] } }),
];
const STUCK = aShop(aPod({ metadata: { deletionTimestamp: ago(999) } }));
const HELD = {
  apiVersion: 'v1',
  resource: 'configmaps',
  namespace: 'shop',
  name: 'app',
  finalizer: 'acme.example/x',
} as const;

type Rest = Parameters<typeof proposed> extends [unknown, ...infer R] ? R : never;

/** Where the same without the hostile text would be possible. */
async function inspect(code: (typeof ACTIONS)[number], ...rest: Rest): Promise<Inspection | undefined> {
  const world = code === 'R-POD-DELETE' ? aShop() : code === 'R-POD-FORCE-DELETE' ? STUCK : WORLD;
  return actionOf(code)?.inspect(proposed(code, ...rest), worldOf(world));
}

describe('names and parameters that try to be more', () => {
  it('are at least fifty', () => {
    expect(new Set(HOSTILE).size).toBeGreaterThanOrEqual(50);
  });

  it.each(HOSTILE)('refuses the name %j before anything is read', async (name) => {
    const answers = await Promise.all(
      KUBERNETES_ACTIONS.flatMap((action) =>
        (['Pod', 'Deployment', 'Node', 'Namespace'] as const).map(async (kind) => {
          const world = worldOf(WORLD);
          const namespace = kind === 'Pod' || kind === 'Deployment' ? 'shop' : '';
          const answer = await action.inspect(proposed(action.code, { kind, name, uid: 'pod-1', namespace }), world);
          return [answer.kind, answer.kind === 'refused' && answer.why, world.reader.queries.length];
        }),
      ),
    );

    // `null`, `constructor` and the like are names that an object may have; of those there is none.
    const isName = /^[a-z0-9]+$/.test(name) && name.length < 64;
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).not.toContain('possible');
    expect(
      answers.every(([kind, why, reads]) => kind === 'refused' && (isName || (why === 'invalid' && reads === 0))),
    ).toBe(true);
  });

  it.each(HOSTILE)('refuses the namespace %j before anything is read', async (namespace) => {
    const answers = await Promise.all(
      KUBERNETES_ACTIONS.map(async (action) => {
        const world = worldOf(WORLD);
        const answer = await action.inspect(proposed(action.code, { ...POD, namespace }), world);
        return answer.kind;
      }),
    );

    expect(new Set(answers)).toEqual(new Set(['refused']));
  });

  it('leaves what is not hostile possible', async () => {
    const answers = await Promise.all([
      inspect('R-POD-DELETE', DEPLOYMENT, { pod: 'web-abc-1', uid: 'pod-1' }),
      inspect('R-POD-FORCE-DELETE', DEPLOYMENT, { pod: 'web-abc-1' }),
      inspect('R-CORDON', POD, { node: 'node-1' }),
      inspect('R-OBJ-FINALIZER-REMOVE', POD, { finalizer: 'acme.example/x' }),
      inspect('R-OBJ-FINALIZER-REMOVE', NAMESPACE, HELD),
    ]);

    expect(answers.map((answer) => answer?.kind)).toEqual(Array.from(answers, () => 'possible'));
  });

  it.each(HOSTILE)('refuses %j in every parameter', async (text) => {
    const tries = [
      ...['pod', 'namespace', 'uid', text].map((key) =>
        inspect('R-POD-DELETE', DEPLOYMENT, { pod: 'web-abc-1', [key]: text }),
      ),
      ...['pod', 'uid', text].map((key) =>
        inspect('R-POD-FORCE-DELETE', DEPLOYMENT, { pod: 'web-abc-1', [key]: text }),
      ),
      ...['node', 'uid', text].map((key) => inspect('R-CORDON', POD, { [key]: text })),
      ...['finalizer', text].map((key) =>
        inspect('R-OBJ-FINALIZER-REMOVE', POD, { finalizer: 'acme.example/x', [key]: text }),
      ),
      ...Object.keys(HELD).map((key) => inspect('R-OBJ-FINALIZER-REMOVE', NAMESPACE, { ...HELD, [key]: text })),
      ...(['R-ROLLOUT-RESTART', 'R-ROLLBACK', 'R-NS-FINALIZE'] as const).map((code) =>
        inspect(code, DEPLOYMENT, { [text]: text }),
      ),
    ];

    const kinds = (await Promise.all(tries)).map((answer) => answer?.kind);

    expect(new Set(kinds)).toEqual(new Set(['refused']));
  });

  it('refuses a parameter that it does not know and a key of the prototype, without repeating it', async () => {
    const own = Object.fromEntries([['__proto__', '<!channel>']]);

    const answers = await Promise.all([
      inspect('R-POD-DELETE', POD, own),
      inspect('R-CORDON', { kind: 'Node', name: 'node-1', uid: 'node-1', namespace: '' }, { '<!channel>': 'x' }),
    ]);

    expect(answers).toEqual([
      {
        kind: 'refused',
        why: 'invalid',
        reason:
          'The playbook gave R-POD-DELETE a parameter that it does not have. Nothing is changed; do it by hand and correct the playbook.',
      },
      {
        kind: 'refused',
        why: 'invalid',
        reason:
          'The playbook gave R-CORDON a parameter that it does not have. Nothing is changed; do it by hand and correct the playbook.',
      },
    ]);
  });

  it.each(HOSTILE)('keeps %j out of commands for people', (text) => {
    const parameters = Object.fromEntries(
      ['replicas', 'workload', 'namespace', 'node', 'attachment', 'address', 'class', 'cronJob'].map((key) => [
        key,
        text,
      ]),
    );
    const subjects = [POD, DEPLOYMENT, { kind: 'Node', name: 'node-1', uid: 'n', namespace: '' }] as const;

    const commands = ACTIONS.flatMap((code) =>
      subjects.flatMap((subject) => adviceOf(proposed(code, subject, parameters)).commands),
    );

    const harmless = /^[a-z0-9-]+$/.test(text) || ['', '.', '..', '/', '*', '[]'].includes(text);
    expect(commands.filter((command) => !harmless && command.includes(text))).toEqual([]);
  });

  it('takes a hostile name of a node from a pod for no path and no command', async () => {
    const pod = aPod({ spec: { nodeName: '../../namespaces/shop' } });
    const world = worldOf([pod, aNode()]);

    const answer = await actionOf('R-CORDON')?.inspect(proposed('R-CORDON', POD), world);

    expect(answer?.kind).toBe('refused');
  });
});
