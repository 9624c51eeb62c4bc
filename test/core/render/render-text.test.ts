import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderText } from '../../../src/core/render/render-text.ts';
import { textWidth } from '../../../src/core/render/text-width.ts';
import { DIAGNOSES, diagnosis, finding } from './diagnoses.ts';

const GOLDEN = join(import.meta.dirname, 'golden');
// eslint-disable-next-line no-control-regex -- these characters are exactly what must not be there
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
// eslint-disable-next-line no-control-regex -- colours are escape sequences
const COLOUR = /\u001b\[(?:1|2|22|31|32|33|39)m/g;

describe('the text of a diagnosis', () => {
  const cases = Object.entries(DIAGNOSES).flatMap(([name, one]) => [80, 40].map((width) => ({ name, one, width })));

  it.each(cases)('$name at $width columns', async ({ name, one, width }) => {
    const text = renderText(one, { width, explain: name === 'explained' });

    await expect(`${text}\n`).toMatchFileSnapshot(join(GOLDEN, `${name}-${width}.txt`));
    expect(text.split('\n').filter((line) => textWidth(line) > width)).toEqual([]);
    expect(text).not.toMatch(/ $/m);
  });

  it('is the same with colours, apart from them', () => {
    for (const one of Object.values(DIAGNOSES)) {
      const plain = renderText(one, { explain: true });
      const coloured = renderText(one, { explain: true, color: true });

      expect(coloured).not.toBe(plain);
      expect(coloured.replaceAll(COLOUR, '').replaceAll(/ +$/gm, '')).toBe(plain);
    }
  });

  it('marks a proven cause red, a likely one yellow, a healthy answer green', () => {
    const first = (name: keyof typeof DIAGNOSES): string => renderText(DIAGNOSES[name] ?? diagnosis(), { color: true });

    expect(first('cause').startsWith('\u001b[31m●')).toBe(true);
    expect(first('likely').startsWith('\u001b[33m●')).toBe(true);
    expect(first('unknown').startsWith('\u001b[33m?')).toBe(true);
    expect(first('healthy').startsWith('\u001b[32m✓')).toBe(true);
  });

  it('cuts a text that would fill the screen and says so', () => {
    const text = renderText(
      diagnosis({
        verdict: 'cause',
        primary: finding({ evidence: [Array.from({ length: 500 }, (_, n) => `line ${n}`).join('\n')] }),
      }),
    );

    expect(text.split('\n').length).toBeLessThan(30);
    expect(text).toContain('…');
  });

  it('counts further troubles instead of listing them all', () => {
    const others = Array.from({ length: 9 }, (_, n) => finding({ cause: `trouble ${n}` }));

    const text = renderText(diagnosis({ verdict: 'cause', primary: finding(), others }));

    expect(text).toContain('trouble 5');
    expect(text).not.toContain('trouble 6');
    expect(text).toContain('and 3 more');
  });

  it('gives no command for names that a shell could understand', () => {
    const hostile = diagnosis({
      verdict: 'unknown',
      subject: { kind: 'Pod', namespace: 'a; rm -rf /', name: 'b', uid: '' },
    });

    expect(renderText(hostile)).not.toContain('kubectl');
  });
});

describe('any text from the cluster', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom(
      '\u001b[2J\u001b[31m',
      '\u001b]0;title\u0007',
      '\r\n\t',
      '\u202e',
      '\ud800',
      '漢字'.repeat(60),
      'x'.repeat(500),
      ' '.repeat(99),
    ),
  );
  const texts = fc.array(
    fc.tuple(nasty, nasty).map((pair) => pair.join(' ')),
    { maxLength: 3 },
  );

  it('stays within the width and holds nothing that a terminal obeys', () => {
    const shapes = fc.record({ cause: nasty, status: nasty, lines: texts, width: fc.integer({ min: 30, max: 130 }) });

    fc.assert(
      fc.property(shapes, ({ cause, status, lines, width }) => {
        const one = finding({
          cause,
          why: lines,
          evidence: lines,
          advice: lines,
          remediation: {
            action: 'R-POD-DELETE',
            subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' },
            parameters: {},
          },
          checks: [{ id: 'a', ask: status, answer: 'no', evidence: cause }],
        });
        const text = renderText(
          diagnosis({
            verdict: 'cause',
            status,
            primary: { ...one, root: { subject: cause, finding: one } },
            others: [one],
            alternatives: [one],
            unread: lines,
            considered: [{ code: status, container: cause, outcome: 'refuted', reason: cause }],
          }),
          { width, explain: true },
        );

        expect(text).not.toMatch(CONTROL);
        expect(text.split('\n').filter((line) => textWidth(line) > width)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
