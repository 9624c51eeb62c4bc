import { describe, expect, it } from 'vitest';
import { governingNamespace } from '../../../src/core/subject/subject.ts';

describe('the namespace by which is decided who may ask', () => {
  it.each([
    [{ kind: 'Pod', namespace: 'shop', name: 'web-0' }, 'shop'],
    [{ namespace: 'shop', name: 'web' }, 'shop'],
    [{ kind: 'Namespace', namespace: '', name: 'shop' }, 'shop'],
    [{ kind: 'Node', namespace: '', name: 'worker-1' }, ''],
  ])('of %j is "%s"', (subject, namespace) => {
    expect(governingNamespace(subject)).toBe(namespace);
  });
});
