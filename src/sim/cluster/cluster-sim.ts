import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, type ObjectName } from '../../core/recording/object-parts.ts';
import type { Recording } from '../../core/recording/recording.ts';
import type { SimUser } from './access-rules.ts';
import { buildWorld } from './build-world.ts';
import { type ControllerOptions, Controllers } from './controllers.ts';
import { Faults } from './faults.ts';
import { closeServer, createApiServer, cutWatches, listen } from './http-server.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { People, type SimIdentity } from './people.ts';
import { readRecordingFolder } from './recording-folder.ts';
import { RequestLog, type SimRequest } from './request-log.ts';
import { Timeline } from './timeline.ts';
import { EXECUTOR_USER, READER_USER } from './users.ts';
import type { SimSubject, World } from './world.ts';
import type { SimWrite } from './write-log.ts';

/** What a simulated cluster is started with. */
export interface ClusterSimOptions {
  /** Folders of recordings, or recordings. */
  readonly recordings: readonly (string | Recording)[];
  /**
   * Who may do what; default: one user who may read everything, and `EXECUTOR_USER`. The first one is in the kubeconfig.
   */
  readonly users?: readonly [SimUser, ...SimUser[]];
  /** Who may do what of those who are only asked about, by SubjectAccessReview. */
  readonly identities?: readonly SimIdentity[];
  /** How the cluster goes on after a write; `still`: it does not. */
  readonly controllers?: ControllerOptions | 'still';
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
  /** What was changed by requests, the newest 10,000; neither dry runs nor refusals. */
  writes(): readonly SimWrite[];
  /** Calls back for every change by a request, so that the world can answer to it; returns how to stop that. */
  onWrite(listener: (write: SimWrite) => void): () => void;
  /** From now on, SubjectAccessReviews are answered from this table. */
  setIdentities(identities: readonly SimIdentity[]): void;
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
/** Loads recordings into a cluster and serves its API. Throws RECORDING_INVALID. */
export async function startClusterSim(options: ClusterSimOptions): Promise<ClusterSim> {
  const { version = 'v1.34.4', port = 0, controllers = {} } = options;
  const world = await worldOf(options);
  const users = options.users ?? [READER_USER, EXECUTOR_USER];
  const people = new People(users, options.identities ?? []);
  const moving = controllers === 'still' ? undefined : new Controllers(world, controllers);
  const faults = new Faults();
  const log = new RequestLog();
  const watches = new Set<ServerResponse>();
  let address = '';
  const server = createApiServer(() => ({
    world,
    facts: { address, version, types: world.objects.types },
    people,
    faults,
    log,
    watches,
  }));
  address = await listen(server, port);
  const close = (): Promise<void> => {
    moving?.stop();
    return closeServer(server);
  };
  return {
    ...connection(`http://${address}`, users[0].token, world.subjects[0]?.namespace ?? 'default'),
    ...changes(world),
    faults,
    requests: () => log.newest(),
    requestCount: () => log.count,
    setIdentities: (table) => people.replace(table),
    subjects: () => world.subjects,
    conflicts: () => world.conflicts,
    cutWatches: () => cutWatches(watches),
    close,
  };
}

async function worldOf({ recordings, now = () => new Date(), stepMs = STEP_MS }: ClusterSimOptions): Promise<World> {
  const read = await Promise.all(
    recordings.map(async (one) => (typeof one === 'string' ? readRecordingFolder(one) : one)),
  );
  return buildWorld(read, new Timeline(now, stepMs));
}

function connection(
  url: string,
  token: string,
  namespace: string,
): Pick<ClusterSim, 'url' | 'token' | 'kubeconfig' | 'writeKubeconfig'> {
  const kubeconfig = (own = token): string => kubeconfigText(url, own, namespace);
  return { url, token, kubeconfig, writeKubeconfig: (path, own) => writeFile(path, kubeconfig(own), { mode: 0o600 }) };
}

function changes({
  objects,
  writes,
}: World): Pick<ClusterSim, 'writes' | 'onWrite' | 'put' | 'remove' | 'expireLists' | 'expireWatches'> {
  return {
    writes: () => writes.all(),
    onWrite: (listener) => writes.listen(listener),
    put: (object) => void objects.put(withoutVersion(object)),
    remove: (name) => {
      const type = objects.typeOf(name.kind);
      return type !== undefined && objects.remove({ ...name, type });
    },
    expireLists: () => objects.compact(),
    expireWatches: () => {
      objects.compact();
      objects.history.forget(objects.version);
    },
  };
}

function withoutVersion(object: JsonObject): JsonObject {
  const { resourceVersion: _version, ...metadata } = childOf(object, 'metadata');
  return { ...object, metadata };
}
