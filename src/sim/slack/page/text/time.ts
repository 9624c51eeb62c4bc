const TIME: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
const DAY: Intl.DateTimeFormatOptions = { weekday: 'long', month: 'long', day: 'numeric' };

/** The moment of a message. */
export function dateOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

/** `7:24 AM`, in the reader's language and zone. */
export function clockTime(ts: string): string {
  return new Intl.DateTimeFormat(undefined, TIME).format(dateOf(ts));
}

/** `Today`, or the day in words. */
export function dayName(ts: string, now: Date = new Date()): string {
  const date = dateOf(ts);
  return date.toDateString() === now.toDateString() ? 'Today' : new Intl.DateTimeFormat(undefined, DAY).format(date);
}
