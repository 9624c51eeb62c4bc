import { describe, expect, it } from 'vitest';
import { playbooksInvalid } from '../../../src/core/playbook/compile-set.ts';
import { load, playbook, type SpecPlan } from './playbook-builder.ts';

describe('a playbook that cannot be used', () => {
  it.each<[string, SpecPlan, string, string]>([
    ['unknown key', { tirgger: 'true' }, 'spec', 'Unrecognized key: "tirgger"'],
    [
      'unknown key of a need',
      { needs: { a: { get: 'configmaps', name: 'x', labels: 'y' } } },
      'spec.needs.a',
      'Unrecognized key: "labels"',
    ],
    [
      'a read of an image without its name',
      { needs: { a: { runbook: 'rbd-status', pool: 'rbd' } } },
      'spec.needs.a',
      'rbd-status needs pool and image',
    ],
    [
      'a read of no image with one',
      { needs: { a: { runbook: 'ceph-health', pool: 'rbd', image: 'x' } } },
      'spec.needs.a',
      'ceph-health takes neither pool nor image',
    ],
    [
      'a command that is not on the list',
      { needs: { a: { runbook: 'rbd-rm', pool: 'rbd', image: 'x' } } },
      'spec.needs.a.runbook',
      'Invalid option',
    ],
    ['wrong type', { stage: 7 }, 'spec.stage', 'Invalid option'],
    ['missing cause', { finding: {} }, 'spec.finding.cause', 'Invalid input'],
    ['unknown stage', { stage: 'runn' }, 'spec.stage', 'Invalid option'],
    ['unknown subject', { subject: 'Event' }, 'spec.subject', 'Invalid option'],
    ['unknown resource', { needs: { a: { get: 'configmap', name: 'x' } } }, 'spec.needs.a.get', 'Invalid option'],
    ['unknown action', { remediation: { action: 'R-REBOOT' } }, 'spec.remediation.action', 'Invalid option'],
    ['a name with a hyphen', { let: { 'a-b': '1' } }, 'spec.let.a-b', 'Invalid key'],
    ['a name of every object', { let: { constructor: '1' } }, 'spec.let.constructor', 'Invalid key'],
    ['unknown fact', { trigger: 'pdo.kind == "x"' }, 'spec.trigger', 'there is no fact "pdo"; "pod" exists'],
    ['fact of another subject', { trigger: 'size(children) > 0' }, 'spec.trigger', 'there is no fact "children"'],
    [
      'fact named like an object method',
      { trigger: 'constructor.name == ""' },
      'spec.trigger',
      'there is no fact "constructor"',
    ],
    [
      'misspelt field',
      { forEach: { container: 'containers' }, trigger: 'container.restart > 1' },
      'spec.trigger',
      'there is no field of container "restart"; "restarts" exists',
    ],
    [
      'field that a node never has',
      { trigger: 'node.readySince == ""' },
      'spec.trigger',
      'there is no field of node "readySince"',
    ],
    [
      'unknown function',
      { trigger: 'nearst("a", [])[0] == ""' },
      'spec.trigger',
      'there is no function "nearst"; "nearest" exists',
    ],
    ['no expression', { trigger: 'a ==' }, 'spec.trigger', 'not a CEL expression'],
    ['no expression in a text', { finding: { cause: '${a ==}' } }, 'spec.finding.cause', 'not a CEL expression'],
    ['a text that is not closed', { finding: { cause: ['ok', '${pod'] } }, 'spec.finding.cause[1]', 'is not closed'],
    [
      'unknown fact in a text',
      { finding: { cause: 'x', why: [{ when: 'true', text: '${podd}' }] } },
      'spec.finding.why[0].text',
      '"podd"',
    ],
    ['look-ahead', { match: { a: { pattern: 'x(?=y)', in: '["x"]' } } }, 'spec.match.a', 'look-ahead is not supported'],
    [
      'backreference',
      { match: { a: { pattern: '(x)\\1', in: '["x"]' } } },
      'spec.match.a',
      'backreferences are not supported',
    ],
    ['bad pattern', { match: { a: { pattern: 'x(', in: '["x"]' } } }, 'spec.match.a', 'missing closing )'],
    [
      'unknown signature',
      { match: { a: { signature: 'nope', in: '["x"]' } } },
      'spec.match.a',
      'there is no signature "nope"',
    ],
    [
      'signature named like an object method',
      { match: { a: { signature: 'constructor', in: '["x"]' } } },
      'spec.match.a',
      'there is no signature',
    ],
    [
      'signature and pattern',
      { match: { a: { signature: 'exit-code', pattern: 'x', in: '["x"]' } } },
      'spec.match.a',
      'needs either',
    ],
    ['neither of them', { match: { a: { in: '["x"]' } } }, 'spec.match.a', 'needs either signature or pattern'],
    ['two lists', { forEach: { a: 'containers', b: 'events' } }, 'spec.forEach', 'has more than one name'],
    [
      'a need in the trigger',
      { needs: { cfg: { get: 'configmaps', name: 'x' } }, trigger: 'cfg.exists' },
      'spec.trigger',
      '"cfg" is read only after the trigger holds',
    ],
    [
      'a need in the trigger, through a let',
      { needs: { cfg: { get: 'configmaps', name: 'x' } }, let: { gone: '!cfg.exists' }, trigger: 'gone' },
      'spec.trigger',
      '"gone" is read only after the trigger holds',
    ],
    [
      'a need named like a fact',
      { needs: { node: { get: 'nodes', name: 'x' } } },
      'spec',
      'the name "node" is used twice or is a base fact',
    ],
    [
      'one name for two things',
      { let: { a: '1' }, match: { a: { pattern: 'x', in: '["x"]' } } },
      'spec',
      'the name "a" is used twice',
    ],
    ['unknown consequence', { explains: ['nope'] }, 'spec.explains', 'there is no playbook "nope"'],
  ])('%s', (_, spec, path, reason) => {
    const { problems } = load(playbook(spec));

    expect(problems).toEqual([{ file: 'a.yaml', path, reason: expect.stringContaining(reason) as string }]);
  });

  it.each([
    ['nothing', null],
    ['a text', 'playbook'],
    ['a list', []],
    ['another kind', { ...playbook(), kind: 'Playbok' }],
    [
      'a library with a wrong pattern',
      { apiVersion: 'kubewhy.dev/v1', kind: 'SignatureLibrary', signatures: { a: {} } },
    ],
  ])('%s is one problem', (_, content) => {
    expect(load(content).problems).toHaveLength(1);
  });

  it('is reported with all its problems and those of the others', () => {
    const first = playbook({ trigger: 'nope', finding: { cause: '${gone}', why: '${also}' }, explains: ['none'] });
    const second = playbook({ stage: 'x', subject: 'y' }, { name: 'Second' });

    const { problems } = load(first, second);

    expect(problems.map(({ file, path }) => `${file} ${path}`)).toEqual([
      'b.yaml metadata.name',
      'b.yaml spec.subject',
      'b.yaml spec.stage',
      'a.yaml spec.trigger',
      'a.yaml spec.finding.cause',
      'a.yaml spec.finding.why',
      'a.yaml spec.explains',
    ]);
  });

  it('stops the start with one line per problem', () => {
    const error = playbooksInvalid([
      { file: 'a.yaml', path: 'spec', reason: 'x' },
      { file: 'b.yaml', path: '', reason: 'y' },
    ]);

    expect(error).toMatchObject({
      code: 'PLAYBOOKS_INVALID',
      message: '2 problems in the playbooks:\n  a.yaml at spec: x\n  b.yaml: y',
    });
  });
});

