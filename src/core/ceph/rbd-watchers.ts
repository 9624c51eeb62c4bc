import { z } from 'zod';
import { parseCephAddress } from './address.ts';
import { jsonOutput } from './json-output.ts';

/** A client that has an image open now. */
export interface RbdWatcher {
  /** As Ceph writes it. */
  readonly address: string;
  /** Of `address`; empty when it cannot be read. */
  readonly ip: string;
  /** `client.4123`. */
  readonly client: string;
}

const Watcher = z.object({ address: z.string(), client: z.union([z.number(), z.string()]) });
const Status = z.object({ watchers: z.union([z.array(Watcher), z.record(z.string(), Watcher)]) });
const LINE = /^watcher=(?<address>\S+) client\.(?<client>\d+) cookie=\d+$/;

/** Reads what `rbd status` prints, as JSON or as text; undefined when it says something else. */
export function parseWatchers(output: string): readonly RbdWatcher[] | undefined {
  const parsed = Status.safeParse(jsonOutput(output));
  return parsed.success ? Object.values(parsed.data.watchers).map(watcherOf) : fromText(output);
}

function watcherOf({ address, client }: z.infer<typeof Watcher>): RbdWatcher {
  return { address, ip: parseCephAddress(address)?.ip ?? '', client: `client.${client}` };
}

function fromText(output: string): readonly RbdWatcher[] | undefined {
  const [first = '', ...rest] = output.trim().split('\n');
  if (first === 'Watchers: none') {
    return [];
  }
  const matches = rest.map((line) => LINE.exec(line.trim())?.groups);
  const watchers = matches.flatMap((groups) =>
    groups === undefined ? [] : [watcherOf({ address: groups['address'] ?? '', client: groups['client'] ?? '' })],
  );
  // A line that is not understood could be a watcher.
  return first === 'Watchers:' && watchers.length === rest.length && watchers.length > 0 ? watchers : undefined;
}
