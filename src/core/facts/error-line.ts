/** Words that stand in messages about what went wrong. */
const TROUBLE =
  /\b(?:error|err|exception|fatal|panic|fail(?:ed|ure|s)?|cannot|can't|could not|couldn't|unable|refused|denied|not found|no such|not exist|missing|invalid|required|unauthorized|forbidden|abort(?:ed|ing)?|already (?:exists|in use)|out of memory|timed? ?out|unknown|undefined|traceback|fault|expired|corrupt(?:ed)?|assertion|rejected|unsupported|exhausted|not permitted|read-only file system)\b|[A-Za-z](?:Error|Exception)\b|\bE(?:CONNREFUSED|NOENT|ACCES|ADDRINUSE|AI_AGAIN|NOTFOUND)\b/i;
/** Lines of stack traces and summaries that say less than the message above them. */
const FRAME =
  /^\s+at |^\s*File "|^goroutine \d+|^\s*\.\.\. \d+ more|^Traceback|^(?:main|runtime|github\.com|golang\.org)[\w./*()-]*\(|^\s+\/\S+:\d+|^exit status \d+$|^npm (?:ERR!|error) (?:code|errno|A complete log|This is probably|Lifecycle)|^Node\.js v\d|^\[?(?:INFO|DEBUG|TRACE|info|debug|trace)\b|\blevel=(?:info|debug)\b|"level":"(?:info|debug)"/;
/** The innermost cause of a Java stack trace, the message of a Go panic: nothing says more. */
const DECISIVE = /^\s*Caused by: |^panic: |^fatal error: |^FATAL\b/;

/**
 * The log line that says best why a program ended: the last decisive one, else the last that speaks of trouble,
 * else the last line; empty for an empty log.
 */
export function errorLine(lines: readonly string[]): string {
  const spoken = lines.map((line) => line.trimEnd()).filter((line) => line.trim() !== '' && !FRAME.test(line));
  const found =
    spoken.findLast((line) => DECISIVE.test(line)) ?? spoken.findLast((line) => TROUBLE.test(line)) ?? spoken.at(-1);
  return (found ?? lines.findLast((line) => line.trim() !== '') ?? '').trim();
}

/** Whether a line of a log says that something went wrong; a last line that does not may have nothing to do with it. */
export function speaksOfTrouble(line: string): boolean {
  return DECISIVE.test(line) || TROUBLE.test(line);
}
