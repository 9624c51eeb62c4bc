import type { Ids } from './ids.ts';

const LIFETIME_MS = 30 * 60 * 1000;
const MOST_USES = 5;

/** What the user did that made Slack hand out the address. */
export interface ResponseOrigin {
  readonly kind: 'command' | 'message' | 'ephemeral';
  readonly channel: string;
  readonly user: string;
  /** Of the message whose button was clicked. */
  readonly ts?: string;
  readonly threadTs?: string;
}

/** Whether the address still works. */
export type ResponseUse =
  | { readonly kind: 'valid'; readonly origin: ResponseOrigin }
  | { readonly kind: 'unknown' | 'used' | 'expired' };

interface ResponseUrl {
  readonly origin: ResponseOrigin;
  readonly expiresAt: number;
  uses: number;
}

/** The addresses to which an app answers a command or click: 5 uses within 30 minutes. */
export class ResponseUrlStore {
  private readonly urls = new Map<string, ResponseUrl>();
  private readonly ids: Ids;

  constructor(ids: Ids) {
    this.ids = ids;
  }

  /** Returns the path below the server's address. `now` is epoch milliseconds. */
  issue(origin: ResponseOrigin, now: number): string {
    const key = this.ids.next('r').toLowerCase();
    this.urls.set(key, { origin, expiresAt: now + LIFETIME_MS, uses: 0 });
    return `/response/${key}`;
  }

  use(key: string, now: number): ResponseUse {
    const url = this.urls.get(key);
    if (url === undefined) {
      return { kind: 'unknown' };
    }
    if (now >= url.expiresAt) {
      return { kind: 'expired' };
    }
    if (url.uses >= MOST_USES) {
      return { kind: 'used' };
    }
    url.uses += 1;
    return { kind: 'valid', origin: url.origin };
  }
}
