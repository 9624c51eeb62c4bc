import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../../src/core/facts/nearest.ts';

describe('the names that may have been meant', () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    ['a missing letter', 'app-confg', ['app-config', 'db-config'], ['app-config']],
    ['a letter too many', 'app-connfig', ['app-config'], ['app-config']],
    ['a wrong letter', 'app-cinfig', ['app-config'], ['app-config']],
    ['a swap', 'app-ocnfig', ['app-config'], ['app-config']],
    ['two mistakes', 'ap-confg', ['app-config'], ['app-config']],
    ['another case', 'DB_HOST', ['db_host'], ['db_host']],
    ['another order of words', 'config-app', ['app-config'], ['app-config']],
    ['another separator', 'app_config', ['app-config'], ['app-config']],
    ['a word too few', 'web', ['web-frontend', 'webhook'], ['web-frontend']],
    ['a word too many', 'web-frontend-v2', ['web-frontend'], ['web-frontend']],
    ['the closest first', 'data-store', ['data-stores-a', 'data-stored', 'store-data'], ['data-stored', 'store-data']],
    ['of equal ones the first in the alphabet', 'port-a', ['port-c', 'port-b'], ['port-b', 'port-c']],
    ['each once', 'app-confg', ['app-config', 'app-config'], ['app-config']],
    ['not itself', 'app-config', ['app-config'], []],
    ['three mistakes', 'a-confg', ['app-config'], []],
    ['another word', 'frontend', ['backend', 'frontier'], []],
    ['one letter of a short name', 'api', ['app', 'ape'], ['ape', 'app']],
    ['two letters of a short name', 'auth', ['user', 'path'], []],
    ['names of two letters', 'db', ['dc', 'd', 'ab', 'DB'], ['DB']],
    ['an empty name', '', ['a', 'b-c', 'a--b'], []],
    ['parts of a word', 'cache', ['cached-data'], []],
  ])('%s', (_, wanted, names, expected) => {
    expect(nearestNames(wanted, names)).toEqual(expected);
  });

  const name = fc.stringMatching(/^[a-c]{1,4}(?:-[a-c]{1,3})?$/);

  it('never contain the name itself, and only names that exist', () => {
    fc.assert(
      fc.property(name, fc.array(name), (wanted, names) => {
        const near = nearestNames(wanted, names);

        expect(near).not.toContain(wanted);
        expect(near.filter((item) => !names.includes(item))).toEqual([]);
        expect(new Set(near).size).toBe(near.length);
      }),
    );
  });

  it('are near to each other both ways', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(nearestNames(a, [b]).length).toBe(nearestNames(b, [a]).length);
      }),
    );
  });

  it('contain every longer name with one mistake', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{5,20}$/), fc.nat(), (wanted, at) => {
        const position = at % wanted.length;

        expect(nearestNames(wanted.slice(0, position) + wanted.slice(position + 1), [wanted])).toEqual([wanted]);
        expect(nearestNames(`${wanted.slice(0, position)}0${wanted.slice(position)}`, [wanted])).toEqual([wanted]);
      }),
    );
  });
});
