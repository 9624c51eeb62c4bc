import { isEvidenceFile } from '../../../core/chat/evidence-size.ts';
import { printable } from '../../../core/facts/text.ts';
import type { Question } from '../../../core/question/question.ts';
import { askedTitle, runText } from './answer-frame.ts';
import { preformatted, section } from './blocks.ts';
import { CAPS, fitBudget } from './fit-budget.ts';
import { bold, code, cutPlain, notificationText, prose } from './mrkdwn.ts';
import type { EvidenceContent, RenderedMessage, RenderOptions } from './rendered-message.ts';

/** A text file for a thread. */
export interface EvidenceFile {
  readonly filename: string;
  readonly title: string;
  readonly text: string;
}

/** The evidence as a file; its name holds only letters, digits, dots and hyphens. */
export function evidenceFile({ question, run, text }: EvidenceContent): EvidenceFile {
  const { namespace, name: subject } = question.subject;
  const name = [question.cluster, ...(namespace === '' ? [] : [namespace]), subject, String(run)].map(fileWord);
  return {
    filename: `kubewhy-${name.join('-')}.txt`,
    title: cutPlain(printable(evidenceTitle(question)), CAPS.title),
    text: printable(text),
  };
}

/** The evidence as a message; cut when it should be a file but none can be sent, as in an answer for one person. */
export function renderEvidence(content: EvidenceContent, options: RenderOptions): RenderedMessage {
  const { question, run, text } = content;
  const id = (role: string): string => `${question.id}:v${options.version}:${role}`;
  const head = `${bold(`All evidence for ${code(askedTitle(question))}`)} in ${prose(question.cluster)} · ${runText(question.id, run)}`;
  const cut = isEvidenceFile(content) ? `${head}\nOnly its beginning: the rest fits in no message.` : head;
  const body = text.trim() === '' ? [] : [preformatted(id('evidence'), [text])];
  return fitBudget({
    text: notificationText(evidenceTitle(question)),
    blocks: [section(id('title'), cut), ...body],
  });
}

function evidenceTitle(question: Question): string {
  return `All evidence for ${askedTitle(question)} in ${question.cluster}`;
}

function fileWord(text: string): string {
  const word = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  return word.slice(0, 63) || 'x';
}
