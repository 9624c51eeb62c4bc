import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { type PostResult, postAlerts } from '../adapters/http/alerts-client.ts';
import type { Secret } from '../config/secret.ts';
import { quoted, usageError } from '../core/command/usage-error.ts';
import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import { shorten } from '../core/facts/text.ts';
import type { AlertCounts } from '../ports/alert-taker.ts';

/** A payload for a running bot. */
export interface SendAlertsOptions {
  /** A file, or `-` for standard input. */
  readonly path: string;
  /** Where the bot takes alerts, as people write it. */
  readonly address: string;
  readonly token: Secret | undefined;
}

const COMMAND = 'alert';
const count = z.int().nonnegative();
const countsSchema = z.object({ accepted: count, repeated: count, ignored: count, withoutChannel: count });

/**
 * Sends a payload to a running bot and returns what the bot did with it. Throws USAGE, CONFIG_INVALID,
 * ALERT_TOKEN_REJECTED, BOT_UNREACHABLE.
 */
export async function sendAlerts({ path, address, token }: SendAlertsOptions): Promise<AlertCounts> {
  const url = readAddress(address);
  if (token === undefined) {
    throw new KubewhyError('CONFIG_INVALID', {
      message: 'KUBEWHY_ALERT_TOKEN is not set: the bot takes alerts only with a token.',
      hint: 'Set it to one of the tokens in KUBEWHY_ALERT_TOKENS of the bot.',
    });
  }
  const payload = path === '-' ? process.stdin : createReadStream(path);
  return countsOf(await postAlerts({ url, token: token.reveal(), payload }), url, path);
}

/** The path is that of the bot unless another one is given. */
function readAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw usageError(`${quoted(address)} is no address such as http://127.0.0.1:9464/alerts.`, COMMAND);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError('The address must hold no user and password; the token is in KUBEWHY_ALERT_TOKEN.', COMMAND);
  }
  if (url.pathname === '/') {
    url.pathname = '/alerts';
  }
  return url;
}

function countsOf(result: PostResult, url: URL, path: string): AlertCounts {
  switch (result.kind) {
    case 'unreadable':
      throw usageError(`${quoted(path)} cannot be read (${result.reason}).`, COMMAND);
    case 'unreachable':
      throw unreachable(`${url.host} cannot be reached (${result.reason}).`);
    case 'answered':
      return answeredCounts(result, url);
  }
}

function answeredCounts({ status, body }: Extract<PostResult, { kind: 'answered' }>, url: URL): AlertCounts {
  const says = body === '' ? 'it says nothing more' : shorten(body.replaceAll(/\s+/g, ' '), 500);
  switch (status) {
    case 200:
      return readCounts(body, url);
    case 400:
      throw usageError(`${url.host} refuses it: ${says}.`, COMMAND);
    case 401:
      throw new KubewhyError('ALERT_TOKEN_REJECTED', { message: `${url.host} does not accept KUBEWHY_ALERT_TOKEN.` });
    case 503:
      throw unreachable(`${url.host} takes no alerts at the moment: ${says}.`);
    default:
      throw unreachable(
        status >= 300 && status < 400
          ? `${url.host} answers with a redirect (${status}), which is not followed.`
          : `${url.host} answers with ${status}: ${says}.`,
      );
  }
}

function readCounts(body: string, url: URL): AlertCounts {
  const parsed = countsSchema.safeParse(jsonOf(body));
  if (!parsed.success) {
    throw unreachable(`What answers at ${url.host}${url.pathname} is not Kubewhy.`);
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(message: string): KubewhyError {
  return new KubewhyError('BOT_UNREACHABLE', { message });
}
