import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  finalizerName,
  namesOther,
  optionalText,
  readParameters,
  subjectProblem,
} from '../../src/actions/parameters.ts';
import { POD, proposed } from './action-world.ts';

describe('finalizerName', () => {
  it.each([
    ['example.com/hold', true],
    ['foregroundDeletion', true],
    ['finalizers.fluxcd.io', true],
    ['cephblockpool.ceph.rook.io', true],
    ['a.b/C_d-e.f', true],
    ['', false],
    ['/hold', false],
    ['example.com/', false],
    ['a/b/c', false],
    ['Example.com/hold', false],
    ['example.com/hold ', false],
    ['example.com/-hold', false],
    [`example.com/${'x'.repeat(64)}`, false],
    ["example.com/a'b", false],
  ])('of %j is %j', (text, expected) => {
    const read = finalizerName.safeParse(text);

    expect(read.success).toBe(expected);
  });
});

describe('readParameters', () => {
  const schema = z.strictObject({ finalizer: finalizerName, note: optionalText(z.enum(['a'])) });

  it.each([
    [{ finalizer: 'x' }, { kind: 'read', value: { finalizer: 'x' } }],
    [
      { finalizer: 'x', note: 'a' },
      { kind: 'read', value: { finalizer: 'x', note: 'a' } },
    ],
    [
      { finalizer: 'x', note: '' },
      { kind: 'read', value: { finalizer: 'x', note: undefined } },
    ],
  ])('reads %o', (parameters, expected) => {
    const read = readParameters(schema, proposed('R-ADVICE', POD, parameters));

    expect(read).toEqual(expected);
  });

  it.each([
    [{}, /gave R-ADVICE no usable parameter `finalizer`/],
    [{ finalizer: '<!channel>' }, /no usable parameter `finalizer`/],
    [{ finalizer: 'x', note: 'b' }, /no usable parameter `note`/],
    [{ finalizer: 'x', '<!channel>': 'x' }, /a parameter that it does not have/],
  ])('refuses %o without repeating its text', (parameters, reason) => {
    const read = readParameters(schema, proposed('R-ADVICE', POD, parameters));

    expect(read).toEqual({ kind: 'refused', why: 'invalid', reason: expect.stringMatching(reason) as string });
    expect(JSON.stringify(read)).not.toContain('channel');
  });
});

describe('subjectProblem', () => {
  it.each([
    ['of another kind', { ...POD, kind: 'Ingress' }, /cannot be done/],
    ['without a uid', { ...POD, uid: '' }, /no uid/],
    ['without a namespace', { ...POD, namespace: '' }, /none that Kubernetes accepts/],
    [
      'of a node in a namespace',
      { kind: 'Node', name: 'node-1', uid: 'n', namespace: 'shop' },
      /none that Kubernetes accepts/,
    ],
    [
      'of a namespace with a dot',
      { kind: 'Namespace', name: 'a.b', uid: 'n', namespace: '' },
      /none that Kubernetes accepts/,
    ],
  ] as const)('tells what is wrong with a subject %s', (_, subject, reason) => {
    const problem = subjectProblem(proposed('R-POD-DELETE', subject), ['Pod', 'Node', 'Namespace']);

    expect(problem).toEqual({ kind: 'refused', why: 'invalid', reason: expect.stringMatching(reason) as string });
  });
});

describe('namesOther', () => {
  it('compares only what is named', () => {
    const subject = { kind: 'Pod', namespace: 'shop', name: 'web', uid: 'u' } as const;

    const answers = [{}, { name: 'web', uid: 'u' }, { name: 'db' }, { uid: 'v' }, { namespace: 'kube-system' }].map(
      (told) => namesOther(subject, told),
    );

    expect(answers).toEqual([false, false, true, true, true]);
  });
});
