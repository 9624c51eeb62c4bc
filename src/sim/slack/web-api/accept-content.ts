import type { SimState } from '../state.ts';
import type { MessageContent } from '../store/records.ts';
import { messageOverCaps } from '../validation/caps.ts';
import { metadataOf, objectsOf, type RawContent, refuseContent } from '../validation/content.ts';
import { fillIds } from '../validation/fill-ids.ts';
import { unexpectedReferences } from '../validation/mentions.ts';
import type { ApiArguments } from './api-arguments.ts';
import { ApiRefusal } from './refusal.ts';

const LONGEST_TEXT = 40_000;

/** Where content came from; `label` starts every problem that is found in it. */
export interface ContentSource {
  readonly label: string;
  readonly isUpdate: boolean;
}

/** The message in the arguments, checked as Slack does (throws) and against the caps (noted as problems). */
export function acceptContent(state: SimState, args: ApiArguments, source: ContentSource): MessageContent {
  const raw: RawContent = {
    text: args.text('text'),
    blocks: given(args.values['blocks']),
    attachments: given(args.values['attachments']),
    metadata: given(args.values['metadata']),
  };
  const refusal = refuseContent(raw, source.isUpdate);
  if (refusal !== undefined) {
    throw new ApiRefusal(refusal.error, { details: refusal.details, isMistake: true });
  }
  const metadata = metadataOf(raw.metadata);
  const sent = {
    text: raw.text ?? '',
    blocks: objectsOf(raw.blocks),
    attachments: objectsOf(raw.attachments),
    ...(metadata === undefined ? {} : { metadata }),
  };
  audit(state, source.label, sent);
  return { ...sent, text: sent.text.slice(0, LONGEST_TEXT), blocks: fillIds(sent.blocks, state.ids) };
}

/** The warning that Slack adds when it cut the text. */
export function truncationWarning(args: ApiArguments): Readonly<Record<string, unknown>> {
  return (args.text('text') ?? '').length > LONGEST_TEXT
    ? { warning: 'message_truncated', response_metadata: { warnings: ['message_truncated'] } }
    : {};
}

function audit(state: SimState, label: string, sent: MessageContent): void {
  const found = [...messageOverCaps(sent), ...unexpectedReferences(sent, state.allowed)];
  state.problems.push(...found.map((problem) => `${label}: ${problem}`));
}

function given(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}
