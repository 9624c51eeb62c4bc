import type { Consideration } from '../diagnosis/finding.ts';
import { oneLine, shorten } from '../facts/text.ts';
import type { Page } from './page.ts';
import { padEnd, textWidth } from './text-width.ts';
import { wrapText } from './wrap.ts';

const INDENT = '  ';
const GAP = '  ';
const OUTCOME_WIDTH = 'not-triggered'.length;
const WIDEST_NAME = 32;
/** With less room than this the reason goes below the name. */
const NARROWEST_REASON = 24;
const LONGEST_REASON = 160;

/** Every playbook that was considered: name, outcome and reason. */
export function consideredLines(considered: readonly Consideration[], page: Page): readonly string[] {
  const nameWidth = Math.min(WIDEST_NAME, Math.max(0, ...considered.map((one) => textWidth(nameOf(one)))));
  const reasonAt = INDENT.length + OUTCOME_WIDTH + GAP.length + nameWidth + GAP.length;
  const rows = considered.flatMap((one) =>
    page.width - reasonAt < NARROWEST_REASON ? stacked(one, page) : row(one, page, nameWidth),
  );
  return rows.length === 0 ? [] : [INDENT + page.paint('quiet', 'considered'), ...rows];
}

function row(one: Consideration, page: Page, nameWidth: number): readonly string[] {
  const before = INDENT.length + OUTCOME_WIDTH + GAP.length + nameWidth + GAP.length;
  const names = wrapText(nameOf(one), nameWidth);
  const reasons = wrapText(shortReason(one), page.width - before);
  return Array.from({ length: Math.max(names.length, reasons.length) }, (_, index) => {
    const outcome = paintOutcome(
      one,
      index === 0 ? padEnd(one.outcome, OUTCOME_WIDTH) : ' '.repeat(OUTCOME_WIDTH),
      page,
    );
    return `${INDENT}${outcome}${GAP}${padEnd(names[index] ?? '', nameWidth)}${GAP}${reasons[index] ?? ''}`.trimEnd();
  });
}

function stacked(one: Consideration, page: Page): readonly string[] {
  const head = wrapText(`${nameOf(one)} ${one.outcome}`, page.width - INDENT.length);
  const reasons = wrapText(shortReason(one), page.width - INDENT.length * 2);
  return [...head.map((line) => INDENT + line), ...reasons.map((line) => INDENT + INDENT + line)];
}

function paintOutcome({ outcome }: Consideration, text: string, page: Page): string {
  if (outcome === 'confirmed') {
    return page.paint('bad', text);
  }
  return outcome === 'likely' || outcome === 'possible' ? page.paint('doubt', text) : page.paint('quiet', text);
}

function nameOf({ code, container }: Consideration): string {
  return container === undefined ? code : `${code} (${container})`;
}

/** Expressions can be long; the structured output has them whole. */
function shortReason({ reason }: Consideration): string {
  return shorten(oneLine(reason), LONGEST_REASON);
}
