import type { Ids } from '../store/ids.ts';
import type { SlackObject } from '../store/records.ts';
import { isObject, isTyped } from './walk.ts';

const WITHOUT_ACTION = new Set(['plain_text', 'mrkdwn', 'image', 'rich_text', 'raw_text', 'raw_number']);

/** The blocks with a `block_id` on each block and an `action_id` on each interactive element that had none. */
export function fillIds(blocks: readonly SlackObject[], ids: Ids): readonly SlackObject[] {
  return blocks.map((block) => fillBlock(block, ids));
}

function fillBlock(block: SlackObject, ids: Ids): SlackObject {
  const filled: Record<string, unknown> & { type: string } = {
    ...block,
    // Slack drops the block_id of a markdown block because it turns it into other blocks.
    block_id: typeof block['block_id'] === 'string' && block.type !== 'markdown' ? block['block_id'] : ids.next('b'),
  };
  if (Array.isArray(block['elements']) && (block.type === 'actions' || block.type === 'context_actions')) {
    filled['elements'] = block['elements'].map((element: unknown) => fillElement(element, ids));
  }
  for (const key of ['accessory', 'element']) {
    if (isObject(block[key])) {
      filled[key] = fillElement(block[key], ids);
    }
  }
  if (Array.isArray(block['child_blocks'])) {
    filled['child_blocks'] = fillIds(block['child_blocks'].filter(isTyped), ids);
  }
  return filled;
}

function fillElement(element: unknown, ids: Ids): unknown {
  if (!isTyped(element) || WITHOUT_ACTION.has(element.type) || typeof element['action_id'] === 'string') {
    return element;
  }
  return { ...element, action_id: ids.next('a') };
}
