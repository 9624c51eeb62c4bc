import { describe, expect, it } from 'vitest';
import { parseCephAddress } from '../../../src/core/ceph/address.ts';
import { isClientFenced, isMachineFenced, parseBlocklist } from '../../../src/core/ceph/blocklist.ts';

const NOW = new Date('2026-11-22T03:00:00Z');
const LATER = '2026-11-22T04:00:00.000000+0000';
const CLIENT = parseCephAddress('10.0.0.5:0/77') ?? { text: '', ip: '', port: 0, nonce: '' };

function entries(...lines: readonly string[]) {
  return parseBlocklist(lines.join('\n')) ?? [];
}

describe('a machine is fenced', () => {
  it.each([
    ['by its own address', [`10.0.0.5:0/0 ${LATER}`], true],
    ['by a range', [`cidr:10.0.0.0:0/24 ${LATER}`], true],
    ['not by one of its clients', [`10.0.0.5:0/77 ${LATER}`], false],
    ['not by another machine', [`10.0.0.6:0/0 ${LATER}`], false],
    ['not by another range', [`cidr:10.0.1.0:0/24 ${LATER}`], false],
    ['not by a range of everything', [`cidr:0.0.0.0:0/0 ${LATER}`], false],
    ['not by what is over', ['10.0.0.5:0/0 2026-11-22T02:59:59.000000+0000'], false],
    ['not by an empty list', [], false],
  ])('%s', (_how, lines, fenced) => {
    expect(isMachineFenced('10.0.0.5', entries(...lines), NOW)).toBe(fenced);
  });
});

describe('a client is fenced', () => {
  it.each([
    ['by its own address', [`v1:10.0.0.5:0/77 ${LATER}`], true],
    ['by its machine', [`10.0.0.5:0/0 ${LATER}`], true],
    ['not by another client of its machine', [`10.0.0.5:0/78 ${LATER}`], false],
    ['not by what is over', ['10.0.0.5:0/77 2026-11-22T02:59:59.000000+0000'], false],
  ])('%s', (_how, lines, fenced) => {
    expect(isClientFenced(CLIENT, entries(...lines), NOW)).toBe(fenced);
  });
});
