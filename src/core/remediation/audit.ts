/** What an entry of the audit says. */
export const AUDIT_EVENTS = [
  'proposed',
  'posted',
  'vote',
  'refused',
  'approved',
  'denied',
  'expired',
  'claimed',
  'checked',
  'dry-run',
  'intent',
  'step',
  'result',
  'verified',
  'ended',
  'stopped',
  'resumed',
  'breaker',
] as const;

export type AuditEvent = (typeof AUDIT_EVENTS)[number];

/** One entry of the audit before it is chained. Flat, small, without secrets and without raw logs. */
export interface AuditDraft {
  readonly event: AuditEvent;
  readonly cluster: string;
  /** Empty for what concerns no single remediation. */
  readonly remediation: string;
  readonly from?: string;
  readonly to?: string;
  /** Who did it: `slack:T1/U1`, `executor:host-1`, `store`. */
  readonly actor: string;
  /** The object, `Pod shop/web-0 (uid)`. */
  readonly target?: string;
  readonly action?: string;
  /** Everything else that matters to this event, by name: digests, request, response, approvers. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** 1 to 5: how much it matters to security. */
  readonly security: number;
}

/** One entry of the chain. */
export interface AuditEntry extends AuditDraft {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** RFC 3339, by the clock of the store when it happened. */
  readonly at: string;
  /** `hash` of the entry before; 64 zeros for the first. */
  readonly prevHash: string;
  /** SHA-256, in hex, over `prevHash` and the canonical JSON of the entry without `hash`. */
  readonly hash: string;
}
