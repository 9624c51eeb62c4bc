import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { isJsonObject } from '../../core/recording/object-parts.ts';
import type { ClusterEvent, ClusterWriter, WriteRequest, WriteResult } from '../../ports/cluster-writer.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Client } from './access-review.ts';
import { urlOf } from './ask.ts';
import { eventNamespace, eventObject } from './cluster-event.ts';
import { statusOf } from './judge-answer.ts';
import { judgeWrite, notSent } from './judge-write.ts';
import { addressOf } from './network-words.ts';
import { isList } from './object-shape.ts';
import { apiPath } from './request-path.ts';
import { type Answer, type Failed, send, type WireRequest } from './send.ts';
import type { Access, Session } from './session.ts';
import { APPROVER_WORDS, subjectAccessReview, type UserReview } from './subject-access-review.ts';
import { unreadable } from './unreadable.ts';

/** What a writer works with. */
export interface WriterParts {
  readonly session: Session;
  /** For reviews and Events; each call is a question of its own. */
  readonly client: () => Client;
  readonly logger: Pick<Logger, 'warn'>;
  /** For one write with its answer; 10 s in production, to which an eviction adds six. */
  readonly timeoutMs: number;
}

/** Under which name the executor is in the audit log of the cluster and in `managedFields`. */
export const EXECUTOR_AGENT = 'kubewhy-executor';
const FIELD_MANAGER = 'kubewhy';
/** The API server itself tries an eviction that conflicts again 20 times, half a second apart, before it says so. */
const EVICTION_EXTRA_MS = 6000;
const LARGEST_ANSWER = 16 * 1024 * 1024;
const METHODS = { delete: 'DELETE', create: 'POST', patch: 'PATCH', update: 'PUT' } as const;

/** Writes to a cluster. What is sent for real is sent once; dry runs and reviews change nothing and may be repeated. */
export function kubernetesClusterWriter(parts: WriterParts): ClusterWriter {
  return {
    send: (request, options) => sendWrite(parts, request, options),
    mayUser: (identity, right) => mayUser(parts, identity, right),
    event: (event) => writeEvent(parts, event),
  };
}

async function mayUser(
  parts: WriterParts,
  ...[identity, right]: Parameters<ClusterWriter['mayUser']>
): Promise<UserReview> {
  try {
    return await subjectAccessReview(parts.client(), identity, right);
  } catch (error) {
    if (!isKubewhyError(error)) {
      throw error;
    }
    return unreadable('unauthorized', APPROVER_WORDS, error.message);
  }
}

type SendOptions = Parameters<ClusterWriter['send']>[1];

async function sendWrite(parts: WriterParts, request: WriteRequest, options: SendOptions): Promise<WriteResult> {
  const { dryRun, remediation } = options;
  const path = apiPath(request.path, parametersOf(request, dryRun));
  if (path === undefined) {
    return notSent(`no object can have the path ${request.path.join(' / ')}`);
  }
  const body = bodyOf(request, dryRun);
  if (body === undefined) {
    return notSent('the change cannot be tried: its dry run is not marked as one');
  }
  const timeoutMs = parts.timeoutMs + (request.path.at(-1) === 'eviction' ? EVICTION_EXTRA_MS : 0);
  const message = { path, body: JSON.stringify(body), request, remediation, timeoutMs };
  const result = await deliver(parts.session, message, dryRun);
  return result.kind === 'refused'
    ? result
    : judgeWrite(result, addressOf(parts.session.connection.cluster.server), timeoutMs);
}

/** Sends once; only a trial whose credentials were not accepted is sent again, with new ones. */
async function deliver(
  session: Session,
  message: Message,
  dryRun: boolean,
): Promise<Answer | Failed | ReturnType<typeof notSent>> {
  const access = await accessOf(session);
  if ('kind' in access) {
    return access;
  }
  const first = await exchange(session, message, access);
  if (first.kind !== 'answer' || first.status !== 401) {
    return first;
  }
  session.reject(access);
  const renewed = dryRun && access.credentials.renewable ? await accessOf(session) : undefined;
  return renewed === undefined || 'kind' in renewed ? first : exchange(session, message, renewed);
}

