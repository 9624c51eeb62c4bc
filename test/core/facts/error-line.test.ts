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
    [
      'the object after a Node.js error',
      ['Error: connect ECONNREFUSED 10.0.0.1:5432', '    at a (node:net:1:1) {', "  code: 'ECONNREFUSED',", '}'],
      'Error: connect ECONNREFUSED 10.0.0.1:5432',
    ],
    [
      'JSON that goes on after the error',
      ['{"level":60,"msg":"Missing KEY"}', '{"level":30,"msg":"error handler finished"}'],
      '{"level":60,"msg":"Missing KEY"}',
    ],
    ['colours', ['\u001b[31mERROR\u001b[0m no plugin', '\u001b[32mINFO\u001b[0m error state'], 'ERROR no plugin'],
    [
      'usage after an unknown flag',
      ['Error: unknown flag: --foo', 'Usage:', '  shop [flags]', 'Flags:', '  --fail-fast  abort on error'],
      'Error: unknown flag: --foo',
    ],
    [
      'usage before an unknown flag',
      ['usage: a.py [-h]', 'a.py: error: unrecognized arguments: --foo'],
      'a.py: error: unrecognized arguments: --foo',
    ],
    ['nothing but usage', ['usage: a.py [-h]'], 'usage: a.py [-h]'],
    [
      'a trace that the program lived with',
      ['WARN metrics off', 'a.b.CException: x', '\tat a.b', 'Caused by: a.DException: y', 'ERROR port in use'],
      'ERROR port in use',
    ],
    [
      'klog',
      ['E0102 10:00:00.000000 1 a.go:1] no config', 'I0102 10:00:00.000000 1 a.go:2] error budget'],
      'E0102 10:00:00.000000 1 a.go:1] no config',
    ],
    ['counts of nothing', ['cannot parse rules.yml', 'summary: 0 errors'], 'cannot parse rules.yml'],
    ['a summary of the end', ["KeyError: 'A'", '[ERROR] Reason: Worker failed to boot.'], "KeyError: 'A'"],
    ['only chatter', ['INFO one', 'INFO two'], 'INFO two'],
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
