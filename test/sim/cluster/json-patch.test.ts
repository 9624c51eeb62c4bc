import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/facts/json.ts';
import { applyJsonPatch } from '../../../src/sim/cluster/json-patch.ts';

const DOCUMENT: Json = { a: { 'x/y': 1, '~': 2 }, list: ['one', 'two', 'three'], none: null };

test.each<[JsonObject, Json]>([
  [
    { op: 'add', path: '/b', value: 1 },
    { ...DOCUMENT, b: 1 },
  ],
  [
    { op: 'add', path: '/list/-', value: 'four' },
    { ...DOCUMENT, list: ['one', 'two', 'three', 'four'] },
  ],
  [
    { op: 'add', path: '/list/0', value: 'zero' },
    { ...DOCUMENT, list: ['zero', 'one', 'two', 'three'] },
  ],
  [
    { op: 'replace', path: '/list/1', value: 2 },
    { ...DOCUMENT, list: ['one', 2, 'three'] },
  ],
  [
    { op: 'remove', path: '/list/1' },
    { ...DOCUMENT, list: ['one', 'three'] },
  ],
  [
    { op: 'replace', path: '/a/x~1y', value: 7 },
    { ...DOCUMENT, a: { 'x/y': 7, '~': 2 } },
  ],
  [
    { op: 'remove', path: '/a/~0' },
    { ...DOCUMENT, a: { 'x/y': 1 } },
  ],
  [{ op: 'test', path: '/a', value: { '~': 2, 'x/y': 1 } }, DOCUMENT],
  [{ op: 'test', path: '/none', value: null }, DOCUMENT],
])('applies %j', (operation, expected) => {
  expect(applyJsonPatch(DOCUMENT, [operation])).toEqual(expected);
});

test.each<JsonObject>([
  { op: 'test', path: '/list/0', value: 'two' },
  { op: 'test', path: '/list/3', value: 'two' },
  { op: 'test', path: '/nothing', value: 1 },
  { op: 'remove', path: '/nothing' },
  { op: 'remove', path: '/list/-' },
  { op: 'remove', path: '/list/01' },
  { op: 'replace', path: '/nothing', value: 1 },
  { op: 'add', path: '/list/9', value: 1 },
  { op: 'add', path: '/list/one', value: 1 },
  { op: 'add', path: '/nothing/deeper', value: 1 },
  { op: 'add', path: '/list/0/deeper', value: 1 },
  { op: 'add', path: '/b' },
  { op: 'move', path: '/b', from: '/a' },
  { op: 'remove', path: 'list' },
  { op: 'test', path: '/constructor', value: 1 },
  {},
])('does not apply %j', (operation) => {
  expect(applyJsonPatch(DOCUMENT, [operation])).toBeUndefined();
});

test('applies all operations or none', () => {
  const first: JsonObject = { op: 'remove', path: '/list/0' };

  const [both, none] = [
    applyJsonPatch(DOCUMENT, [first, { op: 'test', path: '/list/0', value: 'two' }]),
    applyJsonPatch(DOCUMENT, [first, { op: 'test', path: '/list/0', value: 'one' }]),
  ];

  expect([both, none]).toEqual([{ ...DOCUMENT, list: ['two', 'three'] }, undefined]);
});
