import { z } from 'zod';
import { jsonOutput } from './json-output.ts';

/** How Ceph says it is. */
export interface CephHealth {
  /** `HEALTH_OK`, `HEALTH_WARN`, `HEALTH_ERR`. */
  readonly status: string;
  /** Names of the checks that complain: `OSD_DOWN`. */
  readonly checks: readonly string[];
}

const Health = z.object({ status: z.string(), checks: z.record(z.string(), z.unknown()).optional() });

/** Reads what `ceph health --format json` prints; undefined when it says something else. */
export function parseHealth(output: string): CephHealth | undefined {
  const { data } = Health.safeParse(jsonOutput(output));
  return data === undefined ? undefined : { status: data.status, checks: Object.keys(data.checks ?? {}) };
}
