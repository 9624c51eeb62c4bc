import type { AuditEntry } from '../../src/core/remediation/audit.ts';
import { type ChainHead, EMPTY_CHAIN, verifyEntries } from '../../src/core/remediation/audit-chain.ts';
import type { ChaosWorld } from './chaos-world.ts';

const PAGE = 1000;

/** The audit as far as it was read, entry by entry. */
export class AuditTrail {
  private readonly world: ChaosWorld;
  private head: ChainHead = EMPTY_CHAIN;
  private readonly entries: AuditEntry[] = [];
  readonly faults: string[] = [];
  private turn: Promise<void> = Promise.resolve();

  constructor(world: ChaosWorld) {
    this.world = world;
  }

  get count(): number {
    return this.entries.length;
  }

  /** Reads what was chained since, and follows the chain; one reader after the other. Rejects while Redis is away. */
  async read(): Promise<void> {
    const turn = this.turn.then(() => this.readOn());
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private async readOn(): Promise<void> {
    const { audit, digest } = this.world;
    await audit.chain();
    for (;;) {
      const stored = await audit.stored(this.head.seq + 1, PAGE);
      const verdict = verifyEntries(stored, this.head, digest);
      if (verdict.kind === 'broken') {
        this.noteFault(`${verdict.fault.says} (after entry ${this.head.seq})`);
        return;
      }
      this.entries.push(...stored.flatMap((entry) => entry ?? []));
      this.head = verdict.head;
      if (stored.length < PAGE) {
        return;
      }
    }
  }

  /** It is met again whenever the rest is read. */
  private noteFault(says: string): void {
    if (!this.faults.includes(says)) {
      this.faults.push(says);
    }
  }

  of(remediation: string): readonly AuditEntry[] {
    return this.entries.filter((entry) => entry.remediation === remediation);
  }
}
