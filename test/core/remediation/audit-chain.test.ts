import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/core/remediation/audit.ts';
import {
  type ChainHead,
  EMPTY_CHAIN,
  nextEntry,
  verifyEntries,
  verifyHead,
} from '../../../src/core/remediation/audit-chain.ts';
import { sampleDraft } from '../../fakes/remediation-samples.ts';

const AT = '2026-01-31T12:00:00.000Z';
const LENGTH = 9;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function chainOf(length: number): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let index = 1; index <= length; index += 1) {
    const draft = sampleDraft({ remediation: `m-${index}` });
    entries.push(nextEntry(entries.at(-1) ?? EMPTY_CHAIN, draft, AT, digest));
  }
  return entries;
}

const chain = chainOf(LENGTH);
const head: ChainHead = { seq: LENGTH, hash: chain.at(-1)?.hash ?? '' };

/** What a verifier says of entries that should end at `head`. */
function verdict(entries: readonly (AuditEntry | undefined)[]): string {
  const result = verifyEntries(entries, EMPTY_CHAIN, digest);
  const fault = result.kind === 'broken' ? result.fault : verifyHead(result.head, head);
  return fault === undefined ? 'whole' : `${fault.kind} ${fault.seq}: ${fault.says}`;
}

function withEntry(seq: number, change: (entry: AuditEntry) => AuditEntry | undefined): (AuditEntry | undefined)[] {
  return chain.map((entry) => (entry.seq === seq ? change(entry) : entry));
}

/** As somebody does who knows how hashes are made. */
function rehashed(entry: AuditEntry): AuditEntry {
  const { seq, prevHash, at, hash: _hash, ...draft } = entry;
  return nextEntry({ seq: seq - 1, hash: prevHash }, draft, at, digest);
}

describe('nextEntry', () => {
  it('hashes the hash before and the canonical JSON of everything else', () => {
    const [first] = chain;

    const { hash, ...rest } = first ?? expect.fail('there is no entry');

    expect(rest).toEqual({ ...sampleDraft({ remediation: 'm-1' }), seq: 1, at: AT, prevHash: '0'.repeat(64) });
    const keys = Object.keys(rest).toSorted();
    expect(hash).toBe(digest('0'.repeat(64) + JSON.stringify(rest, [...keys, 'reason', 'status'].toSorted())));
  });
});

describe('verifyEntries', () => {
  it('finds a whole chain whole, in one piece or in two', () => {
    const first = verifyEntries(chain.slice(0, 4), EMPTY_CHAIN, digest);

    const second = first.kind === 'whole' ? verifyEntries(chain.slice(4), first.head, digest) : first;

    expect([verdict(chain), second]).toEqual(['whole', { kind: 'whole', head }]);
    expect(verifyEntries([], EMPTY_CHAIN, digest)).toEqual({ kind: 'whole', head: EMPTY_CHAIN });
  });

  it.each([
    ['a changed text', withEntry(5, (entry) => ({ ...entry, actor: 'slack:T1/U666' })), 'changed 5'],
    [
      'a changed detail',
      withEntry(5, (entry) => ({ ...entry, detail: { ...entry.detail, status: 201 } })),
      'changed 5',
    ],
    ['a changed time', withEntry(5, (entry) => ({ ...entry, at: '2026-01-31T12:00:00.001Z' })), 'changed 5'],
    ['a further field', withEntry(5, (entry) => ({ ...entry, note: '' })), 'changed 5'],
    ['a field less', withEntry(5, ({ ...entry }) => ({ ...entry, detail: {} })), 'changed 5'],
    ['a changed hash', withEntry(5, (entry) => ({ ...entry, hash: '0'.repeat(64) })), 'changed 5'],
    ['an exchanged entry', withEntry(5, (entry) => rehashed({ ...entry, actor: 'x' })), 'changed 5'],
    ['an exchanged first entry', withEntry(1, (entry) => ({ ...rehashed({ ...entry, actor: 'x' }) })), 'changed 1'],
    ['an exchanged last entry', withEntry(9, (entry) => rehashed({ ...entry, actor: 'x' })), 'changed 9'],
    ['another beginning', withEntry(1, (entry) => rehashed({ ...entry, prevHash: 'x' })), 'changed 1'],
    ['an entry that cannot be read', withEntry(5, () => undefined), 'unreadable 5'],
    ['an entry left out', chain.toSpliced(4, 1), 'missing 5: Entry 5 is missing.'],
    ['two left out', chain.toSpliced(4, 2), 'missing 5: Entries 5 to 6 are missing.'],
    ['the first left out', chain.slice(1), 'missing 1: Entry 1 is missing.'],
    ['the end cut off', chain.slice(0, 6), 'missing 7: Entries 7 to 9 are missing.'],
    ['everything gone', [], 'missing 1: Entries 1 to 9 are missing.'],
    [
      'two that changed places',
      [...chain.slice(0, 4), ...chain.slice(4, 6).toReversed(), ...chain.slice(6)],
      'reordered 5',
    ],
    ['one twice', chain.toSpliced(5, 0, ...chain.slice(2, 3)), 'reordered 6'],
    ['one more', [...chain, nextEntry(head, sampleDraft(), AT, digest)], 'changed 10'],
  ])('names the first place of %s', (_what, entries, expected) => {
    expect(verdict(entries)).toContain(expected);
  });

  it('finds whatever one character of an entry is changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: LENGTH - 1 }), fc.nat(), fc.constantFrom('0', 'a', 'x'), (index, place, character) => {
        const text = JSON.stringify(chain[index]);
        const at = place % text.length;
        const changed = parse(text.slice(0, at) + character + text.slice(at + 1));
        fc.pre(JSON.stringify(changed) !== text);

        expect(verdict(chain.with(index, changed as AuditEntry))).toMatch(/^(changed|missing|reordered|unreadable) /);
      }),
      { seed: 46, numRuns: 1000 },
    );
  });
});

function parse(text: string): AuditEntry | undefined {
  try {
    return JSON.parse(text) as AuditEntry;
  } catch {
    return undefined;
  }
}
