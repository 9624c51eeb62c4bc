import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, type ObjectName } from '../../core/recording/object-parts.ts';
import type { Recording } from '../../core/recording/recording.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { SimUser } from './access-rules.ts';
import { buildWorld } from './build-world.ts';
import { Faults } from './faults.ts';
import { closeServer, createApiServer, cutWatches, listen } from './http-server.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { readRecordingFolder } from './recording-folder.ts';
import { RequestLog, type SimRequest } from './request-log.ts';
import { Timeline } from './timeline.ts';
import type { SimSubject } from './world.ts';

/** What a simulated cluster is started with. */
export interface ClusterSimOptions {
  /** Folders of recordings, or recordings. */
  readonly recordings: readonly (string | Recording)[];
  /** Who may do what; default: one user who may read everything. The first one is in the kubeconfig. */
  readonly users?: readonly [SimUser, ...SimUser[]];
  /** The time of the cluster; default: that of this machine. */
  readonly now?: () => Date;
  /**
   * The times of the recordings are moved to the time of the cluster, and moved on in steps of this many milliseconds,
   * so that incidents do not age; default 10 s. Infinity: they age.
   */
  readonly stepMs?: number;
  /** Default `v1.34.4`. */
  readonly version?: string;
  /** Default: any free port. */
  readonly port?: number;
}

/** A running cluster in this process, on the loopback interface. */
export interface ClusterSim {
  readonly url: string;
  /** The token of the first user. */
  readonly token: string;
  readonly faults: Faults;
  /** A kubeconfig for the first user or another token. */
  kubeconfig(token?: string): string;
  /** Writes the kubeconfig, readable for its owner only. */
  writeKubeconfig(path: string, token?: string): Promise<void>;
  /** The newest requests, at most 10,000. */
  requests(): readonly SimRequest[];
  /** How many requests came so far. */
  requestCount(): number;
  /** What the recordings are about. */
  subjects(): readonly SimSubject[];
  /** What two recordings say differently, as sentences; the one loaded first counts. */
  conflicts(): readonly string[];
  /** From now on, lists that were begun before are answered with 410. */
  expireLists(): void;
  /** Adds an object or replaces it, and tells watches. Its times are those of the cluster, its resource version is a new one. */
  put(object: JsonObject): void;
  /** Removes an object and tells watches; false when there is none. */
  remove(object: ObjectName): boolean;
  /** From now on, watches from a version of before are answered with the event 410. */
  expireWatches(): void;
  /** Breaks the connections of all watches; returns how many there were. */
  cutWatches(): number;
  /** Ends all connections and the server. */
  close(): Promise<void>;
}

const STEP_MS = 10_000;
const READER: SimUser = {
  token: 'kubewhy-sim',
  name: 'system:serviceaccount:kubewhy:kubewhy',
  rules: [
    { verbs: ['get', 'list'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['get'], nonResourceURLs: ['*'] },
  ],
};

/** Loads recordings into a cluster and serves its API. Throws RECORDING_INVALID. */
export async function startClusterSim(options: ClusterSimOptions): Promise<ClusterSim> {
  const { users = [READER], now = () => new Date(), stepMs = STEP_MS, version = 'v1.34.4', port = 0 } = options;
  const recordings = await Promise.all(
    options.recordings.map(async (one) => (typeof one === 'string' ? readRecordingFolder(one) : one)),
  );
  const world = buildWorld(recordings, new Timeline(now, stepMs));
  const faults = new Faults();
  const log = new RequestLog();
  const watches = new Set<ServerResponse>();
  let address = '';
  const server = createApiServer(() => ({ world, facts: { address, version }, users, faults, log, watches }));
  address = await listen(server, port);
  const url = `http://${address}`;
  const [{ token }] = users;
  const namespace = world.subjects[0]?.namespace ?? 'default';
  const kubeconfig = (own = token): string => kubeconfigText(url, own, namespace);
  return {
    url,
    token,
    faults,
    kubeconfig,
    writeKubeconfig: (path, own) => writeFile(path, kubeconfig(own), { mode: 0o600 }),
    requests: () => log.newest(),
    requestCount: () => log.count,
    subjects: () => world.subjects,
    conflicts: () => world.conflicts,
    expireLists: () => world.objects.compact(),
    put: (object) => world.objects.put(withoutVersion(object)),
    remove: (name) => world.objects.remove({ ...name, type: resourceOf(name.kind) }),
    expireWatches: () => {
      world.objects.compact();
      world.objects.history.forget(world.objects.version);
    },
    cutWatches: () => cutWatches(watches),
    close: () => closeServer(server),
  };
}

function withoutVersion(object: JsonObject): JsonObject {
  const { resourceVersion: _version, ...metadata } = childOf(object, 'metadata');
  return { ...object, metadata };
}