/** Valid credentials; without any nothing is sent, which is a refusal. */
async function accessOf(session: Session): Promise<Access | ReturnType<typeof notSent>> {
  try {
    return await session.access();
  } catch (error) {
    if (!isKubewhyError(error)) {
      throw error;
    }
    return notSent(error.message);
  }
}

/** DELETE takes its options from the body alone, so that `dryRun` in the query would be ignored: it would delete. */
function parametersOf({ verb }: WriteRequest, dryRun: boolean): URLSearchParams {
  return new URLSearchParams({
    ...(verb === 'delete' ? {} : { fieldManager: FIELD_MANAGER }),
    ...(dryRun ? { dryRun: 'All' } : {}),
  });
}

/** What is sent; undefined for a trial that the API server would take for the real thing. */
function bodyOf({ verb, body, dryRunBody }: WriteRequest, dryRun: boolean): WriteRequest['body'] | undefined {
  if (!dryRun) {
    return body;
  }
  const tried = dryRunBody ?? body;
  return verb !== 'delete' || isMarked(tried) ? tried : undefined;
}

function isMarked(body: WriteRequest['body']): boolean {
  const { dryRun } = isJsonObject(body) ? body : {};
  return isList(dryRun) && dryRun.length === 1 && dryRun[0] === 'All';
}

interface Message {
  readonly path: string;
  readonly body: string;
  readonly request: WriteRequest;
  readonly remediation: string;
  readonly timeoutMs: number;
}

async function exchange(session: Session, message: Message, access: Access): Promise<Answer | Failed> {
  const { path, body, request, remediation, timeoutMs } = message;
  const wire: WireRequest = {
    url: urlOf(session.connection.cluster.server, path),
    method: METHODS[request.verb],
    body,
    wire: access.wire,
    headers: {
      ...access.credentials.headers,
      accept: 'application/json',
      'content-type': request.contentType,
      // Node leaves it out for DELETE, and the preconditions in the body would not be read.
      'content-length': Buffer.byteLength(body),
      'user-agent': agentOf(remediation),
    },
    timeoutMs,
    maxBytes: LARGEST_ANSWER,
    signal: session.signal,
  };
  const result = await send(wire);
  session.heard(result);
  return result;
}

/** The audit log of the cluster keeps the User-Agent, so that a change there can be found in ours. */
function agentOf(remediation: string): string {
  return /^[\w-]{1,64}$/.test(remediation) ? `${EXECUTOR_AGENT} (${remediation})` : EXECUTOR_AGENT;
}

async function writeEvent({ client, logger }: WriterParts, event: ClusterEvent): Promise<void> {
  const { asker } = client();
  const { remediation, reason } = event;
  const path = apiPath(
    ['api', 'v1', 'namespaces', eventNamespace(event), 'events'],
    new URLSearchParams({ fieldManager: FIELD_MANAGER }),
  );
  const warn = (why: string): void => logger.warn('event not written', { remediation, reason, why });
  if (path === undefined) {
    return warn('no namespace can have such a name');
  }
  try {
    const body = JSON.stringify(eventObject(event, new Date()));
    const answer = await asker.ask({ path, accept: 'application/json', maxBytes: LARGEST_ANSWER, body });
    const why = answer.kind === 'none' ? answer.words : refusalOf(answer);
    if (why !== undefined) {
      warn(why);
    }
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
  }
}

/** Why an Event was not stored; undefined when it is, also from before. */
function refusalOf(answer: Answer): string | undefined {
  if (answer.status >= 200 && answer.status < 300) {
    return undefined;
  }
  const said = statusOf(answer.body);
  return said?.reason === 'AlreadyExists' ? undefined : `${answer.status} ${said?.message ?? ''}`.trim();
}
