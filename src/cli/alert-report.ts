import type { Diagnosis } from '../core/diagnosis/diagnosis.ts';
import { diagnosisDocument } from '../core/render/diagnosis-document.ts';
import { renderFirstLines, renderText } from '../core/render/render-text.ts';
import { wrapText } from '../core/render/wrap.ts';
import { subjectTitle } from '../core/subject/subject.ts';
import { type AlertBatch, cutSentences } from '../core/triage/alert.ts';
import { targetTitle } from '../core/triage/target-group.ts';
import type { PlannedAlert } from '../core/triage/triage-plan.ts';
import type { AlertAnswer, AlertAnswers } from '../usecases/diagnose-alerts.ts';
import type { RootQuestion } from '../usecases/find-roots.ts';
import { EXIT, exitCodeOf, exitCodeOfError } from './exit-codes.ts';

/** How answers are shown. */
export interface AnswerLook {
  readonly width: number;
  readonly color: boolean;
  /** Whole answers instead of their first lines. */
  readonly whole: boolean;
  readonly explain: boolean;
}

/** What was found out, as text. */
export function answersText({ answers, leftOut, unasked }: AlertAnswers, look: AnswerLook): string {
  const blocks = [
    ...answers.map((answer) => answerText(answer, look)),
    ...unasked.map(({ group, reason }) => lines(`- ${targetTitle(group.target)}: not asked about, ${reason}`, look)),
    ...(leftOut.length === 0 ? [] : [lines(`${leftOut.length} more were not asked about`, look)]),
  ];
  return blocks.join('\n\n');
}

/** The exit code of all answers together: a cause beats what cannot be told, that beats failures. */
export function exitCodeOfAnswers({ answers }: AlertAnswers): number {
  const codes = answers.map(({ result }) =>
    result.kind === 'diagnosis' ? exitCodeOf(result.diagnosis.verdict) : exitCodeOfError(result.error),
  );
  const order = [EXIT.cause, EXIT.unknown, EXIT.unreachable, EXIT.usage];
  return order.find((code) => codes.includes(code)) ?? EXIT.healthy;
}

/** Everything as data; `answers` is absent when nothing was asked. */
export function alertsDocument(
  batch: AlertBatch,
  planned: readonly PlannedAlert[],
  found: AlertAnswers | undefined,
): object {
  const { sender, format, cuts } = batch;
  return {
    apiVersion: 'kubewhy.dev/v1',
    kind: 'Alerts',
    sender,
    format,
    leftOut: cutSentences(cuts),
    alerts: planned.map(alertDocument),
    ...(found === undefined ? {} : { answers: answerDocuments(found) }),
  };
}

function alertDocument({ mapped, routing }: PlannedAlert): object {
  const { alert, target, cluster, container, first, information, trail } = mapped;
  const { status, name, fingerprint, startsAt, endsAt, groupKey } = alert;
  return {
    status,
    name,
    fingerprint,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
    groupKey,
    ...(cluster === undefined ? {} : { cluster: cluster.name }),
    target,
    ...(container === undefined ? {} : { container }),
    first,
    information,
    routing: { ...routing, trail: undefined },
    trail: [...trail, ...routing.trail],
  };
}

function answerDocuments({ answers, leftOut, unasked }: AlertAnswers): readonly object[] {
  return [
    ...answers.map(({ question, result }) => ({
      ...questionDocument(question),
      ...(result.kind === 'diagnosis'
        ? { diagnosis: diagnosisDocument(result.diagnosis) }
        : { error: { code: result.error.code, message: result.error.message } }),
    })),
    ...leftOut.map((question) => ({ ...questionDocument(question), notAsked: 'too many questions' })),
    ...unasked.map(({ group, reason }) => ({
      about: targetTitle(group.target),
      alerts: group.alerts.map(({ alert }) => alert.fingerprint),
      notAsked: reason,
    })),
  ];
}

function questionDocument({ query, groups, notes }: RootQuestion): object {
  return {
    about: subjectTitle({ kind: 'Pod', ...query }),
    alerts: groups.flatMap(({ alerts }) => alerts.map(({ alert }) => alert.fingerprint)),
    notes,
  };
}

function answerText({ question, result }: AlertAnswer, look: AnswerLook): string {
  const { groups, notes } = question;
  const count = groups.reduce((sum, { alerts }) => sum + alerts.length, 0);
  const about = groups.map(({ target }) => targetTitle(target));
  const joined =
    look.explain || about.length > 1 ? [`${count} ${count === 1 ? 'alert' : 'alerts'}: ${listed(about)}`] : [];
  const text =
    result.kind === 'diagnosis'
      ? diagnosisText(result.diagnosis, look)
      : lines(`? ${subjectTitle({ kind: 'Pod', ...question.query })}: ${result.error.message}`, look);
  return [text, ...[...joined, ...notes].map((note) => lines(`  ${note}`, look))].join('\n');
}

function diagnosisText(diagnosis: Diagnosis, { width, color, whole, explain }: AnswerLook): string {
  return whole ? renderText(diagnosis, { width, color, explain }) : renderFirstLines(diagnosis, { width, color });
}

function listed(words: readonly string[]): string {
  const shown = words.slice(0, 5).join(', ');
  return words.length > 5 ? `${shown} and ${words.length - 5} more` : shown;
}

function lines(text: string, { width }: AnswerLook): string {
  return wrapText(text, width).join('\n');
}
