import { parseMrkdwn, parsePlain } from '../text/mrkdwn.ts';
import type { TextObject } from './model.ts';
import { RichText } from './rich-text.tsx';

/** A text object as Slack shows it: only `mrkdwn` is markup. */
export function BlockText({ text }: { readonly text: TextObject }) {
  const elements =
    text.type === 'mrkdwn' ? parseMrkdwn(text.text, { verbatim: text.verbatim === true }) : parsePlain(text.text);
  return <RichText elements={elements} />;
}
