import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/core/triage/fingerprint.ts';

describe('fingerprintOf', () => {
  // What Alertmanager 0.25.0 computed for these labels.
  it.each([
    ['web-0', '587b059a2b6d1660'],
    ['web-1', '34fec98371f06947'],
  ])('is that of Alertmanager for %s', (pod, fingerprint) => {
    const labels = {
      pod,
      uid: '81c1715d-7ac4-469f-afa8-980b87d604b1',
      alertname: 'KubePodCrashLooping',
      namespace: 'shop',
      container: 'wäb-日本😀',
    };

    expect(fingerprintOf(labels)).toBe(fingerprint);
  });

  it('of no labels is the beginning of the hash', () => {
    expect(fingerprintOf({})).toBe('cbf29ce484222325');
  });

  it('tells where a name ends and its value begins', () => {
    expect(fingerprintOf({ a: 'bc' })).not.toBe(fingerprintOf({ ab: 'c' }));
  });
});
