import { z } from 'zod';
import type { MessageMetadata, SlackObject } from '../store/records.ts';
import { checkBlocks } from './blocks.ts';
import { describeProblem } from './problem.ts';
import { isObject, isTyped, visibleLength } from './walk.ts';

/** The parts of a message as they came, JSON decoded; `undefined` where the app gave none. */
export interface RawContent {
  readonly text: string | undefined;
  readonly blocks: unknown;
  readonly attachments: unknown;
  readonly metadata: unknown;
}

/** Why Slack refuses a message. */
export interface ContentRefusal {
  readonly error: string;
  readonly details: readonly string[];
}

const MOST_BLOCK_TEXT = 13_200;
const MOST_ATTACHMENTS = 100;
const MOST_METADATA_BYTES = 16_384;
const MOST_UPDATE_TEXT = 4000;

const metadataSchema = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

/** Says why Slack refuses the content, or nothing. `update` stands for `chat.update`, whose text may be less long. */
export function refuseContent(content: RawContent, update: boolean): ContentRefusal | undefined {
  return (
    refuseBlocks(content.blocks) ??
    refuseAttachments(content.attachments) ??
    refuseMetadata(content.metadata) ??
    refuseText(content, update)
  );
}

function refuseBlocks(blocks: unknown): ContentRefusal | undefined {
  if (blocks === undefined) {
    return undefined;
  }
  if (!Array.isArray(blocks)) {
    return { error: 'invalid_blocks_format', details: ['blocks must be an array'] };
  }
  const problems = checkBlocks(blocks, 'message');
  if (problems.length > 0) {
    return { error: 'invalid_blocks', details: problems.map(describeProblem) };
  }
  const length = visibleLength(blocks);
  return length > MOST_BLOCK_TEXT ? { error: 'msg_blocks_too_long', details: [`${length} characters`] } : undefined;
}

function refuseAttachments(attachments: unknown): ContentRefusal | undefined {
  if (attachments === undefined) {
    return undefined;
  }
  if (!Array.isArray(attachments) || !attachments.every((item) => typeof item === 'object' && item !== null)) {
    return { error: 'invalid_attachments', details: ['attachments must be an array of objects'] };
  }
  return attachments.length > MOST_ATTACHMENTS
    ? { error: 'too_many_attachments', details: [`${attachments.length} attachments`] }
    : undefined;
}

function refuseMetadata(metadata: unknown): ContentRefusal | undefined {
  if (metadata === undefined) {
    return undefined;
  }
  const result = metadataSchema.safeParse(metadata);
  if (!result.success) {
    return { error: 'invalid_metadata_format', details: result.error.issues.map(({ message }) => message) };
  }
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  return bytes > MOST_METADATA_BYTES ? { error: 'metadata_too_large', details: [`${bytes} bytes`] } : undefined;
}

function refuseText({ text, blocks, attachments }: RawContent, update: boolean): ContentRefusal | undefined {
  const empty = [blocks, attachments].every((part) => !Array.isArray(part) || part.length === 0);
  if (empty && (text ?? '') === '') {
    return { error: 'no_text', details: [] };
  }
  const length = Array.from(text ?? '').length;
  return update && length > MOST_UPDATE_TEXT ? { error: 'msg_too_long', details: [`${length} characters`] } : undefined;
}

/** The blocks of content that was not refused. */
export function objectsOf(value: unknown): readonly SlackObject[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.filter(isObject).map((item) => ({ ...item, type: isTyped(item) ? item.type : 'attachment' }));
}

/** The metadata of content that was not refused. */
export function metadataOf(value: unknown): MessageMetadata | undefined {
  const result = metadataSchema.safeParse(value);
  return result.success ? result.data : undefined;
}
