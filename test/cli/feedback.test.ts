import { expect, it } from 'vitest';
import { entryText } from '../../src/cli/feedback.ts';
import { sampleQuestion } from '../fakes/samples.ts';

it('shows an entry on three lines, whatever is stored in it', () => {
  const hostile = 'a\u001b[2Jb\nc';
  const question = sampleQuestion('q-1', {
    cluster: hostile,
    subject: { kind: 'Pod', namespace: hostile, name: hostile },
  });

  const text = entryText({
    id: hostile,
    question,
    run: 1,
    by: { team: 'T1', user: hostile },
    at: hostile,
    text: hostile,
  });

  expect(text).not.toContain('\u001b');
  expect(text.split('\n')).toHaveLength(3);
});
