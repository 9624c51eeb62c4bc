import { X509Certificate } from 'node:crypto';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { ClusterWriter } from '../../ports/cluster-writer.ts';
import type { ContentLister } from '../../ports/content-lister.ts';
import type { Logger } from '../../ports/logger.ts';
import type { WatchPods } from '../../ports/pod-watch.ts';
import type { RunbookRunner } from '../../ports/runbook-runner.ts';
import { type AccessReview, kubernetesAccessReview } from './access-review.ts';
import type { ProxySettings } from './agent.ts';
import { type Asker, beginQuestion, sleepMs, type Timing } from './ask.ts';
import type { Connection } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { type InCluster, inClusterConnection } from './in-cluster.ts';
import type { Server } from './judge-answer.ts';
import { invalid, type KubeconfigChoice, readKubeconfig } from './kubeconfig.ts';
import { kubernetesClusterReader } from './kubernetes-cluster-reader.ts';
import { EXECUTOR_AGENT, kubernetesClusterWriter } from './kubernetes-cluster-writer.ts';
import { kubernetesContentLister } from './kubernetes-content-lister.ts';
import { addressOf } from './network-words.ts';
import { openSession, type SessionSettings } from './session.ts';
import { type ToolboxSettings, toolboxRunner } from './toolbox-runner.ts';
import { type WatchTiming, watchPods } from './watch-pods.ts';

/** What opening a cluster takes from the command line and the environment. */
export interface ClusterOptions extends KubeconfigChoice {
  /** Used when there is no kubeconfig. */
  readonly inCluster?: InCluster;
  readonly proxy?: ProxySettings;
  /** The environment of credential plug-ins; they need PATH and often HOME and settings of their own. */
  readonly pluginEnv?: Readonly<Record<string, string | undefined>>;
  /** Whether a credential plug-in may ask the person at the terminal. */
  readonly interactive?: boolean;
  readonly pluginTimeoutMs?: number;
  /** How long one write may take with its answer; default 10 s. */
  readonly writeTimeoutMs?: number;
  /** Told of every request but those of watches: whether the API server answered, by anything but overload or failure. */
  readonly heard?: (answered: boolean) => void;
  /** How watches spend their time. */
  readonly watch?: WatchTiming;
}

/** How long one question may take. */
export type QuestionOptions = Partial<Timing>;

/** One cluster; its connections are shared by all questions. */
export interface Cluster {
  /** The name of the context. */
  readonly context: string;
  /** The name of the cluster in the kubeconfig. */
  readonly name: string;
  /** Host and port of the API server. */
  readonly address: string;
  /** The namespace of the context, or `default`. */
  readonly namespace: string;
  /** A reader for one question; its deadline begins with the first request. */
  question(options?: QuestionOptions): ClusterReader;
  /** What the server says about itself and our rights there; its deadline begins with the first request. */
  review(options?: QuestionOptions): AccessReview;
  /** Changes the cluster with the credentials of this connection, which for that are those of the executor. */
  writer(logger: Pick<Logger, 'warn'>): ClusterWriter;
  /** Lists what a namespace holds; each look has a deadline of its own. */
  content(): ContentLister;
  /** Runs runbook steps in a pod of a Deployment. */
  toolbox(settings: ToolboxSettings): RunbookRunner;
  /** Tells the pods of a namespace and how they change, over connections of its own. */
  readonly watchPods: WatchPods;
  /** Ends open requests, watches and connections. */
  close(): void;
}

const QUESTION: Timing = { deadlineMs: 15_000, requestTimeoutMs: 5000, random: Math.random, sleep: sleepMs };
/** A namespace is listed kind by kind; reviews and Events of the executor are single requests. */
const LOOK: Timing = { ...QUESTION, deadlineMs: 60_000 };
const EXECUTOR: Timing = { ...QUESTION, deadlineMs: 10_000, userAgent: EXECUTOR_AGENT };
const WRITE_TIMEOUT_MS = 10_000;
/** A log-in through a browser takes a person some time. */
const PLUGIN_TIMEOUT_MS = { interactive: 300_000, alone: 30_000 } as const;

/** Opens a cluster by kubeconfig or service account; nothing is sent yet. Throws KUBECONFIG_INVALID. */
export function openCluster(options: ClusterOptions): Cluster {
  const connection = chooseConnection(options);
  const interactive = options.interactive ?? false;
  const settings: SessionSettings = {
    exec: {
      env: options.pluginEnv ?? {},
      interactive,
      timeoutMs: options.pluginTimeoutMs ?? PLUGIN_TIMEOUT_MS[interactive ? 'interactive' : 'alone'],
    },
    proxy: options.proxy ?? {},
  };
  const session = openSession(connection, { ...settings, heard: options.heard });
  // Each watch holds a connection, which questions must not have to wait for.
  const watches = openSession(connection, { ...settings, maxSockets: Number.POSITIVE_INFINITY });
  const address = addressOf(connection.cluster.server);
  const server = (): Server => ({ address, credentials: expiryWords(session.held()) });
  const begin = (timing: QuestionOptions = {}): Asker => beginQuestion(session, { ...QUESTION, ...timing });
  return {
    context: connection.context,
    name: connection.cluster.name,
    address,
    namespace: connection.namespace,
    question: (timing) => kubernetesClusterReader(begin(timing), server),
    review: (timing) => kubernetesAccessReview(begin(timing), server),
    writer: (logger) =>
      kubernetesClusterWriter({
        session,
        client: () => ({ asker: beginQuestion(session, EXECUTOR), server }),
        logger,
        timeoutMs: options.writeTimeoutMs ?? WRITE_TIMEOUT_MS,
      }),
    content: () => kubernetesContentLister(() => beginQuestion(session, LOOK), server),
    toolbox: (settings) => toolboxRunner(session, () => kubernetesClusterReader(begin(), server), settings),
    watchPods: (namespace, listener) => watchPods({ session: watches, server }, namespace, listener, options.watch),
    close: () => {
      session.close();
      watches.close();
    },
  };
}

function chooseConnection(options: ClusterOptions): Connection {
  const connection =
    readKubeconfig(options) ?? (options.inCluster === undefined ? undefined : inClusterConnection(options.inCluster));
  if (connection === undefined) {
    throw invalid(
      'There is no kubeconfig: neither --kubeconfig nor KUBECONFIG is set, and ~/.kube/config does not exist.',
    );
  }
  return connection;
}

/** What makes credentials unusable as far as they say themselves. */
function expiryWords(credentials: Credentials | undefined): string {
  const expires = credentials?.cert === undefined ? credentials?.expires : certificateEnd(credentials.cert);
  return expires !== undefined && expires < Date.now() ? `, they expired at ${new Date(expires).toISOString()}` : '';
}

function certificateEnd(pem: Buffer | string): number | undefined {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}
