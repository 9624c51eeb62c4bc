import { describe, expect, it } from 'vitest';
import { pinoLogger } from '../../../src/adapters/pino/pino-logger.ts';
import type { Logger } from '../../../src/ports/logger.ts';

function logged(write: (logger: Logger) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(pinoLogger('info', { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  it('has a fixed message and the values beside it', () => {
    const [line] = logged((logger) => {
      logger.child({ jobId: 'dg-1' }).info('a job was done', { run: 2 });
    });

    expect(line).toMatchObject({ level: 'info', msg: 'a job was done', jobId: 'dg-1', run: 2 });
    expect(line).toHaveProperty('time');
  });

  it('leaves out what is below its level', () => {
    expect(
      logged((logger) => {
        logger.debug('detail');
      }),
    ).toEqual([]);
  });

  it('shows no secret and no control character, however deep', () => {
    const token = `xoxb-${'1'.repeat(12)}-${'2'.repeat(12)}-${'aB3'.repeat(8)}`;
    const [line] = logged((logger) => {
      logger.warn('odd', { deep: [{ text: `token ${token} \u001b[31mred\u202e` }] });
    });

    expect(JSON.stringify(line)).not.toContain(token);
    expect(JSON.stringify(line)).not.toMatch(/\\u001b|\u202e/);
  });

  it('keeps nothing of a secret that stands where a long text is cut', () => {
    const token = `xoxb-${'1'.repeat(12)}-${'2'.repeat(12)}-${'aB3'.repeat(8)}`;
    const lines = logged((logger) => {
      for (let before = 1940; before <= 2000; before += 1) {
        logger.warn('long', { text: `${'.'.repeat(before)} ${token}`, more: 'y '.repeat(50_000) });
      }
    });

    expect(JSON.stringify(lines)).not.toContain('xoxb-1');
    expect(lines.every(({ more }) => String(more).length === 2000)).toBe(true);
  });

  it.each([
    [{ responseUrl: 'http://127.0.0.1:1/x' }],
    [{ body: { response_url: 'http://127.0.0.1:1/x' } }],
    [{ text: 'POST https://hooks.slack.com/commands/T1/2222222222/x-secret-x failed' }],
    [{ text: 'POST https://hooks.slack.com/actions/T1/2222222222/x-secret-x failed' }],
  ])('shows no address at which a person can be spoken to: %o', (fields) => {
    const lines = logged((logger) => {
      logger.warn('odd', fields);
    });

    expect(JSON.stringify(lines)).not.toMatch(/127\.0\.0\.1|x-secret-x/);
  });

  it('says of an error what tells where it comes from, and nothing that a library hung onto it', () => {
    const error = Object.assign(new Error('refused', { cause: new Error('no route') }), { request: { body: 'x' } });

    const [line] = logged((logger) => {
      logger.error('failed', { error });
    });

    expect(line).toMatchObject({ error: { name: 'Error', message: 'refused', cause: { message: 'no route' } } });
    expect(JSON.stringify(line)).not.toContain('"body"');
  });
});
