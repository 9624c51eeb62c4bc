import { describe, expect, it } from 'vitest';
import { evidenceFile } from '../../../../src/adapters/slack/messages/evidence.ts';
import { renderContent } from '../../../../src/adapters/slack/messages/render-content.ts';
import type { EvidenceContent } from '../../../../src/adapters/slack/messages/rendered-message.ts';
import { isEvidenceFile } from '../../../../src/core/chat/evidence-size.ts';
import { question } from './contents.ts';
import { brokenLimits } from './limits.ts';

function evidence(text: string): EvidenceContent {
  return { kind: 'evidence', question, run: 2, text };
}

describe('evidence', () => {
  it.each([
    ['3,000 characters', 'a'.repeat(3000), false],
    ['one more', 'a'.repeat(3001), true],
    ['few characters of many bytes', '\u6f22'.repeat(2990), false],
    ['many characters of four bytes', '\u{1f600}'.repeat(1600), true],
    ['characters that become longer when they are shown', '\u202e'.repeat(600), true],
  ])('%s: a file or not', (_, text, file) => {
    expect(isEvidenceFile(evidence(text))).toBe(file);
  });

  it('as a file has a name that says what it is about', () => {
    expect(evidenceFile(evidence('all\u0000 of it'))).toEqual({
      filename: 'kubewhy-prod-eu-1-shop-web-0-2.txt',
      title: 'All evidence for shop/web-0 in prod-eu-1',
      text: 'all\\u{0} of it',
    });
  });

  it('names a node without a namespace', () => {
    const asked = { ...question, subject: { kind: 'Node' as const, namespace: '', name: 'worker-1' } };

    expect(evidenceFile({ ...evidence('x'), question: asked })).toEqual({
      filename: 'kubewhy-prod-eu-1-worker-1-2.txt',
      title: 'All evidence for Node worker-1 in prod-eu-1',
      text: 'x',
    });
  });

  it('never leads a file name out of its folder', () => {
    const hostile = {
      ...evidence('x'),
      question: { ...question, cluster: '../..', subject: { namespace: '', name: '/etc/passwd' } },
    };

    expect(evidenceFile(hostile).filename).toBe('kubewhy-x-etc-passwd-2.txt');
  });

  it('too long for a message says that it is only the beginning', () => {
    const message = renderContent(evidence('line\n'.repeat(2000)), 'rich', { version: 1 });

    expect(brokenLimits(message)).toEqual([]);
    expect(JSON.stringify(message)).toContain('Only its beginning');
  });
});
