import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { formatClock, formatSpan, secondsBetween } from '../facts/time.ts';
import { subjectTitle } from '../subject/subject.ts';
import type { Page } from './page.ts';
import type { Tone } from './paint.ts';
import { flowText, wrapText } from './wrap.ts';

/** The answer in one sentence: what the first line says, without its mark. */
export function summaryLine(diagnosis: Diagnosis): string {
  const title = subjectTitle(diagnosis.subject);
  switch (diagnosis.verdict) {
    case 'cause':
      return `${title}${diagnosis.primary?.state === 'likely' ? ', likely' : ''}: ${diagnosis.primary?.cause ?? ''}`;
    case 'unknown':
      return diagnosis.status === 'exists'
        ? `${title}: cannot tell what is wrong with it`
        : `${title}: cannot tell why it is ${diagnosis.status}`;
    case 'healthy':
      return `${title}: nothing is wrong`;
    case 'starting':
      return `${title} is still starting${elapsed(diagnosis)}`;
    case 'stopping':
      return `${title} is being deleted${remaining(diagnosis)}`;
    case 'finished':
      return `${title} has finished`;
  }
}

/** The first lines: mark, answer, and what is visible from outside. */
export function headlineLines(diagnosis: Diagnosis, page: Page): readonly string[] {
  const { mark, tone } = markOf(diagnosis);
  const answer = wrapText(summaryLine(diagnosis), page.width - 2).map((line, index) => {
    const lead = index === 0 ? `${page.paint(tone, mark)} ` : '  ';
    return line === '' ? '' : lead + page.paint('strong', line);
  });
  const visible = flowText(statusParts(diagnosis), ' · ', page.width - 2);
  return [...answer, ...visible.map((line) => `  ${page.paint('quiet', line)}`)];
}

function markOf({ verdict, primary }: Diagnosis): { readonly mark: string; readonly tone: Tone } {
  switch (verdict) {
    case 'cause':
      return { mark: '●', tone: primary?.state === 'confirmed' ? 'bad' : 'doubt' };
    case 'unknown':
      return { mark: '?', tone: 'doubt' };
    case 'starting':
    case 'stopping':
      return { mark: '…', tone: 'doubt' };
    case 'healthy':
    case 'finished':
      return { mark: '✓', tone: 'good' };
  }
}

function statusParts(diagnosis: Diagnosis): readonly string[] {
  const { container, pod, status, verdict } = diagnosis;
  const parts = pod === undefined ? [] : [...podParts(pod)];
  if (container !== undefined) {
    parts.push(`container ${container.name}`);
  }
  parts.push(status);
  if (container !== undefined && container.restarts > 0) {
    parts.push(`restart ${container.restarts}`);
  }
  if (container?.secondsLeft !== undefined) {
    parts.push(container.secondsLeft > 0 ? `next try in ${formatSpan(container.secondsLeft)}` : 'next try now');
  }
  return verdict === 'starting' || verdict === 'stopping' ? parts : [...parts, ...since(diagnosis)];
}

function podParts({ name, alike, total }: NonNullable<Diagnosis['pod']>): readonly string[] {
  return total === 1 ? [`pod ${name}`] : [`pod ${name}`, `${alike} of ${total} pods alike`];
}

/** `since 01:49 UTC (5 h 58 m)`. */
function since({ since: from, clock }: Diagnosis): readonly string[] {
  const seconds = secondsBetween(from, clock);
  if (from === undefined || seconds === undefined) {
    return [];
  }
  const at = formatClock(from, clock);
  // A time of today comes with seconds, which say nothing here.
  const minutes = at.length === 8 ? at.slice(0, 5) : at;
  return [`since ${minutes} UTC (${formatSpan(seconds)})`];
}

function elapsed({ since: from, clock }: Diagnosis): string {
  const seconds = secondsBetween(from, clock);
  return seconds === undefined ? '' : ` (${formatSpan(seconds)})`;
}

/** The deletion time of a pod lies at the end of its grace period. */
function remaining({ since: end, clock }: Diagnosis): string {
  const seconds = secondsBetween(clock, end) ?? 0;
  return seconds > 0 ? ` (its grace period ends in ${formatSpan(seconds)})` : '';
}
