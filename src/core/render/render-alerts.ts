import { printable, shorten } from '../facts/text.ts';
import { type AlertBatch, cutSentences } from '../triage/alert.ts';
import type { AlertRouting } from '../triage/routing.ts';
import { targetTitle } from '../triage/target-group.ts';
import type { PlannedAlert } from '../triage/triage-plan.ts';
import { createPage, type Page, type PageOptions } from './page.ts';
import { wrapText } from './wrap.ts';

/** How alerts are shown in a terminal. */
export interface AlertsRenderOptions extends PageOptions {
  /** Adds which labels and rules decided. */
  readonly explain?: boolean;
}

/** Alerts that are shown; all of them are in the structured output. */
const MOST_SHOWN = 200;
const LONGEST_NAME = 80;

/** The alerts of a delivery: what each is about and where it goes. */
export function renderAlerts(
  batch: AlertBatch,
  planned: readonly PlannedAlert[],
  options: AlertsRenderOptions,
): string {
  const page = createPage(options);
  const shown = planned.slice(0, MOST_SHOWN);
  const more = planned.length - shown.length;
  const lines = [
    ...wrapText(titleOf(batch), page.width),
    ...cutSentences(batch.cuts).flatMap((sentence) => indented(sentence, 2, page)),
    ...shown.flatMap((one) => alertLines(one, page, options.explain === true)),
    ...(more > 0 ? [`  and ${more} more, shown with -o json`] : []),
  ];
  return lines.join('\n');
}

function titleOf({ alerts, format }: AlertBatch): string {
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  const resolved = alerts.length - firing;
  const receiver = alerts[0]?.receiver ?? '';
  return [
    `${alerts.length} ${alerts.length === 1 ? 'alert' : 'alerts'}: ${firing} firing, ${resolved} resolved`,
    format,
    ...(receiver === '' ? [] : [`receiver ${short(receiver)}`]),
  ].join(' · ');
}

function alertLines({ mapped, routing }: PlannedAlert, page: Page, explain: boolean): readonly string[] {
  const { alert, target, trail, first } = mapped;
  const firing = alert.status === 'firing';
  const mark = page.paint(firing ? 'bad' : 'good', firing ? '●' : '✓');
  const [head = '', ...rest] = wrapText(
    `${alert.status} ${alert.name === '' ? '(no name)' : short(alert.name)}`,
    page.width - 4,
  );
  return [
    '',
    `  ${mark} ${page.paint('strong', head)}`,
    ...rest.map((line) => `    ${line}`),
    ...indented(`${targetTitle(target)}${routeWords(routing)}`, 4, page),
    ...(explain
      ? [
          ...trail,
          ...routing.trail,
          ...(first.length === 0 ? [] : [`to test first: ${first.join(', ')}`]),
          ...startWords(mapped.alert.startsAt),
        ].flatMap((step) => stepLines(step, page))
      : []),
  ];
}

/** Further lines begin where the words of the first one do. */
function stepLines(step: string, page: Page): readonly string[] {
  return wrapText(step, page.width - 6).map((line, index) =>
    page.paint('quiet', `    ${index === 0 ? '- ' : '  '}${line}`),
  );
}

function startWords(startsAt: string | undefined): readonly string[] {
  return [startsAt === undefined ? 'it does not say when it began' : `it began at ${startsAt}`];
}

function routeWords(routing: AlertRouting): string {
  switch (routing.kind) {
    case 'ignored':
      return '';
    case 'no-channel':
      return ' → no channel';
    case 'channel': {
      const mention = routing.mention === undefined ? '' : `, mentions ${routing.mention}`;
      return ` → channel ${routing.channel}${mention}${routing.muted === undefined ? '' : `, muted by ${short(routing.muted)}`}`;
    }
  }
}

function indented(text: string, spaces: number, page: Page): readonly string[] {
  return wrapText(text, page.width - spaces).map((line) => ' '.repeat(spaces) + line);
}

function short(text: string): string {
  return shorten(printable(text).replaceAll(/\s+/g, ' '), LONGEST_NAME);
}
