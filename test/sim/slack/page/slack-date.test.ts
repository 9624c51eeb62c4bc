import { describe, expect, it } from 'vitest';
import { formatSlackDate } from '../../../../src/sim/slack/page/text/slack-date.ts';

const NOW = new Date(2026, 10, 21, 12, 0, 0);

function secondsOf(date: Date): string {
  return `${Math.floor(date.getTime() / 1000)}`;
}

describe('a date of Slack', () => {
  it('is written for the reader', () => {
    const at = new Date(2026, 2, 4, 8, 16, 5);

    const text = formatSlackDate(secondsOf(at), '{date_short} {time}', NOW);

    const day = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' }).format(at);
    const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }).format(at);
    expect(text).toBe(`${day} ${time}`);
  });

  it('says yesterday, today and tomorrow', () => {
    const days = [20, 21, 22].map((day) => secondsOf(new Date(2026, 10, day, 23, 30)));

    expect(days.map((seconds) => formatSlackDate(seconds, '{date_pretty}', NOW))).toEqual([
      'yesterday',
      'today',
      'tomorrow',
    ]);
  });

  it('keeps what it does not know', () => {
    expect(formatSlackDate('0', 'at {nothing}', NOW)).toBe('at {nothing}');
  });

  it.each(['', 'x', '-1', '1e9', '99999999999999'])('is none without seconds: %j', (seconds) => {
    expect(formatSlackDate(seconds, '{date}', NOW)).toBeUndefined();
  });
});
