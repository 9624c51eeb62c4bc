import type { Unreadable } from '../../ports/cluster-reader.ts';
import type { Failed } from './send.ts';

/** Codes of the system, of TLS and of Node's HTTP parser, as the end of a sentence that begins with the address. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections: nothing listens there',
  ECONNRESET: 'closed the connection before its answer was complete',
  EPIPE: 'closed the connection before its answer was complete',
  ENOTFOUND: 'cannot be found: DNS does not know the name',
  EAI_AGAIN: 'cannot be found: DNS does not answer',
  ETIMEDOUT: 'did not accept a connection in time',
  EHOSTUNREACH: 'cannot be reached: there is no route to the host',
  ENETUNREACH: 'cannot be reached: there is no route to the network',
  EHOSTDOWN: 'cannot be reached: the host is down',
  ENETDOWN: 'cannot be reached: this machine has no network',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  CERT_NOT_YET_VALID: 'shows a certificate that is not valid yet; check the clock of this machine',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a self-signed certificate that the kubeconfig does not trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a certificate of an authority that the kubeconfig does not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'shows a certificate of an authority that the kubeconfig does not trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'shows a certificate of an authority that the kubeconfig does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'shows a certificate of an authority that the kubeconfig does not trust',
  CERT_SIGNATURE_FAILURE:
    'shows a certificate whose signature does not fit the certificate authority of the kubeconfig',
  CERT_REVOKED: 'shows a certificate that was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate that was issued for another name',
  EPROTO: 'does not speak TLS as expected; check whether the address needs http:// or another port',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS; check whether the address needs http:// or another port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS; check whether the address needs http:// or another port',
  ERR_PROXY_TUNNEL: 'cannot be reached through the proxy',
  ABORT_ERR: 'was not waited for, because Kubewhy is stopping',
  AbortError: 'was not waited for, because Kubewhy is stopping',
};

/** The address as it may be shown: host and port, without a user, a path or a query. */
export function addressOf(server: string): string {
  const { hostname, port, protocol } = new URL(server);
  return `${hostname}:${port === '' ? (protocol === 'http:' ? '80' : '443') : port}`;
}

/** Says why there is no answer, for the end of "could not read X: …". */
export function failureWords(
  failed: Failed,
  address: string,
  timeoutMs: number,
): { readonly why: Unreadable['why']; readonly words: string } {
  const server = `the API server at ${address}`;
  if (failed.reason === 'timeout') {
    return { why: 'timeout', words: `${server} did not answer within ${seconds(timeoutMs)}` };
  }
  if (failed.reason === 'too-big') {
    return { why: 'invalid', words: `the answer of ${server} is larger than Kubewhy reads` };
  }
  if (failed.code.startsWith('HPE_')) {
    return { why: 'invalid', words: `${server} answers something that is not HTTP` };
  }
  return { why: 'unavailable', words: `${server} ${wordsOf(failed.code)}` };
}

function wordsOf(code: string): string {
  const words = WORDS[code];
  if (words !== undefined) {
    return words;
  }
  return /^ERR_(?:SSL|TLS|OSSL)/.test(code) ? `breaks off the TLS handshake (${code})` : `cannot be reached (${code})`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}
