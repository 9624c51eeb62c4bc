const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_NAME = 253;

/** Whether a text can be the name of an object (a DNS-1123 subdomain). */
export function isObjectName(text: string): boolean {
  return text.length <= LONGEST_NAME && SUBDOMAIN.test(text);
}

/** Whether a text can be the uid of an object. */
export function isUid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** The host of `host:9100`, `10.0.0.1:9100` or `[::1]:9100`, in lower case; undefined when it is none. */
export function addressOf(instance: string): string | undefined {
  const text = instance.slice(0, LONGEST_NAME + 8).toLowerCase();
  const [, bracketed] = /^\[([0-9a-f:.]{2,45})\](?::\d{1,5})?$/.exec(text) ?? [];
  if (bracketed !== undefined) {
    return bracketed;
  }
  if (/^[0-9a-f]{0,4}:[0-9a-f:.]{1,41}$/.test(text) && text.split(':').length > 2) {
    return text;
  }
  const host = text.replace(/:\d{1,5}$/, '');
  return isObjectName(host) ? host : undefined;
}
