import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REDACTED } from '../../../src/core/redaction/marker.ts';
import { redactText } from '../../../src/core/redaction/redact.ts';
import { TEXT_RULES } from '../../../src/core/redaction/redact-text.ts';
import samples from '../../fixtures/signature-samples.json' with { type: 'json' };
import { diagnosticLine } from './diagnostic-lines.ts';
import { PLANTED, TOKENS } from './planted-secrets.ts';

const UNTOUCHED: readonly string[] = [
  'password authentication failed for user "app"',
  "couldn't find key db-password in Secret shop/db",
  'secret "api-token" not found',
  'FATAL: token is expired',
  'missing required env DB_PASSWORD',
  'references non-existent secret key: token',
  'key: app.properties',
  'MountVolume.SetUp failed for volume "kube-api-access-x2k4z"',
  'exec: "tokenizer": executable file not found in $PATH',
  'http://10.0.0.1:8080/health',
  'http://registry:5000/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'password: ${DB_PASSWORD}',
  '--key=***stripped***',
  'password=xxxxx',
  'basic base64 decoding of the header failed',
  'sig=container-subpath-not-found',
  'sk-learn-serving-deployment-7d9f8b6c5d-x2k4z',
];

describe('redactText', () => {
  test('knows at least sixty kinds', () => {
    expect(new Set(PLANTED.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(60);
    expect(new Set(TEXT_RULES.map(({ kind }) => kind)).size).toBe(TEXT_RULES.length);
  });

  test.each(PLANTED)('hides a secret of kind $kind', ({ text, secret }) => {
    const redacted = redactText(text);

    expect(redacted).not.toContain(secret);
    expect(redacted).toContain(REDACTED);
    expect(redactText(redacted)).toBe(redacted);
  });

  test.each(TOKENS)('hides $kind wherever it stands', ({ text, secret }) => {
    const places = [
      `"${text}"`,
      `(${text})`,
      `x=${text},y=1`,
      `a\n${text}\nb`,
      `{"m":"${text}"}`,
      `prefix: ${text}; suffix`,
    ];

    expect(places.map(redactText).filter((place) => place.includes(secret))).toEqual([]);
  });

  test('keeps the text around a secret', () => {
    expect(redactText('dial postgres://app:hunter2@db:5432/shop failed')).toBe(
      'dial postgres://app:[redacted]@db:5432/shop failed',
    );
    expect(redactText('{"user":"app","password":"hunter2","port":5432}')).toBe(
      '{"user":"app","password":"[redacted]","port":5432}',
    );
    expect(redactText('rbd map img --key=AQD3lqVYabcdEFGH== -m mon')).toBe('rbd map img --key=[redacted] -m mon');
    expect(redactText('GET /v1?token=abcdef&page=2 401')).toBe('GET /v1?token=[redacted]&page=2 401');
    expect(redactText('password: |\n  a b\n  c\nuser: app')).toBe('password: |\n  [redacted]\nuser: app');
    expect(redactText('first\npassword=a\nlast')).toBe('first\npassword=[redacted]\nlast');
  });

  test('hides the lines of a key that carry a time stamp each', () => {
    const body = `${'aB3'.repeat(21)}z`;
    const log = `t1 -----BEGIN PRIVATE KEY-----\nt2 ${body}\nt3 ${body}\nt4 -----END PRIVATE KEY-----\nt5 done`;

    expect(redactText(log)).toBe('t1 -----BEGIN PRIVATE KEY-----[redacted]-----END PRIVATE KEY-----\nt5 done');
    expect(redactText(log.slice(0, log.indexOf('t4')))).not.toContain(body);
  });

  test.each(UNTOUCHED)('leaves %j alone', (text) => {
    expect(redactText(text)).toBe(text);
  });

  test('leaves the sample messages of every signature alone', () => {
    const texts = [...samples.signatures, ...samples.schedulerMessages].map(({ text }) => text);

    expect(texts.filter((text) => redactText(text) !== text)).toEqual([]);
  });

  test('alters fewer than one in two hundred diagnostic lines', () => {
    const lines = fc.sample(diagnosticLine, { numRuns: 12_000, seed: 1 });

    const altered = lines.filter((line) => redactText(line) !== line);

    expect(lines.length).toBeGreaterThanOrEqual(10_000);
    expect(altered.slice(0, 5)).toEqual([]);
    expect(altered.length / lines.length).toBeLessThan(0.005);
  });

  test('changes nothing the second time', () => {
    const piece = fc.oneof(
      fc.constantFrom(...PLANTED.map(({ text }) => text), ...UNTOUCHED),
      fc.constantFrom(
        'password',
        'token',
        '--password',
        'Authorization',
        'secret',
        'apiKey',
        'name',
        'value',
        'Bearer ',
        'Basic ',
        'auth',
      ),
      fc.constantFrom(
        '=',
        ':',
        ': ',
        ' ',
        '"',
        "'",
        '\\"',
        '\\',
        '[',
        ']',
        '{',
        '}',
        ',',
        ';',
        '&',
        '\n',
        '@',
        '://',
        '/',
        '<',
        '>',
        '|',
      ),
      fc.constantFrom(REDACTED, '[redacted', 'redacted]', '-----BEGIN ', '-----END ', '-----', 'eyJ', 'AKIA', 'sk-'),
      fc.string({ maxLength: 12 }),
    );

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const once = redactText(pieces.join(''));
        expect(redactText(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  test('every rule can be reached through one of its keywords', () => {
    const reached = new Set<string>();
    for (const { text } of PLANTED) {
      for (const { kind, keywords, pattern } of TEXT_RULES) {
        if (text.search(pattern) !== -1) {
          reached.add(kind);
          expect(
            keywords.some((keyword) => text.toLowerCase().includes(keyword)),
            kind,
          ).toBe(true);
        }
      }
    }
    expect(
      TEXT_RULES.flatMap(({ keywords }) => keywords).filter((keyword) => keyword !== keyword.toLowerCase()),
    ).toEqual([]);
    expect(reached.size).toBeGreaterThanOrEqual(60);
  });
});
