import type { Answer } from './answer.ts';
import { notAcceptable } from './status-answer.ts';

/** How an object or a list is to be written. */
export type Representation = 'whole' | 'metadata-v1' | 'metadata-v1beta1';

/** What a request accepts, or the 406 answer. */
export type Negotiated =
  | { readonly ok: true; readonly representation: Representation }
  | { readonly ok: false; readonly answer: Answer };

/** What is about to be written; the type is Go's, for the server's words. */
interface Written {
  readonly list: boolean;
  readonly goType: string;
}

const OFFERED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const JSON_RANGES: ReadonlySet<string> = new Set(['application/json', '*/*', 'application/*']);

interface Clause {
  readonly range: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** What can be read: an object, a list of objects, a log. */
type Readable = 'object' | 'list' | 'log';

const OFFERS: Readonly<Record<Readable, string>> = {
  object: OFFERED,
  list: `${OFFERED}, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch`,
  log: `text/plain, ${OFFERED}`,
};

/** 406 for an Accept header that names none of the types, as the router of the API server answers before all else. */
export function routerRefusal(accept: string | undefined, what: Readable): Answer | undefined {
  const offered = OFFERS[what].split(', ');
  const ranges = clausesOf(accept).map(({ range }) => range);
  if (ranges.length === 0 || ranges.some((range) => range === '*/*' || offered.includes(range))) {
    return undefined;
  }
  const message = `406: Not Acceptable\n\nAvailable representations: ${offered.join(', ')}`;
  return notAcceptable(message, 'router');
}

/**
 * Chooses the first representation of the Accept header that is understood. JSON is the only encoding, and `as=Table`
 * is skipped, so that kubectl falls back to whole objects.
 */
export function negotiate(accept: string | undefined, written: Written): Negotiated {
  const clauses = clausesOf(accept);
  if (clauses.length === 0) {
    return { ok: true, representation: 'whole' };
  }
  for (const clause of clauses.toSorted((a, b) => b.quality - a.quality)) {
    const chosen = JSON_RANGES.has(clause.range) ? choose(clause, written) : undefined;
    if (chosen !== undefined) {
      return chosen;
    }
  }
  const message = `only the following media types are accepted: ${OFFERED}`;
  return { ok: false, answer: notAcceptable(message, 'serializer') };
}

function choose({ parameters }: Clause, { list, goType }: Written): Negotiated | undefined {
  const as = parameters.get('as');
  if (as === undefined) {
    return { ok: true, representation: 'whole' };
  }
  const version = parameters.get('v');
  const known = as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList';
  if (!known || parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) {
    return undefined;
  }
  if (list !== (as === 'PartialObjectMetadataList')) {
    const but = list ? `is a list (*${goType})` : `is not a list (*${goType})`;
    return { ok: false, answer: notAcceptable(`you requested ${as}, but the requested object ${but}`, 'serializer') };
  }
  return { ok: true, representation: `metadata-${version}` };
}

function clausesOf(accept: string | undefined): readonly Clause[] {
  const parts = (accept ?? '').split(',').filter((part) => part.trim() !== '');
  return parts.map((part) => {
    const [range = '', ...options] = part.split(';').map((word) => word.trim());
    const parameters = new Map(
      options.map((option) => {
        const [key = '', ...value] = option.split('=');
        return [key, value.join('=')] as const;
      }),
    );
    return { range, parameters, quality: Number(parameters.get('q') ?? 1) };
  });
}
