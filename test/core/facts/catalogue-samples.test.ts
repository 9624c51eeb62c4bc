import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compilePattern } from '../../../src/core/expression/pattern.ts';
import { backoffBeforeRestart } from '../../../src/core/facts/backoff.ts';
import { parseFailedScheduling, schedulingClass } from '../../../src/core/facts/scheduler-message.ts';
import { normaliseText } from '../../../src/core/facts/text.ts';
import { signatureLibrarySchema } from '../../../src/core/playbook/definition.ts';

interface SignatureSample {
  readonly signature: string;
  readonly text: string;
  readonly match: boolean;
  readonly groups?: Readonly<Record<string, string | null>>;
  readonly all?: readonly Readonly<Record<string, string>>[];
}

interface Samples {
  readonly signatures: readonly SignatureSample[];
  readonly schedulerMessages: readonly { readonly text: string; readonly expect: object | null }[];
  readonly backoffBeforeRestart: readonly {
    readonly restartNumber: number;
    readonly initialS: number;
    readonly maxS: number;
    readonly waitS: number;
  }[];
}

const root = join(import.meta.dirname, '../../..');
const samples = JSON.parse(readFileSync(join(root, 'test/fixtures/signature-samples.json'), 'utf8')) as Samples;
const library = signatureLibrarySchema.parse(parse(readFileSync(join(root, 'playbooks/signatures.yaml'), 'utf8')));

describe('signatures', () => {
  it('has at least one sample of every signature', () => {
    const sampled = new Set(samples.signatures.map((sample) => sample.signature));

    expect(Object.keys(library.signatures).filter((name) => !sampled.has(name))).toEqual([]);
  });

  it.each(samples.signatures.map((sample, index) => ({ ...sample, title: `${sample.signature} #${index}` })))(
    '$title',
    (sample) => {
      const definition = library.signatures[sample.signature];
      expect(definition).toBeDefined();
      const pattern = compilePattern(definition?.pattern ?? '', definition?.ignoreCase === true ? 'i' : '');

      const text = normaliseText(sample.text);
      const found = pattern.exec(text);

      expect(found !== undefined).toBe(sample.match);
      for (const [group, value] of Object.entries(sample.groups ?? {})) {
        expect(found?.groups[group] ?? null, group).toBe(value);
      }
      if (sample.all !== undefined) {
        expect(pattern.execAll(text, 100).map((match) => match.groups)).toMatchObject(sample.all);
      }
    },
  );
});

describe('scheduler messages', () => {
  it.each(samples.schedulerMessages)('$text', ({ text, expect: expected }) => {
    const parsed = parseFailedScheduling(text) ?? null;

    if (expected === null) {
      expect(parsed).toBeNull();
    } else {
      expect(parsed).toMatchObject(expected);
    }
  });

  it('knows neither form of another text', () => {
    expect(parseFailedScheduling('no nodes available to schedule pods')).toBeUndefined();
  });

  it.each([
    ['Insufficient cpu', 'insufficient'],
    ['Insufficient nvidia.com/gpu', 'insufficient'],
    ['Too many pods', 'insufficient'],
    ["node(s) didn't match Pod's node affinity/selector", 'nodeAffinity'],
    ["node(s) didn't match node selector", 'nodeAffinity'],
    ['pod affinity terms conflict', 'nodeAffinity'],
    ["node(s) didn't match pod anti-affinity rules", 'podAffinity'],
    ["node(s) didn't satisfy existing pods anti-affinity rules", 'podAffinity'],
    ['node(s) had untolerated taint(s)', 'taint'],
    ["node(s) had taint {a: b}, that the pod didn't tolerate", 'taint'],
    ['node(s) were unschedulable', 'nodeState'],
    ["node(s) didn't match pod topology spread constraints (missing required label)", 'topologySpread'],
    ["node(s) didn't have free ports for the requested pod ports", 'hostPort'],
    ["node(s) didn't match PersistentVolume's node affinity", 'volume'],
    ['node(s) had volume node affinity conflict', 'volume'],
    ['pod has unbound immediate PersistentVolumeClaims', 'volume'],
    ['persistentvolumeclaim "data" not found', 'volume'],
    ['node(s) exceed max volume count', 'volume'],
    ['cannot allocate all claims', 'dra'],
    ['some words of a plug-in', 'custom'],
  ])('%s is %s', (reason, expected) => {
    expect(schedulingClass(reason)).toBe(expected);
  });
});

describe('restart back-off', () => {
  it.each(samples.backoffBeforeRestart)('before restart $restartNumber ($initialS s to $maxS s)', (sample) => {
    expect(backoffBeforeRestart(sample.restartNumber, sample.initialS, sample.maxS)).toBe(sample.waitS);
  });
});
