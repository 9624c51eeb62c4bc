import { z } from 'zod';

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 22:00');
const moment = z.iso.datetime({ offset: true, error: 'expected a time such as 2026-11-20T22:00:00Z' });
const timezone = z
  .string()
  .max(64)
  .refine((name) => isTimezone(name), 'expected the name of a time zone such as Europe/Berlin');

/** A time that comes again every week, or one that comes once. */
export const windowSchema = z.union(
  [
    z.strictObject({
      from: clock,
      to: clock,
      days: z
        .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
        .min(1)
        .optional(),
      timezone: timezone.optional(),
    }),
    z.strictObject({ starts: moment, ends: moment }),
  ],
  {
    error: 'expected from and to (22:00), with days and timezone if needed, or starts and ends (2026-11-20T22:00:00Z)',
  },
);

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}