describe('a set of playbooks', () => {
  it('takes the last one of each name', () => {
    const { playbooks } = load(playbook({ stage: 'run' }), playbook({ stage: 'image' }, { title: 'Mine' }));

    expect(playbooks.map(({ name, title, stage }) => ({ name, title, stage }))).toEqual([
      { name: 'sample', title: 'Mine', stage: 'image' },
    ]);
  });

  it('leaves out what is disabled', () => {
    const { playbooks, problems } = load(playbook(), playbook({}, { disabled: true }), playbook({}, { name: 'other' }));

    expect([playbooks.map(({ name }) => name), problems]).toEqual([['other'], []]);
  });

  it('is not changed by keys that mean something to JavaScript', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"apiVersion":"kubewhy.dev/v1","kind":"SignatureLibrary","signatures":{"__proto__":{"pattern":"x"}}}',
    ) as unknown;

    const { problems } = load(hostile);

    expect(problems.length).toBeGreaterThan(0);
    expect(({} as { polluted?: number; pattern?: string }).polluted).toBeUndefined();
    expect(({} as { polluted?: number; pattern?: string }).pattern).toBeUndefined();
  });

  it('may use every field that its facts have', () => {
    const fields = [
      'exists',
      'kind',
      'name',
      'namespace',
      'labels',
      'annotations',
      'created',
      'changed',
      'keys',
      'conditions',
      'object',
    ];
    const used = ['node', 'owner', 'controller'].flatMap((fact) => fields.map((field) => `has(${fact}.${field})`));

    expect(load(playbook({ trigger: [...used, 'node.ready'].join(' && ') })).problems).toEqual([]);
  });

  it('may use the notes of a workload', () => {
    const { problems } = load(playbook({ subject: 'Deployment', trigger: 'state.notes.size() > 0' }));

    expect(problems).toEqual([]);
  });
});
