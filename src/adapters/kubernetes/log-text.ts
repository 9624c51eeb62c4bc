/** What is kept of a log, counted from its end. */
const KEPT_BYTES = 64 * 1024;

/** Sentences that a kubelet sends as the log when it has none. */
const NO_LOG = /^(?:unable to retrieve container logs for |failed to try resolving symlinks in path )[^\n]*\n?$/;

/** The last 64 KiB of a log as text, beginning with a whole line; undefined when the node keeps no log. */
export function logText(body: Buffer): string | undefined {
  const text = new TextDecoder('utf-8').decode(tail(body));
  return NO_LOG.test(text) ? undefined : text;
}

function tail(body: Buffer): Buffer {
  if (body.length <= KEPT_BYTES) {
    return body;
  }
  const kept = body.subarray(body.length - KEPT_BYTES);
  const lineEnd = kept.indexOf(0x0a);
  return lineEnd < 0 || lineEnd === kept.length - 1 ? kept : kept.subarray(lineEnd + 1);
}
