// Host names as they stand in URLs, host:port pairs, and dotted service names. Linear: one character class, no nesting.
const HOST = /[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/gi;

/** Which of the Services named are mentioned as hosts in texts, by `name`, `name.namespace`, or a longer cluster name. */
export function mentionedServices(
  texts: readonly string[],
  services: readonly { readonly name: string; readonly namespace: string }[],
  namespace: string,
): readonly { readonly name: string; readonly namespace: string; readonly text: string }[] {
  const found = new Map<string, { name: string; namespace: string; text: string }>();
  for (const text of texts) {
    const hosts = new Set(text.slice(0, 4096).toLowerCase().match(HOST) ?? []);
    for (const service of services) {
      if (mentions(hosts, service, namespace, text)) {
        found.set(`${service.namespace}/${service.name}`, { ...service, text: text.slice(0, 200) });
      }
    }
  }
  return [...found.values()];
}

function mentions(
  hosts: ReadonlySet<string>,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  own: string,
  text: string,
): boolean {
  const long = `${name}.${namespace}`;
  for (const host of hosts) {
    if (host === long || `${host}.`.startsWith(`${long}.svc.`)) {
      return true;
    }
  }
  return namespace === own && hosts.has(name) && standsAsHost(text.toLowerCase(), name);
}

/** A bare word counts as a host only after `://` or `@`, before `:port`, or when it is the whole text. */
function standsAsHost(text: string, name: string): boolean {
  if (text.trim() === name) {
    return true;
  }
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text.slice(Math.max(0, at - 3), at);
    const after = text.slice(at + name.length, at + name.length + 7);
    const url = before === '://' || before.endsWith('@');
    const bounded = (url || !/[a-z0-9._/-]$/.test(before)) && !/^(?:[a-z0-9_-]|\.[a-z0-9])/.test(after);
    if (bounded && (url || /^:\d{2,5}(?:\D|$)/.test(after))) {
      return true;
    }
  }
  return false;
}
