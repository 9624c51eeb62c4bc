import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/core/remediation/audit.ts';
import { chainAudit } from '../../../src/usecases/remediation/chain-audit.ts';
import { SpyMetrics } from '../../adapters/slack/fakes.ts';
import { FakeAuditLog } from '../../fakes/fake-audit-log.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeRemediationStore } from '../../fakes/fake-remediation-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { sampleDraft } from '../../fakes/remediation-samples.ts';

/** Chains in parts of two, and fails where a test wants it to. */
class PartedAuditLog extends FakeAuditLog {
  failsAfterParts = Number.POSITIVE_INFINITY;
  losesAnswer = false;
  refusesNotes = false;

  override async chain(each?: (part: readonly AuditEntry[]) => void): Promise<readonly AuditEntry[]> {
    const waiting = this.pending.splice(0);
    for (let parts = 0; waiting.length > 0; parts += 1) {
      if (parts === this.failsAfterParts) {
        this.pending.push(...waiting);
        throw new Error('the connection broke');
      }
      this.pending.push(...waiting.splice(0, 2));
      await super.chain(this.losesAnswer ? undefined : each);
    }
    if (this.losesAnswer) {
      throw new Error('the answer was lost');
    }
    return [];
  }

  override async written(lines: { readonly from: number; readonly to: number }): Promise<void> {
    if (this.refusesNotes) {
      throw new Error('nothing is noted');
    }
    return super.written(lines);
  }
}

async function open(entries: number) {
  const clock = new FakeClock();
  const audit = new PartedAuditLog(clock);
  const logger = new RecordingLogger();
  const written: number[] = [];
  const lines = { write: ({ seq }: AuditEntry) => void written.push(seq) };
  for (let index = 0; index < entries; index += 1) {
    await audit.append(sampleDraft({ from: 'proposed', to: 'expired' }));
  }
  const metrics = new SpyMetrics();
  return { audit, logger, lines, written, metrics, store: new FakeRemediationStore(clock, { audit }) };
}

function numbers(to: number): readonly number[] {
  return Array.from({ length: to }, (_, index) => index + 1);
}

describe('the lines of the audit', () => {
  it('are written once when nothing fails', async () => {
    const deps = await open(5);

    await chainAudit(deps);
    await chainAudit(deps);

    expect([deps.written, deps.audit.logged, deps.logger.lines]).toEqual([numbers(5), 5, []]);
  });

  it('of parts that were chained are not lost when a later part fails', async () => {
    const deps = await open(5);
    deps.audit.failsAfterParts = 1;

    await chainAudit(deps);
    const before = [...deps.written];
    deps.audit.failsAfterParts = Number.POSITIVE_INFINITY;
    await chainAudit(deps);

    expect([before, deps.audit.logged]).toEqual([[1, 2], 5]);
    expect(new Set(deps.written)).toEqual(new Set(numbers(5)));
  });

  it('of entries whose chaining was not answered are written by whoever looks next', async () => {
    const deps = await open(4);
    deps.audit.losesAnswer = true;
    await chainAudit(deps);
    const before = [...deps.written];
    deps.audit.losesAnswer = false;

    await chainAudit(deps);

    expect([before, deps.written, deps.audit.logged]).toEqual([[], numbers(4), 4]);
  });

  it('come twice rather than not at all when it could not be noted that they are written', async () => {
    const deps = await open(2);
    deps.audit.refusesNotes = true;
    await chainAudit(deps);
    deps.audit.refusesNotes = false;

    await chainAudit(deps);

    expect([deps.written, deps.audit.logged]).toEqual([[1, 2, 1, 2], 2]);
  });

  it('that could not be written are written the next time', async () => {
    const deps = await open(2);
    const broken = { write: () => expect.fail('the disk is full') };
    await chainAudit({ ...deps, lines: broken });

    await chainAudit(deps);

    expect([deps.written, deps.audit.logged]).toEqual([numbers(2), 2]);
    expect(deps.logger.lines).toMatchObject([{ level: 'warn', fields: { error: expect.any(Error) } }]);
  });

  it('of a chain that is older than the note about them are written in parts', async () => {
    const deps = await open(1203);
    await deps.audit.chain();
    await chainAudit(deps);
    const first = deps.written.length;

    await chainAudit(deps);
    await chainAudit(deps);

    expect([first, deps.written, deps.audit.logged]).toEqual([500, numbers(1203), 1203]);
  });

  it('may come again, while figures are counted only by whoever chained an entry', async () => {
    const deps = await open(2);
    deps.audit.refusesNotes = true;
    await chainAudit(deps);
    deps.audit.refusesNotes = false;

    await chainAudit(deps);

    expect(deps.written).toHaveLength(4);
    expect(deps.metrics.counts.filter((one) => one.startsWith('remediations_total'))).toHaveLength(2);
  });
});
