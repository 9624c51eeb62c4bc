import { describe, expect, it } from 'vitest';
import { askNow, NOBODY_ASKS } from '../../../src/core/triage/incident-roots.ts';
import { sampleRoot } from './incident-samples.ts';

const WEB = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;
const API = { kind: 'Deployment', namespace: 'shop', name: 'api' } as const;

describe('root objects that nobody could ask about', () => {
  it('are looked at as soon as somebody can; all others stay as they are', () => {
    const left = sampleRoot(WEB, { look: 'impossible', reason: NOBODY_ASKS });
    const done = sampleRoot(API);
    const nameless = sampleRoot(undefined, { look: 'impossible', reason: NOBODY_ASKS });
    const refused = sampleRoot(API, { look: 'impossible', reason: 'the API server does not answer' });

    const roots = askNow([left, done, nameless, refused]);

    expect(roots).toEqual([sampleRoot(WEB, { look: 'waiting' }), done, nameless, refused]);
  });

  it('are the same list when there are none', () => {
    const roots = [sampleRoot(WEB)];

    expect(askNow(roots)).toBe(roots);
  });
});
