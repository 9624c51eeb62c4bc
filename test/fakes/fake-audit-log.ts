import { createHash } from 'node:crypto';
import type { AuditDraft, AuditEntry } from '../../src/core/remediation/audit.ts';
import { EMPTY_CHAIN, nextEntry } from '../../src/core/remediation/audit-chain.ts';
import type { AuditLog, UnwrittenEntries } from '../../src/ports/audit-log.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { FakeStore } from './fake-store.ts';

/** An audit in memory; what transitions leave comes through `keep`. */
export class FakeAuditLog extends FakeStore implements AuditLog {
  /** What is not chained yet. */
  readonly pending: { readonly draft: AuditDraft; readonly at: string }[] = [];
  readonly chained: AuditEntry[] = [];
  /** The number of the last entry whose line is known to be written. */
  logged = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  /** Everything that was kept, in order, chained or not. */
  get drafts(): readonly AuditDraft[] {
    return [...this.chained.map(withoutChain), ...this.pending.map(({ draft }) => draft)];
  }

  /** As `append`, inside of another step. */
  keep(draft: AuditDraft): void {
    this.pending.push({ draft, at: this.#clock.now().toISOString() });
  }

  async append(draft: AuditDraft): Promise<void> {
    this.check();
    this.keep(draft);
  }

  async chain(each?: (part: readonly AuditEntry[]) => void): Promise<readonly AuditEntry[]> {
    this.check();
    const added: AuditEntry[] = [];
    for (const { draft, at } of this.pending.splice(0)) {
      const entry = nextEntry(this.chained.at(-1) ?? EMPTY_CHAIN, draft, at, sha256);
      this.chained.push(entry);
      added.push(entry);
    }
    each?.(added);
    return added;
  }

  async unwritten(limit: number): Promise<UnwrittenEntries> {
    this.check();
    const entries = this.chained.slice(this.logged, this.logged + limit);
    return { from: this.logged + 1, to: this.logged + entries.length, entries };
  }

  async written({ from, to }: { readonly from: number; readonly to: number }): Promise<void> {
    this.check();
    if (from <= this.logged + 1) {
      this.logged = Math.max(this.logged, to);
    }
  }

  async entries(fromSeq: number, limit: number): Promise<readonly AuditEntry[]> {
    this.check();
    return this.chained.filter(({ seq }) => seq >= fromSeq).slice(0, limit);
  }

  async newest(limit: number): Promise<readonly AuditEntry[]> {
    this.check();
    return this.chained.toReversed().slice(0, limit);
  }
}

function withoutChain({ seq: _seq, at: _at, prevHash: _prev, hash: _hash, ...draft }: AuditEntry): AuditDraft {
  return draft;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
