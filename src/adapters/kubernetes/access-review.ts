import type { Right } from '../../core/doctor/right.ts';
import type { Json, JsonObject } from '../../core/facts/json.ts';
import { printable, shorten } from '../../core/facts/text.ts';
import type { ReadWords } from '../../core/reading/read-words.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import type { Asker } from './ask.ts';
import { jsonOf, judgeAnswer, type Server } from './judge-answer.ts';
import { isList, isObject, valueAt } from './object-shape.ts';
import type { Answer } from './send.ts';
import { unreadable } from './unreadable.ts';

/** An answer about ourselves. */
export type Review<Value> = { readonly kind: 'known'; readonly value: Value } | Unreadable;

/** Asks an API server about itself and about our own rights there; nothing is stored by that. */
export interface AccessReview {
  /** `v1.34.4`. */
  version(): Promise<Review<string>>;
  /** Our name, as RBAC knows it. Servers before 1.28 do not tell. */
  user(): Promise<Review<string>>;
  /** Whether we have a right in a namespace, or everywhere. */
  may(right: Right, namespace?: string): Promise<Review<boolean>>;
  /** All rights in a namespace at once; `complete` is false when the server cannot list them. */
  rightsIn(namespace: string): Promise<Review<{ readonly complete: boolean; readonly may: (right: Right) => boolean }>>;
  /** The API server's clock, known after the first answer. */
  serverTime(): Date | undefined;
}

const LARGEST_ANSWER = 1024 * 1024;
const VERSION_WORDS: ReadWords = { what: 'the version', group: 'the version', permission: 'get /version' };
const USER_WORDS = reviewWords('selfsubjectreviews.authentication.k8s.io', 'who Kubewhy is');
const MAY_WORDS = reviewWords('selfsubjectaccessreviews.authorization.k8s.io', 'its own rights');
const RULES_WORDS = reviewWords('selfsubjectrulesreviews.authorization.k8s.io', 'its own rights');

/** How a review is named in sentences. */
export function reviewWords(resource: string, what: string): ReadWords {
  return { what, group: what, permission: `create ${resource}` };
}

/** Reviews through the requests of one question. */
export function kubernetesAccessReview(asker: Asker, server: () => Server): AccessReview {
  const client = { asker, server };
  return {
    async version() {
      const answer = await request(client, '/version', VERSION_WORDS);
      return answer.kind === 'known' ? textAt(answer.value, ['gitVersion'], VERSION_WORDS, client) : answer;
    },
    async user() {
      const answer = await review(client, { group: 'authentication', kind: 'SelfSubjectReview' }, {}, USER_WORDS);
      return answer.kind === 'known'
        ? textAt(answer.value, ['status', 'userInfo', 'username'], USER_WORDS, client)
        : answer;
    },
    async may({ verb, group, resource }, namespace = '') {
      const [plural = '', subresource = ''] = resource.split('/');
      const spec = { resourceAttributes: { verb, group, resource: plural, subresource, namespace } };
      const answer = await review(client, { group: 'authorization', kind: 'SelfSubjectAccessReview' }, spec, MAY_WORDS);
      return answer.kind === 'known'
        ? { kind: 'known', value: valueAt(answer.value, ['status', 'allowed']) === true }
        : answer;
    },
    async rightsIn(namespace) {
      const type = { group: 'authorization', kind: 'SelfSubjectRulesReview' };
      const answer = await review(client, type, { namespace }, RULES_WORDS);
      return answer.kind === 'known' ? { kind: 'known', value: rightsOf(answer.value) } : answer;
    },
    serverTime: () => asker.serverTime(),
  };
}

/** What reviews are sent with. */
export interface Client {
  readonly asker: Asker;
  readonly server: () => Server;
}

/** Posts a review and returns the answer; the kind is also the plural of its path. */
export function review(
  client: Client,
  { group, kind }: { readonly group: string; readonly kind: string },
  spec: JsonObject,
  words: ReadWords,
): Promise<Review<JsonObject>> {
  const api = `${group}.k8s.io/v1`;
  const body = JSON.stringify({ apiVersion: api, kind, spec });
  return request(client, `/apis/${api}/${kind.toLowerCase()}s`, words, body);
}

async function request(
  { asker, server }: Client,
  path: string,
  words: ReadWords,
  body?: string,
): Promise<Review<JsonObject>> {
  const answer = await asker.ask({
    path,
    accept: 'application/json',
    maxBytes: LARGEST_ANSWER,
    ...(body === undefined ? {} : { body }),
  });
  if (answer.kind === 'none') {
    return unreadable(answer.why, words, answer.words);
  }
  const accepted: Answer = answer.status === 201 ? { ...answer, status: 200 } : answer;
  const judged = judgeAnswer(accepted, words, server());
  if (judged.kind === 'refused') {
    return unreadable('invalid', words, `the API server answered ${judged.status}: ${judged.message}`);
  }
  if (judged.kind === 'unreadable') {
    return judged;
  }
  const json = jsonOf(accepted, words, server());
  return json.kind === 'json' ? { kind: 'known', value: json.object } : json;
}

function textAt(object: JsonObject, path: readonly string[], words: ReadWords, { server }: Client): Review<string> {
  const text = valueAt(object, path);
  return typeof text === 'string' && text !== ''
    ? { kind: 'known', value: shorten(printable(text), 200) }
    : unreadable('invalid', words, `the API server at ${server().address} answered with something else`);
}

function rightsOf(object: JsonObject): { readonly complete: boolean; readonly may: (right: Right) => boolean } {
  const rules = listAt(object, ['status', 'resourceRules']).filter(isObject);
  return {
    complete: valueAt(object, ['status', 'incomplete']) !== true,
    // A rule with names grants single objects, which is no help when the name is not known before.
    may: ({ verb, group, resource }) =>
      rules.some(
        (rule) =>
          listAt(rule, ['resourceNames']).length === 0 &&
          grants(rule, 'verbs', verb) &&
          grants(rule, 'apiGroups', group) &&
          (grants(rule, 'resources', resource) || grants(rule, 'resources', `*/${resource.split('/')[1] ?? ''}`)),
      ),
  };
}

function grants(rule: JsonObject, key: string, wanted: string): boolean {
  return listAt(rule, [key]).some((word) => word === '*' || word === wanted);
}

function listAt(object: JsonObject, path: readonly string[]): readonly Json[] {
  const value = valueAt(object, path);
  return isList(value) ? value : [];
}
