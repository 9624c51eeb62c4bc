type Format = Intl.DateTimeFormatOptions;

const FORMATS: Readonly<Record<string, Format>> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
};
const DAY_MS = 86_400_000;

/** A date as `<!date^…>` asks for it, in the reader's language and zone; undefined when it is no date. */
export function formatSlackDate(seconds: string, format: string, now: Date = new Date()): string | undefined {
  const date = new Date(Number(seconds) * 1000);
  if (!/^\d{1,12}$/.test(seconds) || Number.isNaN(date.getTime()) || format === '') {
    return undefined;
  }
  return format.replaceAll(/\{([a-z_]+)\}/g, (token, name: string) => formatPart(name, date, now) ?? token);
}

function formatPart(name: string, date: Date, now: Date): string | undefined {
  if (name === 'ago') {
    return formatAgo(date, now);
  }
  const pretty = name.endsWith('_pretty');
  const format = FORMATS[pretty ? name.slice(0, -'_pretty'.length) : name];
  if (format === undefined) {
    return undefined;
  }
  return (pretty ? nearDay(date, now) : undefined) ?? new Intl.DateTimeFormat(undefined, format).format(date);
}

function nearDay(date: Date, now: Date): string | undefined {
  const days = Math.round((startOfDay(date) - startOfDay(now)) / DAY_MS);
  return Math.abs(days) > 1 ? undefined : (['yesterday', 'today', 'tomorrow'] as const)[days + 1];
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function formatAgo(date: Date, now: Date): string {
  const minutes = Math.round((date.getTime() - now.getTime()) / 60_000);
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  if (Math.abs(minutes) < 60) {
    return words.format(minutes, 'minute');
  }
  return Math.abs(minutes) < 1440
    ? words.format(Math.round(minutes / 60), 'hour')
    : words.format(Math.round(minutes / 1440), 'day');
}
