import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactObject } from '../../../src/core/redaction/redact.ts';
import { BLOCKS, PLANTED, TOKENS } from './planted-secrets.ts';

function podWith(secret: string): unknown {
  return {
    kind: 'Pod',
    metadata: { name: 'web-0', annotations: { 'example.com/note': secret, 'other.example.com/x': `see ${secret}` } },
    spec: {
      containers: [
        {
          name: 'web',
          command: ['/app', secret],
          args: ['--verbose', secret],
          env: [
            { name: 'SETTING', value: secret },
            { name: 'APP_TOKEN', value: secret },
          ],
        },
      ],
    },
    status: {
      conditions: [{ type: 'Ready', message: `failed: ${secret}` }],
      containerStatuses: [{ name: 'web', lastState: { terminated: { message: `line\n${secret}\nline` } } }],
    },
  };
}

function eventWith(secret: string): unknown {
  return { kind: 'Event', message: `Error: ${secret}`, note: secret };
}

describe('redactObject', () => {
  test.each([...TOKENS, ...BLOCKS])('hides $kind in every place', ({ text, secret }) => {
    const written = JSON.stringify(redactObject([podWith(text), eventWith(text)]));

    expect(written).not.toContain(secret);
    expect(written).not.toContain(JSON.stringify(secret).slice(1, -1));
  });

  test.each(PLANTED)('hides $kind in a message, an argument and a variable', ({ text, secret }) => {
    const places = {
      message: text,
      containers: [{ args: [text], env: [{ name: 'SETTING', value: text }] }],
      metadata: { annotations: { note: text } },
    };

    expect(JSON.stringify(redactObject(places))).not.toContain(JSON.stringify(secret).slice(1, -1));
  });

  test('hides variables by name and keeps where they come from', () => {
    const env = [
      ...[
        'API_KEY',
        'token',
        'MY_SECRET',
        'DB_PASSWORD',
        'PASSWD',
        'AWS_CREDENTIAL',
        'DB_PWD',
        'BASIC_AUTH',
        'SENTRY_DSN',
        'DB_CONNECTION_STRING',
      ].map((name) => ({ name, value: 'x' })),
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db-credentials', key: 'password' } } },
      { name: 'EMPTY_TOKEN', value: '' },
      { name: 'LOG_LEVEL', value: 'debug' },
      { name: 'DATABASE_URL', value: 'postgres://app:hunter2@db/shop' },
    ];

    const redacted = redactObject({ env }).env;

    expect(redacted.slice(0, 10).map((variable) => ('value' in variable ? variable.value : ''))).toEqual(
      Array.from({ length: 10 }, () => '[redacted]'),
    );
    expect(redacted.slice(10, 13)).toEqual(env.slice(10, 13));
    expect(redacted[13]).toEqual({ name: 'DATABASE_URL', value: 'postgres://app:[redacted]@db/shop' });
  });

  test('hides arguments that follow their flag', () => {
    const container = {
      command: ['/usr/bin/redis-cli'],
      args: ['-a', 'hunter', '--password', 'hunter', '--token-file', '/t', '-h', 'db'],
    };
    const probe = {
      exec: { command: ['mysqladmin', 'ping', '-phunter'] },
      httpGet: { httpHeaders: [{ name: 'Authorization', value: 'Basic x' }] },
    };

    expect(redactObject({ container, probe })).toEqual({
      container: {
        command: ['/usr/bin/redis-cli'],
        args: ['-a', '[redacted]', '--password', '[redacted]', '--token-file', '/t', '-h', 'db'],
      },
      probe: {
        exec: { command: ['mysqladmin', 'ping', '-p[redacted]'] },
        httpGet: { httpHeaders: [{ name: 'Authorization', value: '[redacted]' }] },
      },
    });
  });

  test('drops the applied configuration and the detail of managed fields', () => {
    const metadata = {
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"x":1}', keep: 'me' },
      managedFields: [
        {
          manager: 'kubectl',
          operation: 'Update',
          subresource: 'status',
          time: '2026-01-01T00:00:00Z',
          apiVersion: 'v1',
          fieldsV1: { 'f:spec': {} },
        },
      ],
    };

    expect(redactObject({ metadata })).toEqual({
      metadata: {
        annotations: { keep: 'me' },
        managedFields: [
          { manager: 'kubectl', operation: 'Update', subresource: 'status', time: '2026-01-01T00:00:00Z' },
        ],
      },
    });
  });

  test('keeps of the managed fields who set which finalizer', () => {
    const finalizers = { '.': {}, 'v:"example.com/block"': {} };
    const fieldsV1 = { 'f:metadata': { 'f:finalizers': finalizers, 'f:labels': {} }, 'f:spec': {} };
    const metadata = { managedFields: [{ manager: 'widget-operator', fieldsV1 }] };

    expect(redactObject({ metadata })).toEqual({
      metadata: {
        managedFields: [{ manager: 'widget-operator', fieldsV1: { 'f:metadata': { 'f:finalizers': finalizers } } }],
      },
    });
  });

  test('keeps only the keys of Secrets and ConfigMaps, also in lists and without a kind', () => {
    const secret = {
      metadata: { name: 's' },
      type: 'Opaque',
      data: { password: 'aHVudGVy' },
      stringData: { token: 'hunter' },
    };
    const config = { metadata: { name: 'c' }, data: { 'app.properties': 'größe=1' }, binaryData: { blob: 'aGVsbG8=' } };
    const redactedSecret = { ...secret, data: { password: '[redacted]' }, stringData: { token: '[redacted]' } };
    const redactedConfig = {
      ...config,
      data: { 'app.properties': '[redacted 9 bytes]' },
      binaryData: { blob: '[redacted 5 bytes]' },
    };

    expect(redactObject(secret)).toEqual(redactedSecret);
    expect(redactObject(config)).toEqual(redactedConfig);
    expect(redactObject({ kind: 'SecretList', items: [{ ...secret, type: undefined }] })).toEqual({
      kind: 'SecretList',
      items: [{ ...redactedSecret, type: undefined }],
    });
    expect(redactObject({ kind: 'ConfigMapList', items: [config] })).toEqual({
      kind: 'ConfigMapList',
      items: [redactedConfig],
    });
  });

  test('hides fields of custom resources whose name says secret', () => {
    expect(
      redactObject({
        spec: { adminPassword: 'hunter', apiToken: 'abc123def456', secretName: 'db-credentials', tokenPath: '/var/t' },
      }),
    ).toEqual({
      spec: { adminPassword: '[redacted]', apiToken: '[redacted]', secretName: 'db-credentials', tokenPath: '/var/t' },
    });
  });

  test('shares everything that did not change and never changes its input', () => {
    const clean = {
      kind: 'Pod',
      metadata: { name: 'web', creationTimestamp: new Date(0) },
      spec: { containers: [{ name: 'web', args: ['--port=80'] }] },
    };
    const mixed = { spec: clean.spec, status: { message: 'password=hunter' } };
    const before = structuredClone(mixed);

    const redacted = redactObject(mixed);

    expect(redactObject(clean)).toBe(clean);
    expect(redacted.spec).toBe(clean.spec);
    expect(redacted.status).toEqual({ message: 'password=[redacted]' });
    expect(mixed).toEqual(before);
  });

  test('changes nothing the second time', () => {
    const text = fc.oneof(fc.constantFrom(...PLANTED.map(({ text }) => text)), fc.string());
    const key = fc.constantFrom(
      'data',
      'stringData',
      'type',
      'metadata',
      'annotations',
      'managedFields',
      'env',
      'args',
      'name',
      'value',
      'kind',
      'password',
      '__proto__',
      'items',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.constantFrom('Secret', 'ConfigMap', 'SecretList', 'API_KEY', null, 1, true),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
      ),
    }));

    fc.assert(
      fc.property(tree, (object) => {
        const once = redactObject(object);
        expect(redactObject(once)).toEqual(once);
      }),
      { numRuns: 1_000 },
    );
  });
});
