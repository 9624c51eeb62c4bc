import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import type { AnswerContent, RenderedMessage, Tier } from '../../../../src/adapters/slack/messages/rendered-message.ts';
import { ACTIONS, type ActionCode } from '../../../../src/core/playbook/vocabulary.ts';
import { refuseContent } from '../../../../src/sim/slack/validation/content.ts';
import { answerOf, diagnosisWith, findingWith } from './contents.ts';
import { brokenLimits } from './limits.ts';

const TIERS: readonly Tier[] = ['rich', 'classic', 'plain'];

function diagnosisOf(action: ActionCode, parameters: Readonly<Record<string, string>> = {}) {
  const subject = { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u1' } as const;
  return diagnosisWith({
    verdict: 'cause',
    primary: findingWith({
      remediation: { action, subject, parameters },
      advice: ['kubectl -n shop delete pod web-0'],
    }),
  });
}

function answerWith(action: ActionCode, changes: Partial<AnswerContent> = {}): AnswerContent {
  return { ...answerOf(diagnosisOf(action)), fix: 'offered', ...changes };
}

function textOf(content: AnswerContent): string {
  return renderContent(content, 'plain', { version: 1 }).text;
}

function actionsOf({ blocks = [] }: RenderedMessage): readonly string[] {
  return blocks
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .map((element) => ('action_id' in element ? (element.action_id ?? '') : ''));
}

describe('an answer with a fix', () => {
  it('offers to review it first, and says how many must approve', async () => {
    const content = answerWith('R-POD-DELETE', { approvals: 1 });
    const looks = Object.fromEntries(TIERS.map((tier) => [tier, renderContent(content, tier, { version: 3 })]));

    await expect(`${JSON.stringify(looks, undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, 'goldens', 'fix-offered.json'),
    );
    const rich = renderContent(content, 'rich', { version: 3 });
    expect(refuseContent({ ...rich, attachments: undefined, metadata: undefined, blocks: rich.blocks }, true)).toBe(
      undefined,
    );
    expect(Object.values(looks).flatMap(brokenLimits)).toEqual([]);
    expect(actionsOf(rich)).toEqual(['remediation.review', 'case.recheck', 'case.evidence', 'case.more']);
    expect(rich.text).toContain('Fix available, needs 1 approval.');
  });

  it.each(ACTIONS.filter((action) => action !== 'R-ADVICE'))('names what %s would do', (action) => {
    expect(textOf(answerWith(action))).toMatch(
      /\*Suggested fix\* — [a-z].+\. Needs (?:at least 2 approvals|approval);/,
    );
  });

  it.each([
    ['R-POD-DELETE', 2, 'Needs 2 approvals;'],
    ['R-POD-DELETE', undefined, 'Needs approval;'],
    ['R-NS-FINALIZE', undefined, 'Needs at least 2 approvals;'],
  ] as const)('%s with %s known approvals: %s', (action, approvals, words) => {
    expect(textOf(answerWith(action, approvals === undefined ? {} : { approvals }))).toContain(words);
  });

  it.each([
    ['nobody could approve it', answerOf(diagnosisOf('R-POD-DELETE'))],
    ['it is only advice', answerWith('R-ADVICE')],
    ['there is none', { ...answerOf(diagnosisWith({ verdict: 'cause', primary: findingWith({}) })), fix: 'offered' }],
  ] as const)('offers nothing where %s', (_, content) => {
    const message = renderContent(content, 'rich', { version: 1 });

    expect(actionsOf(message)).toEqual(['case.recheck', 'case.evidence', 'case.more']);
    expect(textOf(content)).toContain('*No approved fix* — next step for a human:');
  });

  it('has no button for one person alone, who has no thread for it', () => {
    const message = renderContent(answerWith('R-POD-DELETE'), 'rich', { version: 1, privately: true });

    expect(actionsOf(message)).toEqual(['case.more']);
  });

  it('is not said to have none while it is being checked again', () => {
    const { question, outcome } = answerWith('R-POD-DELETE');

    const { text } = renderContent({ kind: 'waiting', question, run: 2, why: 'again', before: outcome }, 'plain', {
      version: 2,
    });

    expect(text).toContain('*Next step* — ');
    expect(text).not.toContain('No approved fix');
  });

  it('shows hostile names as code', () => {
    const content = { ...answerOf(diagnosisOf('R-CORDON', { node: '<!channel>' })), fix: 'offered' } as const;

    expect(textOf(content)).toContain('keep new pods away from node `&lt;!channel&gt;`');
  });
});
