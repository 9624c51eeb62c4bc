import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helpMessage } from '../../../../src/adapters/slack/messages/help-message.ts';
import { homeView } from '../../../../src/adapters/slack/messages/home-view.ts';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import type {
  MessageContent,
  RenderedMessage,
  Tier,
} from '../../../../src/adapters/slack/messages/rendered-message.ts';
import { lookingAt, refusedText, unavailableText } from '../../../../src/adapters/slack/messages/replies.ts';
import type { HelpContent } from '../../../../src/core/chat/content.ts';
import type { Diagnosis } from '../../../../src/core/diagnosis/diagnosis.ts';
import type { Question } from '../../../../src/core/question/question.ts';
import { answered, question } from './contents.ts';
import { hostileDiagnosis, hostileText, TEXTS_EACH } from './hostile.ts';
import { brokenLimits } from './limits.ts';
import { referencesOf } from './scan-mrkdwn.ts';

const TIERS: readonly Tier[] = ['rich', 'classic', 'plain'];
const OURS = /^<(?:@U0ALICE01|!date\^\d+\^(?:\{date_short_pretty\} )?\{time\}\|[\d: -]+ UTC)>$/;

/** What a message refers to and we did not put there. */
function foreignIn(message: RenderedMessage): readonly string[] {
  return referencesOf(message)
    .filter(({ kind, text }) => !(kind === 'special' && OURS.test(text)))
    .map(({ kind, text }) => `${kind}: ${text}`);
}

function problemsOf(message: RenderedMessage): readonly string[] {
  return [...foreignIn(message), ...brokenLimits(message)];
}

function contentsOf(texts: readonly string[], verdict: Diagnosis['verdict']): readonly MessageContent[] {
  const [name = '', namespace = '', cluster = '', message = '', hint = ''] = texts;
  const asked: Question = { ...question, cluster, subject: { namespace, name } };
  const outcome = answered(hostileDiagnosis(texts, verdict));
  const at = question.askedAt;
  return [
    { kind: 'answer', question: asked, run: 1, outcome, at },
    { kind: 'waiting', question: asked, run: 2, why: 'again', before: outcome },
    { kind: 'waiting', question: asked, run: 2, why: 'no-diagnoser', lastSeen: at },
    {
      kind: 'answer',
      question: asked,
      run: 1,
      outcome: { kind: 'failed', code: 'SUBJECT_NOT_FOUND', message, hint, candidates: texts.slice(5, 8) },
      at,
    },
    { kind: 'evidence', question: asked, run: 1, text: texts.join('\n') },
    { kind: 'notice', text: message, code: texts.slice(0, 6) },
  ];
}

const situation = fc.tuple(
  fc.array(hostileText, { minLength: TEXTS_EACH, maxLength: TEXTS_EACH }),
  fc.constantFrom<Diagnosis['verdict'][]>('cause', 'cause', 'cause', 'unknown', 'healthy', 'stopping'),
);

describe('hostile text', () => {
  it('makes no mention, link or command in 30,000 texts of messages, and breaks no limit in any tier', () => {
    fc.assert(
      fc.property(situation, ([texts, verdict]) => {
        const messages = contentsOf(texts, verdict).flatMap((content) =>
          TIERS.map((tier) => renderContent(content, tier, { version: 1 })),
        );

        expect(messages.flatMap(problemsOf)).toEqual([]);
      }),
      { numRuns: 30_000 / TEXTS_EACH },
    );
  }, 60_000);

  it('makes none in what is said at once, in the help and in the App Home', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 9, maxLength: 9 }), (texts) => {
        const [name = '', namespace = '', cluster = '', reason = '', label = ''] = texts;
        const help: HelpContent = {
          command: '/k8s',
          botName: name,
          version: reason,
          clusters: texts,
          defaultCluster: cluster,
          defaultNamespace: namespace,
          namespaces: texts,
          problem: { message: reason, suggestions: [{ id: 's1', label: `x${label}` }] },
        };
        const clusters = texts.map((one) => ({ cluster: one, state: 'reachable', detail: one }) as const);
        const asked: Question = { ...question, cluster, subject: { namespace, name } };
        const home = homeView({ help, clusters, at: question.askedAt }, 'classic');
        const replies = [lookingAt(asked, true), refusedText(reason), unavailableText(reason)];

        expect(problemsOf(helpMessage(help))).toEqual([]);
        expect(replies.flatMap((text) => problemsOf({ text }))).toEqual([]);
        expect(scanMrkdwnOfView(home)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});

function scanMrkdwnOfView(view: unknown): readonly string[] {
  return foreignIn({ text: '', blocks: JSON.parse(JSON.stringify((view as { blocks: unknown }).blocks)) });
}
