import { useContext } from 'react';
import { type Block, Message, type RichTextBlockElement } from 'slack-blocks-to-jsx';
import { RenderContext } from './render-context.ts';

/** Blocks that the renderer shows as Slack does; it is given no block that a person can act on. */
export function RenderedBlocks({ blocks }: { readonly blocks: readonly Block[] }) {
  const { hooks, data, theme } = useContext(RenderContext);
  return <Message withoutWrapper blocks={[...blocks]} hooks={hooks} data={data} theme={theme} name="" logo="" />;
}

/** Rich text as Slack shows it. */
export function RichText({ elements }: { readonly elements: RichTextBlockElement[] }) {
  return <RenderedBlocks blocks={[{ type: 'rich_text', elements }]} />;
}
