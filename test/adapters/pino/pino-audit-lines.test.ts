import { expect, it } from 'vitest';
import { pinoAuditLines } from '../../../src/adapters/pino/pino-audit-lines.ts';
import type { AuditDraft } from '../../../src/core/remediation/audit.ts';
import { EMPTY_CHAIN, nextEntry } from '../../../src/core/remediation/audit-chain.ts';
import { sampleDraft } from '../../fakes/remediation-samples.ts';

const TOKEN = `xoxb-${'1'.repeat(12)}-${'2'.repeat(12)}-${'aB3'.repeat(8)}`;

function written(draft: Partial<AuditDraft> = {}) {
  const lines: string[] = [];
  const entry = nextEntry(EMPTY_CHAIN, sampleDraft(draft), '2026-01-31T12:00:00.000Z', () => '9f'.repeat(32));
  pinoAuditLines({ write: (line) => void lines.push(line) }).write(entry);
  return { entry, lines, parsed: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

it('an entry is one line of the shape that all lines of the log have', () => {
  const { entry, lines, parsed } = written();

  expect(parsed).toEqual([{ level: 'info', time: expect.any(String), msg: 'audit', audit: entry }]);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
});

it('a line is whole, however long a text of it is', () => {
  const output = 'rbd: image has watchers, not removing. '.repeat(2000);

  const { entry, parsed } = written({ detail: { output } });

  expect(parsed).toMatchObject([{ audit: { detail: { output }, hash: entry.hash } }]);
});

it('a line holds no secret and no control character', () => {
  const { lines } = written({ detail: { reason: `${TOKEN} \u001b[31mred\u202e\u0007\n{"level":"info"}` } });

  expect(lines.join('')).not.toContain(TOKEN);
  expect(lines.join('')).not.toMatch(/\\u001b|\\u0007|\u202e/);
  expect(lines.join('').split('\n')).toHaveLength(2);
});
