/** The days of the week as settings write them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** A time that comes again every week, or one that comes once. */
export type MuteWindow =
  | {
      /** `22:00`; the window begins on these days and may end on the next. */
      readonly from: string;
      /** `06:00`; the same as `from` means a whole day. */
      readonly to: string;
      /** All days when absent. */
      readonly days?: readonly Weekday[];
      /** IANA name; UTC when absent. */
      readonly timezone?: string;
    }
  | {
      /** RFC 3339. */
      readonly starts: string;
      readonly ends: string;
    };

/** Whether one of the windows is open at that time. */
export function muteAt(windows: readonly MuteWindow[], now: Date): boolean {
  return windows.some((window) =>
    'starts' in window
      ? Date.parse(window.starts) <= now.getTime() && now.getTime() < Date.parse(window.ends)
      : isOpen(window, now),
  );
}

function isOpen(
  { from, to, days = WEEKDAYS, timezone = 'UTC' }: Extract<MuteWindow, { from: string }>,
  now: Date,
): boolean {
  const { day, minute } = localTime(now, timezone);
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  const today = days.some((one) => WEEKDAYS.indexOf(one) === day);
  if (begin < end) {
    return today && begin <= minute && minute < end;
  }
  // It goes on after midnight, into the day after one of its days.
  const yesterday = days.some((one) => WEEKDAYS.indexOf(one) === (day + 6) % 7);
  return (today && minute >= begin) || (yesterday && minute < end);
}

/** Minutes since midnight. */
function minuteOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function localTime(now: Date, timezone: string): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const day = WEEKDAYS.findIndex((one) => one === part('weekday').toLowerCase());
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}
