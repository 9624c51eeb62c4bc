import { z } from 'zod';
import { checkBlocks, problemOf } from './blocks.ts';
import type { Problem } from './problem.ts';
import { plainText, text } from './texts.ts';
import { isTyped } from './walk.ts';

const common = {
  blocks: z.array(z.unknown()),
  private_metadata: text(3000, 0).optional(),
  callback_id: text(255, 0).optional(),
  external_id: text(255, 0).optional(),
};

const modal = z.strictObject({
  type: z.literal('modal'),
  ...common,
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
});

const home = z.strictObject({ type: z.literal('home'), ...common });

const SCHEMAS = { modal, home };

/** What Slack refuses about a view. */
export function checkView(view: unknown, type: 'modal' | 'home'): readonly Problem[] {
  const result = SCHEMAS[type].safeParse(view);
  if (!result.success) {
    return result.error.issues.map((issue) => problemOf(issue, '/view'));
  }
  const { blocks } = result.data;
  const problems = checkBlocks(blocks, type, '/view/blocks');
  const hasInput = blocks.some((block) => isTyped(block) && block.type === 'input');
  const noSubmit = type === 'modal' && !('submit' in result.data && result.data.submit !== undefined);
  return hasInput && noSubmit
    ? [...problems, { pointer: '/view/submit', message: 'missing required field: submit' }]
    : problems;
}
