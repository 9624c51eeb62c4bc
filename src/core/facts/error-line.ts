import { type LogLine, readLogLine } from './log-line.ts';
import { printable } from './text.ts';

/** Words that stand in messages about what went wrong. */
const TROUBLE =
  /\b(?:errors?|err|exception|fatal|panic(?:ked)?|fail(?:ed|ures?|s)?|cannot|can't|could not|couldn't|unable|refused|denied|not found|no such|not exist|missing|invalid|required|unauthorized|forbidden|abort(?:ed|ing)?|already (?:exists|in use)|out of memory|timed? ?out|unknown|undefined|traceback|fault|expired|corrupt(?:ed)?|assertion|rejected|unsupported|exhausted|not permitted|read-only file system|no space left|unbound|unexpected|unrecogni[sz]ed|not (?:set|configured|defined|allowed|supported|writable|reachable)|unreachable|mismatch|violat(?:es|ion)|illegal|uncaught|unhandled|out of range|must (?:be|have|not)|usage)\b|[A-Za-z](?:Error|Exception)\b|\bE(?:CONNREFUSED|NOENT|ACCES|ADDRINUSE|AI_AGAIN|NOTFOUND|NOSPC|ROFS|PERM)\b|`None` value/i;
/** Counts that say that nothing went wrong. */
const NOTHING =
  /\b(?:0|no|zero|without(?: an| any)?) (?:errors?|failures?|failed|warnings?|exceptions?)\b|\b(?:errors?|failures?|failed)\s?[:=] ?0\b/gi;

/** Lines of stack traces and summaries that say less than the message above them. */
const FRAME = [
  /^\s+at |^\s*at [\w.$<>]+\(|^\s*File "|^\s*\.\.\. \d+ (?:more|common frames)|^Traceback|^\s+from |^#\d+ |^Stack trace:|^stack backtrace:/,
  /^goroutine \d+|^created by |^\[signal |^\s+\/\S+:\d+|^[\w./-]+\.(?:\(\*?\w+\)\.)?[\w.]+(?:\[\.\.\.\])?\((?:0x|\.\.\.|\{0x|\))/,
  /^\s*--- End of |^\s*thrown in |^note: (?:run with|Some details) |^Emitted '|^\(Background on this error at|^Require stack:|^During handling of|^The above exception/,
  /^exit status \d+$|^Node\.js v\d|^make(?:\[\d+\])?: \*\*\*|^error Command failed with exit code|^\[?ELIFECYCLE/,
  /^npm (?:ERR!|error)(?:\s*$| {2,}| (?:code|errno|syscall|path|A complete log|This is probably|Lifecycle|Did you mean|To see a list|command|workspace|location))/,
];
/** What a process says about its own end, or about that of another one, after it has said why. */
const SUMMARY =
  /\b(?:exit(?:ed|ing|s)?|shut(?:ting)? ?down|shutdown|stopp(?:ed|ing)|terminat(?:ed|ing)|failed to boot|rolling back|good ?bye)\b/i;
/** The message of a Go panic, the innermost cause of a .NET trace: nothing says more. */
const DECISIVE = /^panic: |^fatal error: |^FATAL\b|^\s*---> /;
const CAUSED_BY = /^\s*Caused by: /;
/** The first lines of a Java trace, between the line of the logger and its frames. */
const TRACE_PART = /^\s*(?:Caused by: |Suppressed: |(?:[\w$]+\.)+[\w$]+(?:: |$))/;

/**
 * The log line that says best why a program ended: the last decisive one, else the last that speaks of trouble,
 * else the last line; empty for an empty log.
 */
export function errorLine(lines: readonly string[]): string {
  const spoken = withoutUsage(lines.map((line) => printable(line)))
    .map((line, index, all) => ({ line: line.trimEnd(), above: () => all.slice(0, index) }))
    .filter(({ line }) => line.trim() !== '' && !isFrame(line));
  const ranked = spoken
    .map(({ line, above }) => ({ line, rank: rankOf(line, above) }))
    .filter(({ rank }) => rank >= RANK.other);
  const best = Math.max(...ranked.map(({ rank }) => rank));
  const found = ranked.findLast(({ rank }) => rank === best)?.line;
  return (found ?? spoken.at(-1)?.line ?? lines.findLast((line) => line.trim() !== '') ?? '').trim();
}

/** Whether a line of a log says that something went wrong; a last line that does not may have nothing to do with it. */
export function speaksOfTrouble(line: string): boolean {
  const read = readLogLine(printable(line));
  return isSerious(read) || DECISIVE.test(line) || TROUBLE.test(read.message.replace(NOTHING, ''));
}

const RANK = { chatter: 0, other: 1, aside: 2, trouble: 3, decisive: 4 } as const;

function rankOf(line: string, above: () => readonly string[]): number {
  if (DECISIVE.test(line) || (CAUSED_BY.test(line) && !isSurvived(above()))) {
    return RANK.decisive;
  }
  const read = readLogLine(line);
  if (read.level === 'info') {
    return RANK.chatter;
  }
  if (!speaksOfTrouble(line)) {
    return RANK.other;
  }
  const aside = read.level === 'warning' || CAUSED_BY.test(line) || SUMMARY.test(read.message) || /^\s/.test(line);
  return aside ? RANK.aside : RANK.trouble;
}

function isSerious({ level }: LogLine): boolean {
  return level === 'error' || level === 'fatal';
}

function isFrame(line: string): boolean {
  return FRAME.some((pattern) => pattern.test(line));
}

/** Whether the line with which a stack trace was logged calls it a warning or less. */
function isSurvived(above: readonly string[]): boolean {
  const head = above.findLast((line) => line.trim() !== '' && !isFrame(line) && !TRACE_PART.test(line)) ?? '';
  const { level } = readLogLine(head);
  return level === 'info' || level === 'warning';
}

const USAGE = /^usage\b/i;
const USAGE_PART = /^\s|^$|^[A-Z][\w ]{0,40}:$|^Use "/;

/** A program that rejects its arguments prints all it knows, where every second line speaks of errors. */
function withoutUsage(lines: readonly string[]): readonly string[] {
  let inside = false;
  const kept = lines.filter((line) => {
    inside = USAGE.test(line) || (inside && USAGE_PART.test(line));
    return !inside;
  });
  return kept.some((line) => line.trim() !== '') ? kept : lines;
}
