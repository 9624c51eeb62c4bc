import type { Agent } from 'node:http';
import { connectWire, type Wire, type WireSettings } from './agent.ts';
import type { Connection } from './connection.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import type { ExecSettings } from './exec-credential.ts';
import type { Answer, Failed } from './send.ts';

/** What a request needs to be let in. */
export interface Access {
  readonly wire: Wire;
  readonly credentials: Credentials;
}

/** The credentials and open connections of one cluster, shared by all questions. */
export interface Session {
  readonly connection: Connection;
  /** Aborted when the cluster is closed. */
  readonly signal: AbortSignal;
  /** Valid credentials; asks for them at the first use and when they have expired. */
  access(): Promise<Access>;
  /** Told of every request to the API server and what became of it. */
  heard(result: Answer | Failed): void;
  /** The credentials used last. */
  held(): Credentials | undefined;
  /** Forgets credentials that the API server did not accept. */
  reject(access: Access): void;
  close(): void;
}

/** How a session gets credentials. */
export interface SessionSettings extends WireSettings {
  readonly exec: ExecSettings;
  /** Told of every request to the API server: whether it was answered, by whatever answer but one of overload or failure. */
  readonly heard?: ((answered: boolean) => void) | undefined;
}

/** Opens a session; nothing is read or sent before the first request. */
export function openSession(connection: Connection, settings: SessionSettings): Session {
  return new KubernetesSession(connection, settings);
}

class KubernetesSession implements Session {
  readonly connection: Connection;
  readonly #settings: SessionSettings;
  readonly #closing = new AbortController();
  readonly #agents = new Set<Agent>();
  #current: Promise<Access> | undefined;
  #settled: Access | undefined;

  constructor(connection: Connection, settings: SessionSettings) {
    this.connection = connection;
    this.#settings = settings;
  }

  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  async access(): Promise<Access> {
    const known = this.#current;
    if (known === undefined) {
      return this.#fresh();
    }
    const access = await known;
    if (access.credentials.expires > Date.now()) {
      return access;
    }
    return this.#current === known || this.#current === undefined ? this.#fresh() : this.#current;
  }

  heard(result: Answer | Failed): void {
    if (!this.#closing.signal.aborted) {
      this.#settings.heard?.(isAnswered(result));
    }
  }

  held(): Credentials | undefined {
    return this.#settled?.credentials;
  }

  reject(access: Access): void {
    if (this.#settled === access) {
      this.#current = undefined;
    }
  }

  close(): void {
    this.#closing.abort();
    for (const agent of this.#agents) {
      agent.destroy();
    }
  }

  async #fresh(): Promise<Access> {
    const access = this.#connect();
    this.#current = access;
    try {
      this.#settled = await access;
      return this.#settled;
    } catch (error) {
      // The next question may try again; questions that wait already get the same error.
      if (this.#current === access) {
        this.#current = undefined;
      }
      throw error;
    }
  }

  async #connect(): Promise<Access> {
    const credentials = await readCredentials(this.connection, this.#settings.exec, Date.now());
    const wire = await connectWire(this.connection.cluster, credentials, this.#settings);
    this.#agents.add(wire.agent);
    return { wire, credentials };
  }
}

/** A budget that forbids an eviction says 429 as well, with a body of its own kind; that is seldom enough. */
function isAnswered(result: Answer | Failed): boolean {
  return result.kind === 'answer' ? result.status < 500 && result.status !== 429 : result.reason === 'too-big';
}
