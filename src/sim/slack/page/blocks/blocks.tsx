import { useId } from 'react';
import type { PageBlock } from '../../page-api.ts';
import { ActionElement } from './action-element.tsx';
import { InputBlock } from './input-block.tsx';
import { type BlockObject, blockObject } from './model.ts';
import { RenderBoundary } from './render-boundary.tsx';
import { RenderedBlocks } from './rich-text.tsx';
import { TableBlock } from './table-block.tsx';
import { BlockText } from './text.tsx';

/** The blocks of a message or view. One that cannot be shown leaves its text. */
export function Blocks({ blocks }: { readonly blocks: readonly PageBlock[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <RenderBoundary key={block.block_id ?? index} shown={block}>
          <div className={`block block-${block.type}`}>
            <BlockView block={blockObject(block)} />
          </div>
        </RenderBoundary>
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: BlockObject }) {
  switch (block.type) {
    case 'section':
      return <SectionBlock block={block} />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'header':
      return <h3>{block.text === undefined ? null : <BlockText text={block.text} />}</h3>;
    case 'divider':
      return <hr />;
    case 'actions':
    case 'context_actions':
      return <ActionsBlock block={block} />;
    case 'input':
      return <InputBlock block={block} />;
    case 'container':
      return <ContainerBlock block={block} />;
    case 'alert':
      return <AlertBlock block={block} />;
    case 'table':
    case 'data_table':
      return <TableBlock block={block} />;
    default:
      // Blocks without text of others and without anything to act on.
      return <RenderedBlocks blocks={[block as unknown as Parameters<typeof RenderedBlocks>[0]['blocks'][number]]} />;
  }
}

function SectionBlock({ block }: { readonly block: BlockObject }) {
  const { text, fields, accessory, block_id = '' } = block;
  return (
    <div className="section">
      <div className="section-text">
        {text === undefined ? null : <BlockText text={text} />}
        {fields === undefined ? null : (
          <div className="fields">
            {fields.map((field, index) => (
              <div key={`${index}`}>
                <BlockText text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory === undefined ? null : (
        <div className="accessory">
          <ActionElement blockId={block_id} element={accessory} />
        </div>
      )}
    </div>
  );
}

function ContextBlock({ block }: { readonly block: BlockObject }) {
  return (
    <div className="context">
      {(block.elements ?? []).map((element, index) => (
        <div key={`${index}`}>
          {element.type === 'image' ? (
            <img src={element.image_url} alt={element.alt_text ?? ''} />
          ) : (
            <BlockText
              text={{ type: element.type === 'mrkdwn' ? 'mrkdwn' : 'plain_text', text: contextText(element) }}
            />
          )}
        </div>
      ))}
    </div>
  );
}

/** In a context, text objects stand where other blocks have elements. */
function contextText({ text }: { readonly text?: unknown }): string {
  return typeof text === 'string' ? text : '';
}

function AlertBlock({ block }: { readonly block: BlockObject }) {
  return (
    <div role="status" className={`alert alert-${block.level ?? 'default'}`}>
      {block.text === undefined ? null : <BlockText text={block.text} />}
    </div>
  );
}

function ActionsBlock({ block }: { readonly block: BlockObject }) {
  return (
    <div className="actions">
      {(block.elements ?? []).map((element, index) => (
        <ActionElement key={element.action_id ?? index} blockId={block.block_id ?? ''} element={element} />
      ))}
    </div>
  );
}

function ContainerBlock({ block }: { readonly block: BlockObject }) {
  const titleId = useId();
  const title = (
    <>
      {block.title === undefined ? null : <BlockText text={block.title} />}
      {block.subtitle === undefined ? null : <small>{block.subtitle.text}</small>}
    </>
  );
  const children = <Blocks blocks={block.child_blocks ?? []} />;
  if (block.is_collapsible === true) {
    return (
      <details className="container" open={block.default_collapsed !== true}>
        <summary>{title}</summary>
        {children}
      </details>
    );
  }
  return (
    <section className="container" aria-labelledby={titleId}>
      <div id={titleId} className="container-title">
        {title}
      </div>
      {children}
    </section>
  );
}
