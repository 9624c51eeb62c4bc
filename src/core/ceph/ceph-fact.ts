import type { JsonObject } from '../facts/json.ts';
import { parseBlocklist } from './blocklist.ts';
import { parseHealth } from './ceph-health.ts';
import type { RunbookRead } from './command.ts';
import { parseImageInfo } from './rbd-image.ts';
import { parseLocks } from './rbd-locks.ts';
import { parseWatchers } from './rbd-watchers.ts';

/** What playbooks see of a runbook step's output, as plain data; undefined when the output is not understood. */
export function cephFact(read: RunbookRead, output: string): JsonObject | undefined {
  switch (read) {
    case 'rbd-lock-ls':
      return listed(parseLocks(output)?.map((lock) => ({ ...lock })));
    case 'rbd-status':
      return listed(parseWatchers(output)?.map((watcher) => ({ ...watcher })));
    case 'rbd-info':
      return existing({ ...parseImageInfo(output) });
    case 'ceph-blocklist':
      return listed(
        parseBlocklist(output)?.map(({ address, prefix, until }) => ({
          address: address.text,
          ip: address.ip,
          machine: prefix === undefined && address.nonce === '0',
          range: prefix === undefined ? '' : `${address.ip}/${prefix}`,
          until,
        })),
      );
    case 'ceph-health':
      return existing({ ...parseHealth(output) });
  }
}

/** What playbooks see when the image does not exist. */
export const MISSING_IMAGE = { exists: false, items: [], count: 0 } as const;

function listed(items: readonly JsonObject[] | undefined): JsonObject | undefined {
  return items === undefined ? undefined : { exists: true, items, count: items.length };
}

/** Of what was not understood nothing is left. */
function existing(fact: JsonObject): JsonObject | undefined {
  return Object.keys(fact).length === 0 ? undefined : { exists: true, ...fact };
}
