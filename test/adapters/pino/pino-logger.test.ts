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

  it('says of an error what tells where it comes from, and nothing that a library hung onto it', () => {
    const error = Object.assign(new Error('refused', { cause: new Error('no route') }), { request: { body: 'x' } });

    const [line] = logged((logger) => {
      logger.error('failed', { error });
    });

    expect(line).toMatchObject({ error: { name: 'Error', message: 'refused', cause: { message: 'no route' } } });
    expect(JSON.stringify(line)).not.toContain('"body"');
  });
});
