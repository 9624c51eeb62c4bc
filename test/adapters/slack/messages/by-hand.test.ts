import { expect, it } from 'vitest';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import type { ActionCode } from '../../../../src/core/playbook/vocabulary.ts';
import { answerOf, diagnosisWith, findingWith } from './contents.ts';

function textOf(action: ActionCode): string {
  const subject = { kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u1' } as const;
  const primary = findingWith({
    remediation: { action, subject, parameters: { replicas: '1' } },
    advice: ['scale it'],
  });
  return renderContent(answerOf(diagnosisWith({ verdict: 'cause', primary })), 'plain', { version: 1 }).text;
}

it('an answer whose repair nobody can approve shows the commands of a person', () => {
  expect(textOf('R-SCALE')).toContain(
    '*No approved fix* — next steps for a human:\n• scale it\n• `kubectl -n shop get hpa`\n• `kubectl -n shop scale deployment/web --replicas=1`',
  );
  expect(textOf('R-ROLLOUT-RESTART')).toContain('*No approved fix* — next step for a human: scale it\n');
});
