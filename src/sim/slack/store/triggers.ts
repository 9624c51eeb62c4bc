import type { Ids } from './ids.ts';

const LIFETIME_MS = 3000;

/** Where the user was when the trigger was made. */
export interface TriggerOrigin {
  readonly user: string;
  /** The modal in which it was made. */
  readonly viewId?: string;
}

/** What a `trigger_id` is worth when it is used. */
export type TriggerUse =
  | { readonly kind: 'valid'; readonly origin: TriggerOrigin }
  | { readonly kind: 'invalid' | 'expired' | 'exchanged' };

interface Trigger {
  readonly origin: TriggerOrigin;
  readonly appId: string;
  readonly expiresAt: number;
  used: boolean;
}

/** Trigger ids live 3 s, work once, and only for the app they were made for. */
export class TriggerStore {
  private readonly triggers = new Map<string, Trigger>();
  private readonly ids: Ids;
  private expireAll = false;

  constructor(ids: Ids) {
    this.ids = ids;
  }

  /** `now` is epoch milliseconds. */
  issue(origin: TriggerOrigin, appId: string, now: number): string {
    const id = `13345224609.738474920.${this.ids.next('t').toLowerCase()}`;
    this.triggers.set(id, { origin, appId, expiresAt: now + LIFETIME_MS, used: false });
    return id;
  }

  /** From now on every trigger counts as expired, or no longer does. */
  setExpired(expired: boolean): void {
    this.expireAll = expired;
  }

  use(id: string, appId: string, now: number): TriggerUse {
    const trigger = this.triggers.get(id);
    if (trigger === undefined || trigger.appId !== appId) {
      return { kind: 'invalid' };
    }
    if (trigger.used) {
      return { kind: 'exchanged' };
    }
    if (this.expireAll || now >= trigger.expiresAt) {
      return { kind: 'expired' };
    }
    trigger.used = true;
    return { kind: 'valid', origin: trigger.origin };
  }
}
