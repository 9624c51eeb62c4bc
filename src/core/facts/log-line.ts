import { printable } from './text.ts';

/** How serious a line of a log calls itself; absent when it does not say. */
export type LogLevel = 'info' | 'warning' | 'error' | 'fatal';

export interface LogLine {
  readonly level?: LogLevel;
  /** What it says, without the wrapping of a structured log and without the time before it. */
  readonly message: string;
}

/** What a line of a log says, for a sentence: no time before it, and no JSON or logfmt around it. */
export function logMessage(line: string): string {
  return readLogLine(printable(line)).message;
}

/** Reads a line of a log as JSON (zap, pino, Logback …), logfmt (logrus, slog), klog or plain text with a level. */
export function readLogLine(line: string): LogLine {
  const text = line.trim();
  const fields = jsonFields(text) ?? logfmtFields(text);
  if (fields === undefined) {
    return { ...levelled(plainLevel(text)), message: text.replace(TIME, '') || text };
  }
  const level = levelOf(pick(fields, ['level', 'severity', 'lvl', 'log.level', 'levelname', '@l']));
  const message = pick(fields, ['message', 'msg', '@m', '@mt', 'event', 'text']);
  const error = pick(fields, ['error', 'err', 'exception', 'exc_info', '@x', 'cause', 'reason']).split('\n')[0] ?? '';
  const said = [message, message.includes(error) ? '' : error].filter((part) => part !== '').join(': ');
  return { ...levelled(level), message: said === '' ? text : said };
}

const TIME = /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?[ \t]+/;

const LEVELS: ReadonlyArray<readonly [RegExp, LogLevel]> = [
  [/^(?:info|information|debug|trace|verbose|notice|log|config|fine|[di]|10|20|30)$/i, 'info'],
  [/^(?:warn|warning|w|40)$/i, 'warning'],
  [/^(?:error|err|severe|e|50)$/i, 'error'],
  [/^(?:fatal|critical|crit|panic|emerg|alert|dpanic|emergency|f|60)$/i, 'fatal'],
];

/** The words before a level: times, process numbers, names in brackets. A level in capitals, or one with a colon. */
const PLAIN =
  /^(?:[\d\s:.,/TZ+|-]|UTC|\[[^\]]{0,80}\] |\d+#\d+: )*?\[?(INFO|DEBUG|TRACE|NOTICE|LOG|WARN|WARNING|ERROR|SEVERE|FATAL|CRITICAL|PANIC|(?:info|notice|debug|trace|warn|warning|error|fatal|crit|emerg|alert)(?=\]|:))(?:\]|:|\s|$)/;
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ /;

function plainLevel(text: string): LogLevel | undefined {
  const word = KLOG.exec(text)?.[1] ?? PLAIN.exec(text.slice(0, 300))?.[1];
  return word === undefined ? undefined : levelOf(word);
}

function levelOf(word: string): LogLevel | undefined {
  return LEVELS.find(([pattern]) => pattern.test(word))?.[1];
}

function levelled(level: LogLevel | undefined): { readonly level?: LogLevel } {
  return level === undefined ? {} : { level };
}

type Fields = Readonly<Record<string, unknown>>;

function jsonFields(text: string): Fields | undefined {
  if (!text.startsWith('{') || !text.endsWith('}')) {
    return undefined;
  }
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

const LOGFMT = /(?:^|\s)([A-Za-z_.]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

function logfmtFields(text: string): Fields | undefined {
  const pairs = [...text.matchAll(LOGFMT)].map(([, key = '', quoted, bare = '']) => [
    key,
    quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1'),
  ]);
  const fields = Object.fromEntries(pairs) as Fields;
  return 'level' in fields && 'msg' in fields ? fields : undefined;
}

function pick(fields: Fields, names: readonly string[]): string {
  return names.map((name) => fieldText(fields[name])).find((text) => text !== '') ?? '';
}

function fieldText(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) {
    return asText(value.message);
  }
  return asText(value);
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
