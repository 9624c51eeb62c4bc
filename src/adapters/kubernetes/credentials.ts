import type { OutgoingHttpHeaders } from 'node:http';
import { providerToken } from './auth-provider.ts';
import type { Connection, UserEntry } from './connection.ts';
import type { ExecSettings } from './exec-credential.ts';
import { bytesOf } from './material.ts';

/** What is shown to the API server. */
export interface Credentials {
  readonly headers: OutgoingHttpHeaders;
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
  /** When new ones must be fetched, in milliseconds since 1970. */
  readonly expires: number;
  /** Whether asking again may give others after a 401. */
  readonly renewable: boolean;
}

/** Tokens in files are replaced while they are valid; read again after this time, as client-go does. */
const TOKEN_FILE_MS = 60_000;

/** Reads the credentials of a connection; runs the exec plug-in or asks the auth provider when it has one. */
export async function readCredentials(
  connection: Connection,
  settings: ExecSettings,
  now: number,
): Promise<Credentials> {
  const { user, cluster } = connection;
  const own = fromFile(user, now);
  if (user.exec !== undefined) {
    const { execCredential } = await import('./exec-credential.ts');
    const { token, cert, key, expires } = await execCredential(user.exec, cluster, settings);
    return {
      ...own,
      headers: { ...own.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
      expires: expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires),
      renewable: true,
    };
  }
  if (user.authProvider !== undefined) {
    const authorization = await providerToken(user);
    return {
      ...own,
      headers: { ...own.headers, ...(authorization === undefined ? {} : { authorization }) },
      renewable: true,
    };
  }
  return own;
}

function fromFile(user: UserEntry, now: number): Credentials {
  const authorization = authorizationOf(user);
  return {
    headers: { ...user.impersonate, ...(authorization === undefined ? {} : { authorization }) },
    ...(user.cert === undefined ? {} : { cert: bytesOf(user.cert, 'client certificate') }),
    ...(user.key === undefined ? {} : { key: bytesOf(user.key, 'client key') }),
    expires: user.tokenFile === undefined ? Number.POSITIVE_INFINITY : now + TOKEN_FILE_MS,
    renewable: user.tokenFile !== undefined,
  };
}

function authorizationOf(user: UserEntry): string | undefined {
  const token =
    user.tokenFile === undefined ? user.token : bytesOf({ file: user.tokenFile }, 'token').toString('utf8').trim();
  if (token !== undefined && token !== '') {
    return `Bearer ${token}`;
  }
  if (user.username === undefined) {
    return undefined;
  }
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
}
