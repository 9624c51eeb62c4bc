import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failedGroups, remainingContent, remainingFinalizers } from '../../../src/core/facts/namespace-content.ts';

interface Sample {
  readonly signature: string;
  readonly text: string;
  readonly all?: readonly Readonly<Record<string, string>>[];
}

const file = join(import.meta.dirname, '../../fixtures/signature-samples.json');
const { signatures } = JSON.parse(readFileSync(file, 'utf8')) as { readonly signatures: readonly Sample[] };

function samplesOf(signature: string): readonly Sample[] {
  return signatures.filter((sample) => sample.signature === signature);
}

describe('what is left in a namespace', () => {
  it('is named by resource and group, with how much it is', () => {
    const message =
      'Some resources are remaining: pods. has 3 resource instances, widgets.example.com has 1 resource instances';

    expect(remainingContent(message)).toEqual([
      { resource: 'pods', group: '', name: 'pods', count: 3 },
      { resource: 'widgets', group: 'example.com', name: 'widgets.example.com', count: 1 },
    ]);
  });

  it('is what the signature finds', () => {
    const read = samplesOf('ns-content-item').map(({ text }) => remainingContent(text));

    expect(read.length).toBeGreaterThan(0);
    expect(
      read.map((items) => items.map(({ resource, group, count }) => ({ resource, group, count: String(count) }))),
    ).toEqual(samplesOf('ns-content-item').map(({ all }) => all));
  });

  it.each(['All content successfully removed', '', 'has 3 resource instances'])('is nothing in "%s"', (message) => {
    expect(remainingContent(message)).toEqual([]);
  });
});

describe('the finalizers that it waits for', () => {
  it('are what the signature finds', () => {
    const read = samplesOf('ns-finalizer-item').map(({ text }) => remainingFinalizers(text));

    expect(read.length).toBeGreaterThan(0);
    expect(read.map((items) => items.map(({ finalizer, count }) => ({ finalizer, count: String(count) })))).toEqual(
      samplesOf('ns-finalizer-item').map(({ all }) => all),
    );
  });
});

describe('API groups that do not answer', () => {
  it('are told with why, also when that has commas in it', () => {
    const message =
      'Discovery failed for some groups, 2 failing: unable to retrieve the complete list of server APIs: ' +
      'metrics.k8s.io/v1beta1: the server is currently unable to handle the request, retry later, ' +
      'loom.example.com/v1: stale GroupVersion discovery: loom.example.com/v1';

    expect(failedGroups(message)).toEqual([
      {
        groupVersion: 'metrics.k8s.io/v1beta1',
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        why: 'the server is currently unable to handle the request, retry later',
      },
      {
        groupVersion: 'loom.example.com/v1',
        group: 'loom.example.com',
        version: 'v1',
        why: 'stale GroupVersion discovery: loom.example.com/v1',
      },
    ]);
  });

  it('are those that the signature finds', () => {
    const read = samplesOf('ns-discovery-group').map(({ text }) => failedGroups(text));

    expect(read.map((groups) => groups.map(({ groupVersion }) => ({ groupVersion })))).toEqual(
      samplesOf('ns-discovery-group').map(({ all }) => all),
    );
  });

  it('cost no time to find in a long hostile message', () => {
    const before = performance.now();

    failedGroups(`${'a'.repeat(4000)}/${', a/v1: '.repeat(500)}`);
    remainingContent(`${'a.'.repeat(4000)} has 1`);

    expect(performance.now() - before).toBeLessThan(2000);
  });
});
