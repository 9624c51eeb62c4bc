import type { Changes } from './changes.ts';
import type { EphemeralRecord, MessageContent, MessageRecord, MessageVersion } from './records.ts';

/** A message that is about to be stored. */
export interface NewMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly user: string;
  readonly content: MessageContent;
  readonly broadcast?: boolean;
  readonly files?: readonly string[];
  readonly via: string;
}

/** What is said anew, when (epoch milliseconds) and by which method. */
export interface Revision {
  readonly content: MessageContent;
  readonly at: number;
  readonly via: string;
}

/** Keeps every message ever sent; a deleted one stays, marked. */
export class MessageStore {
  private readonly byChannel = new Map<string, Map<string, MessageRecord>>();
  private readonly ephemeralList: EphemeralRecord[] = [];
  private readonly changes: Changes;

  constructor(changes: Changes) {
    this.changes = changes;
  }

  /** Oldest first, deleted ones included. */
  all(channel: string): readonly MessageRecord[] {
    return [...(this.byChannel.get(channel)?.values() ?? [])];
  }

  /** Oldest first, without deleted ones. */
  list(channel: string): readonly MessageRecord[] {
    return this.all(channel).filter(({ deleted }) => !deleted);
  }

  find(channel: string, ts: string): MessageRecord | undefined {
    const found = this.byChannel.get(channel)?.get(ts);
    return found?.deleted === true ? undefined : found;
  }

  replies(channel: string, parentTs: string): readonly MessageRecord[] {
    return this.list(channel).filter(({ threadTs }) => threadTs === parentTs);
  }

  add(message: NewMessage, at: number): MessageRecord {
    const { channel, ts, threadTs, user, content, via } = message;
    const record: MessageRecord = {
      ...content,
      channel,
      ts,
      ...(threadTs === undefined ? {} : { threadTs }),
      user,
      edited: false,
      broadcast: message.broadcast ?? false,
      deleted: false,
      files: message.files ?? [],
      reactions: [],
      versions: [{ ...content, at, via }],
    };
    this.put(record);
    this.changes.emit({ kind: 'message', message: record });
    return record;
  }

  /** Replaces what the message says and keeps what it said before. */
  revise(record: MessageRecord, revision: Revision, edited: boolean): MessageRecord {
    const { metadata: _old, ...rest } = record;
    const versions = [...record.versions, version(revision)];
    return this.change({ ...rest, ...revision.content, edited, versions });
  }

  /** Stores a record whose reactions or files differ. */
  change(record: MessageRecord): MessageRecord {
    this.put(record);
    this.changes.emit({ kind: 'message_changed', message: record });
    return record;
  }

  delete(record: MessageRecord): void {
    const deleted = { ...record, deleted: true };
    this.put(deleted);
    this.changes.emit({ kind: 'message_deleted', message: deleted });
  }

  ephemerals(): readonly EphemeralRecord[] {
    return [...this.ephemeralList];
  }

  addEphemeral(ephemeral: Omit<EphemeralRecord, 'versions' | 'deleted'>, at: number): EphemeralRecord {
    const { text, blocks, attachments, via } = ephemeral;
    const record = { ...ephemeral, deleted: false, versions: [{ text, blocks, attachments, at, via }] };
    this.ephemeralList.push(record);
    this.changes.emit({ kind: 'ephemeral', message: record });
    return record;
  }

  reviseEphemeral(ts: string, revision: Revision | 'delete'): void {
    const index = this.ephemeralList.findIndex((candidate) => candidate.ts === ts);
    const record = this.ephemeralList[index];
    if (record === undefined) {
      return;
    }
    const message =
      revision === 'delete'
        ? { ...record, deleted: true }
        : { ...record, ...revision.content, versions: [...record.versions, version(revision)] };
    this.ephemeralList[index] = message;
    this.changes.emit({ kind: 'ephemeral_changed', message });
  }

  private put(record: MessageRecord): void {
    const messages = this.byChannel.get(record.channel) ?? new Map<string, MessageRecord>();
    messages.set(record.ts, record);
    this.byChannel.set(record.channel, messages);
  }
}

function version({ content, at, via }: Revision): MessageVersion {
  return { ...content, at, via };
}
