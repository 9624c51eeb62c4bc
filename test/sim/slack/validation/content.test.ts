import { describe, expect, it } from 'vitest';
import { refuseContent } from '../../../../src/sim/slack/validation/content.ts';

const NOTHING = { text: undefined, blocks: undefined, attachments: undefined, metadata: undefined };

function sections(count: number, length: number) {
  return Array.from({ length: count }, () => ({
    type: 'section',
    text: { type: 'plain_text', text: 'x'.repeat(length) },
  }));
}

function metadata(length: number) {
  return { event_type: 'e', event_payload: { id: 'x'.repeat(length) } };
}

describe('refuseContent', () => {
  it.each([
    ['no_text', { text: 'x' }, { text: '' }],
    ['no_text', { blocks: sections(1, 1) }, { blocks: [] }],
    ['invalid_blocks_format', { blocks: sections(1, 1) }, { blocks: '{not json' }],
    ['invalid_blocks', { blocks: sections(1, 3000) }, { blocks: sections(1, 3001) }],
    ['msg_blocks_too_long', { blocks: sections(5, 2640) }, { blocks: sections(5, 2641) }],
    ['invalid_attachments', { attachments: [{ text: 'x' }] }, { attachments: ['x'] }],
    ['too_many_attachments', { attachments: attachments(100) }, { attachments: attachments(101) }],
    ['invalid_metadata_format', { text: 'x', metadata: metadata(1) }, { text: 'x', metadata: { event_type: 'e' } }],
    ['invalid_metadata_format', { text: 'x', metadata: metadata(1) }, { text: 'x', metadata: 'not json' }],
    ['metadata_too_large', { text: 'x', metadata: metadata(16_000) }, { text: 'x', metadata: metadata(16_400) }],
  ])('%s', (error, accepted, refused) => {
    expect(refuseContent({ ...NOTHING, ...accepted }, false)).toBeUndefined();
    expect(refuseContent({ ...NOTHING, ...refused }, false)).toMatchObject({ error });
  });

  it('limits the text of an update only', () => {
    expect(refuseContent({ ...NOTHING, text: 'x'.repeat(4000) }, true)).toBeUndefined();
    expect(refuseContent({ ...NOTHING, text: 'x'.repeat(4001) }, true)).toMatchObject({ error: 'msg_too_long' });
    expect(refuseContent({ ...NOTHING, text: 'x'.repeat(4001) }, false)).toBeUndefined();
  });
});

function attachments(count: number) {
  return Array.from({ length: count }, () => ({ text: 'x' }));
}
