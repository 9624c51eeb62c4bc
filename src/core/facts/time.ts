/** Seconds between two RFC 3339 times (later − earlier); undefined when one of them is no time. */
export function secondsBetween(earlier: string | undefined, later: string | undefined): number | undefined {
  const from = Date.parse(earlier ?? '');
  const to = Date.parse(later ?? '');
  return Number.isNaN(from) || Number.isNaN(to) ? undefined : Math.round((to - from) / 1000);
}

/** An RFC 3339 time moved by seconds. */
export function addSeconds(time: string, seconds: number): string | undefined {
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : new Date(at + seconds * 1000).toISOString().replace(/\.000Z$/, 'Z');
}

/** `45 s`, `4 m 40 s`, `5 h 58 m`, `3 d 4 h`: the two largest units. */
export function formatSpan(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const units = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ] as const;
  const first = units.findIndex(([amount]) => amount > 0);
  if (first < 0) {
    return '0 s';
  }
  return units
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** `01:48:51` for a time of the same day as `now`, else `2026-11-20 01:48`; UTC. */
export function formatClock(time: string, now: string): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) {
    return 'an unknown time';
  }
  const text = new Date(at).toISOString();
  return text.slice(0, 10) === now.slice(0, 10) ? text.slice(11, 19) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}

const GO_UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** A Go duration (`1m20s`, `5m0s`, `500ms`) in seconds; undefined when it is none. */
export function parseGoDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum + Number(part[1]) * (GO_UNITS[part[2] ?? ''] ?? 0), 0);
}
