import { createPaint, type Paint, type Tone } from '../render/paint.ts';
import { wrapText } from '../render/wrap.ts';
import { AREAS, type Area, type Check, type CheckStatus, verdictOf } from './check.ts';

/** How the report is laid out. */
export interface ReportOptions {
  readonly width: number;
  readonly color: boolean;
}

const MARKS = {
  ok: { mark: '✓', tone: 'good' },
  note: { mark: 'i', tone: 'quiet' },
  skipped: { mark: '-', tone: 'quiet' },
  warning: { mark: '!', tone: 'doubt' },
  failure: { mark: '✗', tone: 'bad' },
} as const satisfies Record<CheckStatus, { mark: string; tone: Tone }>;

const TITLES = {
  environment: 'Environment',
  settings: 'Settings',
  playbooks: 'Playbooks',
  slack: 'Slack',
  redis: 'Redis',
  alerts: 'Alerts',
  changes: 'Changes',
  cluster: 'Cluster',
} as const satisfies Record<Area, string>;

const INDENT = '    ';

/** The report for people; every text in it is made printable. */
export function renderReport(checks: readonly Check[], { width, color }: ReportOptions): string {
  const paint = createPaint(color);
  const sections = AREAS.flatMap((area) => sectionsOf(area, checks)).map(({ title, own }) =>
    [paint('strong', title), ...own.flatMap((check) => checkLines(check, width, paint))].join('\n'),
  );
  return [...sections, summary(checks, paint)].join('\n\n');
}

/** The report as data; its keys and ids are permanent. */
export function reportDocument(checks: readonly Check[]): object {
  return { apiVersion: 'kubewhy.dev/v1', kind: 'DoctorReport', verdict: verdictOf(checks), checks };
}

/** One section for each area, and for each cluster. */
function sectionsOf(
  area: Area,
  checks: readonly Check[],
): readonly { readonly title: string; readonly own: readonly Check[] }[] {
  const ofArea = checks.filter((check) => check.area === area);
  const names = [...new Set(ofArea.map((check) => check.of))];
  return names.map((name) => ({
    title: name === undefined ? TITLES[area] : `${TITLES[area]} ${name}`,
    own: ofArea.filter((check) => check.of === name),
  }));
}

function checkLines({ status, says, fix, lines = [] }: Check, width: number, paint: Paint): readonly string[] {
  const { mark, tone } = MARKS[status];
  const room = width - INDENT.length;
  const [first = '', ...rest] = wrapText(says, room);
  return [
    `  ${paint(tone, mark)} ${first}`,
    ...rest.map((line) => INDENT + line),
    ...(fix === undefined
      ? []
      : wrapText(fix, room - 2).map((line, index) => `${INDENT}${index === 0 ? '→' : ' '} ${line}`)),
    // Not wrapped: it is there to be copied.
    ...lines.flatMap((line) => wrapText(line, Number.POSITIVE_INFINITY)).map((line) => `${INDENT}  ${line}`),
  ];
}

function summary(checks: readonly Check[], paint: Paint): string {
  const count = (status: CheckStatus): number => checks.filter((check) => check.status === status).length;
  const skipped = count('skipped') === 0 ? '' : ` ${count('skipped')} not looked at.`;
  switch (verdictOf(checks)) {
    case 'failures':
      return paint('bad', `${amount(count('failure'), 'failure')}, ${amount(count('warning'), 'warning')}.${skipped}`);
    case 'warnings':
      return paint('doubt', `${amount(count('warning'), 'warning')}.${skipped}`);
    case 'good':
      return paint('good', `Everything that was looked at is in order.${skipped}`);
  }
}

function amount(count: number, what: string): string {
  return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;
}
