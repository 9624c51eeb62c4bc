import { describe, expect, it } from 'vitest';
import { errorLine, speaksOfTrouble } from '../../../src/core/facts/error-line.ts';

describe('errorLine', () => {
  it.each([
    [
      'a Python trace',
      ['Traceback (most recent call last):', '  File "/app/main.py", line 3, in <module>', "KeyError: 'DATABASE_URL'"],
      "KeyError: 'DATABASE_URL'",
    ],
    [
      'a Go panic',
      [
        'starting',
        'panic: cannot read license',
        '',
        'goroutine 1 [running]:',
        'main.main()',
        '\t/src/main.go:12 +0x1d',
        'exit status 2',
      ],
      'panic: cannot read license',
    ],
    [
      'a Java trace',
      [
        'Exception in thread "main" java.lang.IllegalStateException',
        '\tat a.B.c(B.java:1)',
        'Caused by: java.net.UnknownHostException: db',
        '\t... 12 more',
      ],
      'Caused by: java.net.UnknownHostException: db',
    ],
    [
      'a Node.js trace',
      ['Error: Cannot find module "express"', '    at require (node:internal:1)', '', 'Node.js v22.1.0'],
      'Error: Cannot find module "express"',
    ],
    [
      'chatter after the error',
      ['ERROR: cannot bind to port 80', 'level=info msg="shutting down, no error"', 'bye'],
      'ERROR: cannot bind to port 80',
    ],
    ['no error at all', ['one', 'two', ''], 'two'],
    ['an empty log', [], ''],
  ])('%s', (_name, lines, line) => {
    expect(errorLine(lines)).toBe(line);
  });
});

describe('speaksOfTrouble', () => {
  it.each([
    ['FATAL no config', true],
    ['chown: /tmp: Operation not permitted', true],
    ['Segmentation fault', true],
    ['listening on port 80', false],
    ['', false],
  ])('%j: %s', (line, expected) => {
    expect(speaksOfTrouble(line)).toBe(expected);
  });
});
