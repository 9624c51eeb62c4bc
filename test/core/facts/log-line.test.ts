import { describe, expect, it } from 'vitest';
import { logMessage, readLogLine } from '../../../src/core/facts/log-line.ts';

describe('readLogLine', () => {
  it.each([
    ['{"level":"fatal","msg":"no database","error":"no such host"}', 'fatal', 'no database: no such host'],
    ['{"level":60,"err":{"message":"Missing KEY"},"msg":"Missing KEY"}', 'fatal', 'Missing KEY'],
    ['{"severity":"INFO","message":"closing, 1 error seen"}', 'info', 'closing, 1 error seen'],
    ['{"a":1}', undefined, '{"a":1}'],
    ['{broken}', undefined, '{broken}'],
    ['time=x level=fatal msg="cannot read \\"a\\"" component=http', 'fatal', 'cannot read "a"'],
    ['2026-11-21 10:00:01 ERROR no disk', 'error', 'ERROR no disk'],
    ['[2026-11-21 10:00:00 +0000] [7] [INFO] Worker exiting', 'info', '[7] [INFO] Worker exiting'],
    ['10:00:00 [main] WARN c.a.Main - slow', 'warning', '10:00:00 [main] WARN c.a.Main - slow'],
    [
      'E1121 10:00:00.100000       1 main.go:30] no config',
      'error',
      'E1121 10:00:00.100000       1 main.go:30] no config',
    ],
    ['information about the plan', undefined, 'information about the plan'],
    ['', undefined, ''],
  ])('%s', (line, level, message) => {
    expect(readLogLine(line)).toEqual({ ...(level === undefined ? {} : { level }), message });
  });
});

describe('logMessage', () => {
  it('leaves out colours', () => {
    expect(logMessage('\u001b[31m2026-11-21T10:00:01Z no disk\u001b[0m')).toBe('no disk');
  });
});
