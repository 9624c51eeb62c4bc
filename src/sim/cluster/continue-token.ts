/** Where a list goes on: behind the key `start`, as of the resource version. */
export interface ContinuePosition {
  /** -1: as of now. */
  readonly version: number;
  /** `namespace/name` or `name`, of the last object given. */
  readonly after: string;
}

/** A position, or the API server's words for a token that is none. */
export type ReadToken =
  | { readonly ok: true; readonly position: ContinuePosition }
  | { readonly ok: false; readonly message: string };

const VERSION = 'meta.k8s.io/v1';
const INVALID = 'invalid continue token: continue key is not valid';

/** Writes a token in the API server's format. */
export function continueToken({ version, after }: ContinuePosition): string {
  const content = { v: VERSION, rv: version, start: `/${after}\0` };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** Reads a token that a client sends back. */
export function readContinueToken(token: string): ReadToken {
  const illegal = /[^A-Za-z0-9_-]/.exec(token);
  if (illegal !== null) {
    return { ok: false, message: `${INVALID}: illegal base64 data at input byte ${illegal.index}` };
  }
  const fields = fieldsOf(Buffer.from(token, 'base64url').toString('utf8'));
  if (fields === undefined) {
    return { ok: false, message: `${INVALID}: it is not JSON` };
  }
  const { v = '', rv = 0, start = '' } = fields;
  const problem = problemOf(v, rv, start);
  return problem === undefined
    ? { ok: true, position: { version: rv, after: start.replace(/^\//, '').replace(/\0$/, '') } }
    : { ok: false, message: `${INVALID}: ${problem}` };
}

function problemOf(v: string, rv: number, start: string): string | undefined {
  if (v !== VERSION) {
    return `server does not recognize this encoded version ${v}`;
  }
  if (rv === 0) {
    return `incorrect encoded start resourceVersion (version ${VERSION})`;
  }
  return start === '' ? `encoded start key empty (version ${VERSION})` : undefined;
}

interface TokenFields {
  readonly v?: string;
  readonly rv?: number;
  readonly start?: string;
}

function fieldsOf(text: string): TokenFields | undefined {
  try {
    // Anything may come from outside; fields of other types are left out below.
    const parsed = (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
    const { v, rv, start } = parsed;
    return {
      ...(typeof v === 'string' ? { v } : {}),
      ...(typeof rv === 'number' ? { rv } : {}),
      ...(typeof start === 'string' ? { start } : {}),
    };
  } catch {
    return undefined;
  }
}
