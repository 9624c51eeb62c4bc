import type { Changes } from './changes.ts';
import type { Ids } from './ids.ts';
import type { FileRecord } from './records.ts';

interface Upload {
  readonly fileId: string;
  readonly name: string;
  readonly length: number;
  content?: Buffer;
}

/** Files on their way (address handed out, bytes received) and shared files. */
export class FileStore {
  private readonly uploads = new Map<string, Upload>();
  private readonly files: FileRecord[] = [];
  private readonly ids: Ids;
  private readonly changes: Changes;

  constructor(ids: Ids, changes: Changes) {
    this.ids = ids;
    this.changes = changes;
  }

  /** Returns the path to which the bytes go. `length` is in bytes. */
  announce(name: string, length: number): { readonly fileId: string; readonly path: string } {
    const fileId = this.ids.next('F');
    this.uploads.set(fileId, { fileId, name, length });
    return { fileId, path: `/upload/v1/${fileId}` };
  }

  /** Says why the bytes are refused, or nothing. */
  receive(fileId: string, content: Buffer): string | undefined {
    const upload = this.uploads.get(fileId);
    if (upload === undefined) {
      return 'no such upload';
    }
    if (content.length !== upload.length) {
      return `${upload.length} bytes were announced, ${content.length} came`;
    }
    upload.content = content;
    return undefined;
  }

  hasContent(fileId: string): boolean {
    return this.uploads.get(fileId)?.content !== undefined;
  }

  /** Ends the upload: the file exists. An address works once. */
  complete(
    fileId: string,
    title: string | undefined,
    shared: { readonly channel?: string; readonly messageTs?: string },
  ): FileRecord {
    const upload = this.uploads.get(fileId);
    if (upload?.content === undefined) {
      throw new Error(`slack-sim: file ${fileId} has no bytes`);
    }
    this.uploads.delete(fileId);
    const { name, content } = upload;
    const file = { id: fileId, name, title: title ?? name, mimetype: mimetypeOf(name), content, ...shared };
    this.files.push(file);
    this.changes.emit({ kind: 'file', file });
    return file;
  }

  list(): readonly FileRecord[] {
    return [...this.files];
  }

  find(id: string): FileRecord | undefined {
    return this.files.find((file) => file.id === id);
  }
}

function mimetypeOf(name: string): string {
  const types: Readonly<Record<string, string>> = {
    json: 'application/json',
    md: 'text/markdown',
    yaml: 'text/yaml',
    png: 'image/png',
  };
  return types[name.split('.').at(-1) ?? ''] ?? 'text/plain';
}
