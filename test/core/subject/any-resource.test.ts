import { describe, expect, it } from 'vitest';
import {
  isTabledResource,
  isUntabledKind,
  namespacedResource,
  untabledResource,
  untabledWords,
} from '../../../src/core/subject/any-resource.ts';
import { resourceOf } from '../../../src/core/subject/kinds.ts';

const WIDGETS = {
  kind: 'widgets.example.com',
  group: 'example.com',
  version: 'v1alpha1',
  resource: 'widgets',
  namespaced: true,
  shortNames: [],
};

describe('a resource by its name', () => {
  it('is the one of the table, or one of an unknown kind', () => {
    expect(namespacedResource({ group: '', version: 'v1', resource: 'configmaps' })).toEqual(resourceOf('ConfigMap'));
    expect(namespacedResource({ group: 'example.com', version: 'v1alpha1', resource: 'widgets' })).toEqual(WIDGETS);
  });

  it.each([
    ['a/b', 'v1', 'widgets'],
    ['..', 'v1', 'widgets'],
    ['a..b', 'v1', 'widgets'],
    ['example.com', 'v1/../..', 'widgets'],
    ['example.com', '1', 'widgets'],
    ['example.com', 'v1', '../secrets'],
    ['example.com', 'v1', 'widgets/status'],
    ['example.com', 'v1', 'widgets?watch=true'],
    ['example.com', 'v1', ''],
    ['example.com', 'v1', 'Widgets'],
    ['', 'v1', 'nodes'],
  ])('is none for %j %j %j', (group, version, resource) => {
    expect(namespacedResource({ group, version, resource })).toBeUndefined();
  });

  it('that is not in the table has words of its own', () => {
    expect(untabledWords(WIDGETS)).toBe('widgets.v1alpha1.example.com');
    expect(untabledResource('widgets.v1alpha1.example.com')).toEqual(WIDGETS);
    expect(untabledResource('podtemplates.v1.')?.group).toBe('');
  });

  it.each(['pods', 'deployments.v1.apps', 'widgets.example.com', 'x.v1./../a'])('%s is no such words', (words) => {
    expect(untabledResource(words)).toBeUndefined();
  });

  it('is in the table by group and plural', () => {
    expect(isTabledResource(resourceOf('Pod'))).toBe(true);
    expect(isTabledResource({ group: 'example.com', resource: 'pods' })).toBe(false);
    expect([untabledWords(resourceOf('Pod')), isUntabledKind('widgets.example.com'), isUntabledKind('Pod')]).toEqual([
      undefined,
      true,
      false,
    ]);
  });
});
