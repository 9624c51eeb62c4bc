import type { Area, CheckStatus } from './check.ts';

/** A check of the clock, without the area's own words. */
export interface ClockCheck {
  readonly area: Area;
  readonly id: string;
  readonly status: CheckStatus;
  readonly says: string;
  readonly fix?: string;
}

/** The `Date` header knows whole seconds and the answer takes time. */
const EXACT_SECONDS = 5;
/** Slack's requests are refused when they seem more than 300 seconds old. */
const MOST_SECONDS = 240;

/** Judges how far the clock of this machine is from another one; positive: this machine is ahead. */
export function clockCheck(area: Area, whose: string, skewMs: number): ClockCheck {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const base = { area, id: `${area}.clock` };
  if (seconds <= EXACT_SECONDS) {
    return { ...base, status: 'ok', says: `The clock agrees with that of ${whose}.` };
  }
  return {
    ...base,
    status: seconds > MOST_SECONDS ? 'failure' : seconds > 30 ? 'warning' : 'note',
    says: `The clock of this machine is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} that of ${whose}.`,
    fix: 'Let NTP (chrony, systemd-timesyncd) set the clock: requests that seem older than 5 minutes are refused, and questions expire too early or too late.',
  };
}
