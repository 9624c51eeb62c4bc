import type { AuditReader, AuditReport } from '../app/audit.ts';
import { quoted, usageError } from '../core/command/usage-error.ts';
import { oneLine } from '../core/facts/text.ts';
import type { ChainHead } from '../core/remediation/audit-chain.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** `kubewhy audit verify`: whether the chain is whole, and where it is not. */
export async function runAuditVerify({ line, output }: CommandContext): Promise<number> {
  const text = line.options.value('anchor');
  const anchor = text === undefined ? undefined : anchorOf(text, line.command.name);
  return withAudit(async (audit) => {
    const report = await output.waiting('following the audit', () => audit.verify(anchor));
    output.print(reportText(report));
    return isWhole(report) ? EXIT.healthy : EXIT.cause;
  });
}

/** `kubewhy audit export`: the entries as JSON lines. */
export async function runAuditExport({ output }: CommandContext): Promise<number> {
  return withAudit(async (audit) => {
    let unreadable = 0;
    for await (const part of audit.entries()) {
      const entries = part.flatMap((entry) => (entry === undefined ? [] : entry));
      unreadable += part.length - entries.length;
      if (entries.length > 0) {
        output.print(entries.map((entry) => JSON.stringify(entry)).join('\n'));
      }
    }
    if (unreadable > 0) {
      output.note(`left out, because they cannot be read: ${unreadable}; see kubewhy audit verify`);
    }
    return EXIT.healthy;
  });
}

/** What a person reads about the state of the audit. */
export function reportText(report: AuditReport): string {
  const { head, pending, fault } = report;
  const waiting = [...countWords(report), ...(pending === 0 ? [] : [`not chained yet: ${pending}`])];
  if (fault !== undefined) {
    const good = head.seq === 0 ? 'nothing before it is certain' : `certain up to entry ${head.seq}`;
    return [`the audit is NOT whole: ${oneLine(fault.says)}`, good, ...waiting].join('\n');
  }
  const last = head.seq === 0 ? 'it has no entry' : `its last entry is ${head.seq}:${oneLine(head.hash)}`;
  return [`the audit is ${isWhole(report) ? 'whole' : 'NOT whole'}; ${last}`, ...waiting].join('\n');
}

/** More entries than were counted show nothing by themselves: an older version writes without counting. */
function isWhole({ fault, missing = 0 }: AuditReport): boolean {
  return fault === undefined && missing <= 0;
}

function countWords({ missing = 0 }: AuditReport): readonly string[] {
  if (missing === 0) {
    return [];
  }
  const count = Math.abs(missing);
  const entries = `${count} ${count === 1 ? 'entry' : 'entries'}`;
  return missing > 0
    ? [`missing: ${entries}, taken out before the chain had ${count === 1 ? 'it' : 'them'}, or from its end`]
    : [`${entries} more than were counted, written by an older version or by somebody else`];
}

function anchorOf(text: string, command: string): ChainHead {
  const [, seq = '', hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === '' || Number(seq) === 0) {
    const shape = 'It is a number, a colon and 64 hexadecimal digits, as an earlier run printed it.';
    throw usageError(`${quoted(text)} is no entry of the audit. ${shape}`, command);
  }
  return { seq: Number(seq), hash };
}

async function withAudit(use: (audit: AuditReader) => Promise<number>): Promise<number> {
  const { loadServiceConfig } = await import('../app/load-service-config.ts');
  const { openAudit } = await import('../app/audit.ts');
  const audit = await openAudit(loadServiceConfig());
  try {
    return await use(audit);
  } finally {
    audit.close();
  }
}
