import type { AuditDraft, AuditEntry } from './audit.ts';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 in hex. */
export type DigestText = (text: string) => string;

/** Where a chain ends. */
export interface ChainHead {
  /** 0: there is no entry. */
  readonly seq: number;
  readonly hash: string;
}

/** The head of a chain without entries. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** What is wrong with a chain, at its first place. */
export interface ChainFault {
  readonly kind: 'changed' | 'missing' | 'reordered' | 'unreadable';
  /** The number of the first entry that is not what or where it was. */
  readonly seq: number;
  /** A full sentence. */
  readonly says: string;
}

/** What came of looking at a part of a chain. */
export type ChainVerdict =
  | { readonly kind: 'whole'; readonly head: ChainHead }
  | { readonly kind: 'broken'; readonly fault: ChainFault };

/** The entry that follows; `at` is RFC 3339. */
export function nextEntry(head: ChainHead, draft: AuditDraft, at: string, digest: DigestText): AuditEntry {
  const entry = { ...draft, seq: head.seq + 1, at, prevHash: head.hash };
  return { ...entry, hash: hashOf(entry, digest) };
}

/**
 * Follows entries from a head on, in the order in which they are stored. An entry that could not be read is `undefined`;
 * fields that are not known count, so that nobody can add one.
 */
export function verifyEntries(
  entries: readonly (AuditEntry | undefined)[],
  start: ChainHead,
  digest: DigestText,
): ChainVerdict {
  let head = start;
  for (const [index, entry] of entries.entries()) {
    const next = entryAfter(head, entry, digest);
    if ('says' in next) {
      const seq = head.seq + 1;
      const later = entries.slice(index + 1).some((other) => other?.seq === seq);
      return { kind: 'broken', fault: later ? reordered(seq) : next };
    }
    head = next;
  }
  return { kind: 'whole', head };
}

/** Whether a chain that was followed to its end is the one that a head speaks of; a fault where it is not. */
export function verifyHead(end: ChainHead, known: ChainHead): ChainFault | undefined {
  if (end.seq < known.seq) {
    return missing(end.seq + 1, known.seq);
  }
  if (end.seq > known.seq) {
    const seq = known.seq + 1;
    return {
      kind: 'changed',
      seq,
      says: `Entry ${seq} follows although the chain was closed with entry ${known.seq}.`,
    };
  }
  return end.hash === known.hash ? undefined : replaced(end.seq, 'the head of the chain');
}

/** Whether an entry is the one that somebody noted elsewhere; whoever makes the whole chain anew cannot make it fit. */
export function verifyAnchor(entry: AuditEntry | undefined, anchor: ChainHead): ChainFault | undefined {
  if (entry?.seq !== anchor.seq) {
    return missing(anchor.seq, anchor.seq);
  }
  return entry.hash === anchor.hash ? undefined : replaced(anchor.seq, 'what was noted');
}

function entryAfter(head: ChainHead, entry: AuditEntry | undefined, digest: DigestText): ChainHead | ChainFault {
  const seq = head.seq + 1;
  if (entry === undefined) {
    return unreadable(seq);
  }
  if (entry.seq > seq) {
    return missing(seq, entry.seq - 1);
  }
  if (entry.seq < seq) {
    return reordered(entry.seq);
  }
  const { hash, ...rest } = entry;
  if (hashOf(rest, digest) !== hash) {
    return { kind: 'changed', seq, says: `Entry ${seq} was changed: its hash is not that of its content.` };
  }
  return entry.prevHash === head.hash ? { seq, hash } : unfollowed(seq);
}

/** One of the two was exchanged together with its hash; of the first entry nothing comes before. */
function unfollowed(seq: number): ChainFault {
  return seq === 1
    ? { kind: 'changed', seq, says: 'Entry 1 was changed: it does not begin a chain.' }
    : replaced(seq - 1, `entry ${seq}`);
}

function replaced(seq: number, by: string): ChainFault {
  return { kind: 'changed', seq, says: `Entry ${seq} was exchanged: ${by} names another hash for it.` };
}

function missing(from: number, to: number): ChainFault {
  const which = from === to ? `Entry ${from} is missing.` : `Entries ${from} to ${to} are missing.`;
  return { kind: 'missing', seq: from, says: which };
}

function reordered(seq: number): ChainFault {
  return { kind: 'reordered', seq, says: `Entry ${seq} is not in its place.` };
}

function unreadable(seq: number): ChainFault {
  return { kind: 'unreadable', seq, says: `Entry ${seq} cannot be read.` };
}

function hashOf(entry: Omit<AuditEntry, 'hash'>, digest: DigestText): string {
  return digest(entry.prevHash + canonicalJson(entry));
}
