import { describe, expect, it } from 'vitest';
import { tryLogger } from '../../../src/cli/try/try-logger.ts';

function lines(verbose: boolean): readonly string[] {
  const notes: string[] = [];
  const output = {
    width: 80,
    noteWidth: 80,
    terminal: false,
    print: () => undefined,
    note: (text: string) => void notes.push(text),
    waiting: async <T>(_text: string, task: () => Promise<T>) => task(),
  };
  const logger = tryLogger(output, verbose).child({ cluster: 'c' });
  logger.debug('small');
  logger.info('done', { count: 1 });
  logger.warn('odd', { error: new Error(`no${ESCAPE}[31m way`) });
  logger.error('bad');
  return notes;
}

const ESCAPE = '\u001b';

describe('the log for a person at a terminal', () => {
  it('says what went wrong', () => {
    const said = lines(false);

    expect(said.join('')).not.toContain(ESCAPE);
    expect(said).toEqual([
      expect.stringMatching(/^kubewhy: warning: odd \(cluster=c, error=no.*way\)$/),
      'kubewhy: error: bad (cluster=c)',
    ]);
  });

  it('says everything when it is asked to', () => {
    expect(lines(true).slice(0, 2)).toEqual([
      'kubewhy: debug: small (cluster=c)',
      'kubewhy: info: done (cluster=c, count=1)',
    ]);
  });
});
