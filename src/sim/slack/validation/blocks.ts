import type { z } from 'zod';
import { block, SURFACES, type Surface } from './block-schemas.ts';
import type { Problem } from './problem.ts';
import { isObject, isTyped, visibleLength, walk } from './walk.ts';

const MOST_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
const MOST_TABLE_CHARACTERS = 10_000;

/** What Slack refuses about `blocks`; pointers start with `pointer`. */
export function checkBlocks(blocks: readonly unknown[], surface: Surface, pointer = '/blocks'): readonly Problem[] {
  const most = MOST_BLOCKS[surface];
  if (blocks.length > most) {
    return [{ pointer, message: `no more than ${most} items allowed` }];
  }
  return [
    ...blocks.flatMap((value, index) => checkBlock(value, surface, `${pointer}/${index}`)),
    ...checkIds(blocks, pointer),
    ...checkTables(blocks, pointer),
  ];
}

function checkBlock(value: unknown, surface: Surface, pointer: string): readonly Problem[] {
  if (!isTyped(value)) {
    return [{ pointer, message: 'must be an object with a type' }];
  }
  const surfaces = SURFACES[value.type];
  if (surfaces === undefined || !surfaces.includes(surface)) {
    return [{ pointer: `${pointer}/type`, message: `unsupported type: ${value.type}` }];
  }
  const result = block.safeParse(value);
  return result.success ? [] : result.error.issues.map((issue) => problemOf(issue, pointer));
}

/** zod's issue in Slack's form. */
export function problemOf(issue: z.core.$ZodIssue, pointer: string): Problem {
  return { pointer: [pointer, ...issue.path.map(String)].join('/'), message: issue.message };
}

function checkIds(blocks: readonly unknown[], pointer: string): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<unknown>();
  for (const visited of walk(blocks, pointer)) {
    const blockId = visited.object['block_id'];
    if (typeof blockId === 'string' && seen.has(blockId)) {
      problems.push({
        pointer: `${visited.pointer}/block_id`,
        message: `block_id "${blockId}" already exists`,
      });
    }
    seen.add(blockId);
    problems.push(...checkActionIds(visited.object['elements'], visited.pointer));
  }
  return problems;
}

function checkActionIds(elements: unknown, pointer: string): readonly Problem[] {
  const ids = (Array.isArray(elements) ? elements : []).map((element) =>
    isObject(element) && typeof element['action_id'] === 'string' ? element['action_id'] : undefined,
  );
  const twice = ids.find((id, index) => id !== undefined && ids.indexOf(id) !== index);
  return twice === undefined
    ? []
    : [{ pointer: `${pointer}/elements`, message: `action_id "${twice}" already exists for this block` }];
}

function checkTables(blocks: readonly unknown[], pointer: string): readonly Problem[] {
  const tables = blocks.filter((value) => isTyped(value) && (value.type === 'table' || value.type === 'data_table'));
  if (tables.length > 1) {
    return [{ pointer, message: 'only one table block allowed' }];
  }
  return visibleLength(tables) > MOST_TABLE_CHARACTERS
    ? [{ pointer, message: `all cells of a table must be less than ${MOST_TABLE_CHARACTERS + 1} characters` }]
    : [];
}
