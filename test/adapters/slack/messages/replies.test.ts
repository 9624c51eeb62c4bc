import { describe, expect, it } from 'vitest';
import { feedbackModal } from '../../../../src/adapters/slack/messages/feedback-modal.ts';
import { lookingAt, refusedText, unavailableText } from '../../../../src/adapters/slack/messages/replies.ts';
import { viewOverCaps } from '../../../../src/sim/slack/validation/caps.ts';
import { objectsOf } from '../../../../src/sim/slack/validation/content.ts';
import { checkView } from '../../../../src/sim/slack/validation/view.ts';
import { question } from './contents.ts';

describe('what is said at once', () => {
  it('names what is looked at and the run', () => {
    expect(lookingAt(question, false)).toBe('Looking at `shop/web-0` in prod-eu-1… (run `q-0123456789abcdef`)');
  });

  it('says that only the asker will see the answer', () => {
    expect(lookingAt(question, true)).toBe(
      'Looking at `shop/web-0` in prod-eu-1… (run `q-0123456789abcdef`) I am not in this channel, so only you will see the answer. Invite me to answer for everyone.',
    );
  });

  it('gives the reason of a refusal without what it could mean to Slack', () => {
    expect(refusedText('Namespace <!channel> may not be asked about')).toBe(
      ':no_entry_sign: Not allowed: Namespace &lt;!channel&gt; may not be asked about.',
    );
  });

  it('gives the reason why it is not possible now', () => {
    expect(unavailableText('Redis does not answer. Try again.')).toBe(
      ':warning: Not possible right now: Redis does not answer. Try again.',
    );
  });
});

describe('the feedback modal', () => {
  it('is valid and carries only the id of the question', () => {
    const view = feedbackModal('q-0123456789abcdef', 'shop/web-0');

    expect(checkView(view, 'modal')).toEqual([]);
    expect(viewOverCaps({ ...view }, objectsOf(view.blocks))).toEqual([]);
    expect([view.callback_id, view.private_metadata, view.title.text.length <= 24]).toEqual([
      'feedback',
      'q-0123456789abcdef',
      true,
    ]);
  });

  it('asks for at most 2,000 characters, and for none when there is nothing to say', () => {
    const input = feedbackModal('q', 'x').blocks.find(({ type }) => type === 'input');

    expect(input).toMatchObject({ optional: true, element: { multiline: true, max_length: 2000 } });
  });
});
