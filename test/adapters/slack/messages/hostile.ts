import * as fc from 'fast-check';
import type { Diagnosis } from '../../../../src/core/diagnosis/diagnosis.ts';
import type { Finding } from '../../../../src/core/diagnosis/finding.ts';
import { diagnosisWith, findingWith } from './contents.ts';

const BAD = [
  '<!channel>',
  '<!here|here>',
  '<@U123456789>',
  '<#C123456789|general>',
  '<!subteam^S123456789>',
  '<https://evil.example|x>',
  '<!date^0^{date}^https://evil.example|x>',
  '@here',
  '@channel',
  'https://evil.example/a?b=c&d=<e>',
  'http://evil.example',
  'www.evil.example',
  'mailto:a@evil.example',
  '&lt;!channel&gt;',
  '&amp;lt;@U123456789&amp;gt;',
  '&#60;!channel&#62;',
  '\u202e\u2066<!channel>\u2069',
  '<\u200b!channel>',
  '\ufeff<@U123456789>',
  '`',
  '``',
  '```',
  '` <!channel> `',
  '*bold*',
  '_it_',
  '~gone~',
  ':smile:',
  '> quote',
  '|',
  '^',
  '{time}',
  '\n',
  '\r\n',
  '\t',
  '\u0000\u001b[31m',
  '\ud83d\ude00',
  '\ud83d',
  '\ude00',
  '\u0643\u0648\u0628',
  '\u6f22\u5b57',
  'a'.repeat(400),
  '\u{1f600}'.repeat(150),
  '&'.repeat(200),
  '<'.repeat(200),
];

/** Text that tries to be more than text. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...BAD) }, fc.string({ maxLength: 12, unit: 'binary' })), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((parts) => fc.constantFrom('', ' ').map((between) => parts.join(between)));

/** How many texts a hostile diagnosis takes. */
export const TEXTS_EACH = 50;

/** A diagnosis in which every text is one of the given ones. */
export function hostileDiagnosis(texts: readonly string[], verdict: Diagnosis['verdict']): Diagnosis {
  let at = 0;
  const next = (): string => texts[at++ % texts.length] ?? '';
  const several = (count: number): readonly string[] => Array.from({ length: count }, next);
  const finding = (changes: Partial<Finding> = {}): Finding =>
    findingWith({
      code: next(),
      cause: next(),
      why: several(1),
      evidence: several(2),
      advice: several(2),
      later: several(1),
      checks: [{ id: 'c', ask: next(), answer: 'cannot-tell', evidence: next() }],
      ...changes,
    });
  return diagnosisWith({
    verdict,
    subject: { kind: 'Deployment', namespace: next(), name: next(), uid: next() },
    status: next(),
    since: '2026-11-20T10:00:00Z',
    container: { name: next(), restarts: 3, secondsLeft: 4 },
    pod: { name: next(), alike: 1, total: 2 },
    primary: finding({ root: { subject: next(), finding: finding() }, state: 'likely', container: next() }),
    alternatives: [finding()],
    others: [finding({ container: next() })],
    consequences: [finding()],
    modifiers: [finding({ code: 'backoff' })],
    seen: several(2),
    past: several(1),
    checked: several(1),
    unread: several(1),
  });
}
