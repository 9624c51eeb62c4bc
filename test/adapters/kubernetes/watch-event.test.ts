import { expect, it } from 'vitest';
import { readWatchEvent } from '../../../src/adapters/kubernetes/watch-event.ts';

const POD = { metadata: { name: 'web', resourceVersion: '7' } };
const NO_EVENT = { kind: 'error', message: 'the API server sent something that is no event' };

it.each([
  [
    { type: 'ADDED', object: POD },
    { kind: 'changed', object: POD, version: '7' },
  ],
  [
    { type: 'MODIFIED', object: POD },
    { kind: 'changed', object: POD, version: '7' },
  ],
  [
    { type: 'DELETED', object: POD },
    { kind: 'deleted', object: POD, version: '7' },
  ],
  [
    { type: 'BOOKMARK', object: POD },
    { kind: 'bookmark', version: '7' },
  ],
  [{ type: 'ERROR', object: { kind: 'Status', code: 410 } }, { kind: 'expired' }],
  [
    { type: 'ERROR', object: { kind: 'Status', code: 500, message: 'no\u001b[31m way' } },
    { kind: 'error', message: 'the API server ended the watch: no way' },
  ],
  [{ type: 'LATER', object: {} }, { kind: 'other' }],
  [{ type: 'ADDED', object: { metadata: {} } }, NO_EVENT],
  [{ type: 'ADDED', object: { metadata: { resourceVersion: '1'.repeat(200) } } }, NO_EVENT],
  [{ type: 'ADDED' }, NO_EVENT],
  [[], NO_EVENT],
])('%j', (line, event) => {
  expect(readWatchEvent(JSON.stringify(line))).toEqual(event);
});

it('a line that is no JSON', () => {
  expect(readWatchEvent('<html>')).toEqual(NO_EVENT);
});
