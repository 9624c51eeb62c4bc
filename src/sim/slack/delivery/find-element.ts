import type { SlackObject } from '../store/records.ts';
import { isTyped } from '../validation/walk.ts';

/** An interactive element with the id of its block. */
export interface FoundElement {
  readonly blockId: string;
  readonly element: SlackObject;
}

/** The element with this `action_id`, and with this `block_id` when it is given. */
export function findElement(
  blocks: readonly SlackObject[],
  actionId: string,
  blockId?: string,
): FoundElement | undefined {
  return elementsOf(blocks).find(
    (found) => found.element['action_id'] === actionId && (blockId === undefined || found.blockId === blockId),
  );
}

/** All elements that have an `action_id`. */
function elementsOf(blocks: readonly SlackObject[]): readonly FoundElement[] {
  return blocks.flatMap((block) => {
    const blockId = textOf(block['block_id']);
    const own = [...listOf(block['elements']), block['accessory'], block['element']]
      .filter(isTyped)
      .filter((element) => typeof element['action_id'] === 'string')
      .map((element) => ({ blockId, element }));
    return [...own, ...elementsOf(listOf(block['child_blocks']).filter(isTyped))];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
