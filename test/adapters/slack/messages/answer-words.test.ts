import { describe, expect, it } from 'vitest';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import type { Diagnosis } from '../../../../src/core/diagnosis/diagnosis.ts';
import type { Finding } from '../../../../src/core/diagnosis/finding.ts';
import { answerOf, diagnosisWith, findingWith } from './contents.ts';

function shown(finding: Partial<Finding>, diagnosis: Partial<Diagnosis> = {}): string {
  const answer = answerOf(diagnosisWith({ verdict: 'cause', primary: findingWith(finding), ...diagnosis }));
  return JSON.stringify(renderContent(answer, 'rich', { version: 1 }).blocks);
}

const LONG = `container \`app\` cannot start: ${'a very long reason, '.repeat(5)}and its end`;
const POD = { name: 'web-0', alike: 1, total: 1 } as const;

describe('the words of an answer', () => {
  it('leave the object out of a title that would be too long, and say the cause once', () => {
    const text = shown({ cause: LONG });

    expect(text).toContain('*Container `app` cannot start: a very long reason');
    expect(text.match(/and its end/g)).toHaveLength(1);
  });

  it('say the whole cause below a title that is cut even so', () => {
    const text = shown({ cause: `${LONG} ${LONG}`, state: 'likely' });

    expect(text).toContain(':large_yellow_circle: *Likely: container `app` cannot start');
    expect(text).toContain('*Cause* — container `app`');
  });

  it('list the checks when one has no room in a table', () => {
    const check = { id: 'so', ask: 'Is it so?', answer: 'yes', supports: true } as const;
    const long = { ...check, evidence: 'as was seen, '.repeat(8) };

    expect(shown({ checks: [check] })).toContain('"type":"table"');
    expect(shown({ checks: [check, long] })).toContain('*Checks*\\n• Is it so? Yes\\n• Is it so? Yes: as was seen,');
  });

  it('count only where there is something to count', () => {
    const check = { id: 'so', ask: 'Is it so?', answer: 'no', supports: false } as const;

    expect(shown({ checks: [check] })).toContain('*Confidence*\\nHigh"');
    expect(shown({}, { pod: POD })).toContain('*Pod*\\n`web-0`"');
    expect(shown({}, { pod: { ...POD, total: 3 } })).toContain('`web-0` · 1 of 3 pods"');
    expect(shown({}, { pod: { ...POD, alike: 2, total: 3 } })).toContain('`web-0` · 2 of 3 pods alike"');
  });

  it('name the time zone where times are quoted', () => {
    expect(shown({ evidence: ['finished 10:40:12'] })).toContain(' · times above in UTC · ');
    expect(shown({ evidence: ['exit code 1'] })).not.toContain('UTC · checked');
  });
});

describe('an answer that an incident asked for', () => {
  const { question } = answerOf(diagnosisWith({ verdict: 'healthy' }));

  it.each([
    [['KubePodCrashLooping'], 'for alert KubePodCrashLooping · run'],
    [['A', 'B', 'C', 'D', '<!here>'], 'for alerts A, B, C +2 · run'],
    [['<!channel> `x`'], 'for alert &lt;!channel&gt; x · run'],
    [[], 'for an alert · run'],
  ])('is for %j and for nobody', (alerts, words) => {
    const answer = answerOf(diagnosisWith({ verdict: 'healthy' }));
    const asked = { ...answer, question: { ...question, incident: { id: 'i-1', alerts } } };

    const text = JSON.stringify(renderContent(asked, 'rich', { version: 1 }).blocks);

    expect(text).toContain(words);
    expect(text).not.toContain('asked by');
  });
});
