const RFC3339 = /^(\d{4})-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:[Zz]|[+-]\d\d:\d\d)$/;
/** Numbers above this are milliseconds: seconds would lie beyond the year 5000. */
const LARGEST_SECONDS = 100_000_000_000;
const EARLIEST_YEAR = 1971;
const LATEST_YEAR = 9000;

/**
 * A time as alerts carry it: RFC 3339, or seconds or milliseconds since 1970. Returns RFC 3339 in UTC; undefined for
 * anything else, and for the zero times of Go (year 1) and Unix, which mean that there is none.
 */
export function readTime(value: unknown): string | undefined {
  const milliseconds = typeof value === 'string' && RFC3339.test(value) ? Date.parse(value) : numberTime(value);
  const time = new Date(milliseconds);
  if (Number.isNaN(time.getTime())) {
    return undefined;
  }
  const year = time.getUTCFullYear();
  return year < EARLIEST_YEAR || year > LATEST_YEAR ? undefined : time.toISOString();
}

function numberTime(value: unknown): number {
  const digits = typeof value === 'string' && /^\d{1,16}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof digits !== 'number') {
    return Number.NaN;
  }
  return digits > LARGEST_SECONDS ? digits : digits * 1000;
}
