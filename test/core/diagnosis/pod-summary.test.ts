import { describe, expect, it } from 'vitest';
import { focusOn, summarisePod } from '../../../src/core/diagnosis/pod-summary.ts';
import { factsOf, NOW, waiting } from '../facts/pod-builder.ts';

describe('focusOn', () => {
  const facts = factsOf({
    ready: false,
    containers: { api: waiting('CreateContainerConfigError'), web: waiting('ImagePullBackOff') },
  });
  const base = summarisePod(facts, NOW);

  it('moves the status line to the container of the cause', () => {
    expect(base).toMatchObject({ status: 'CreateContainerConfigError', container: { name: 'api' } });
    expect(focusOn(base, facts, 'web')).toMatchObject({ status: 'ImagePullBackOff', container: { name: 'web' } });
  });

  it('stays for a cause about the whole pod', () => {
    expect(focusOn(base, facts, undefined)).toBe(base);
  });
});
