import { createHash } from 'node:crypto';
import type { FileDelivery } from '../../core/chat/delivery.ts';
import type { SendResult } from '../../ports/chat.ts';
import { listAt, textAt } from './fields.ts';
import { type EvidenceFile, evidenceFile } from './messages/evidence.ts';
import type { EvidenceContent } from './messages/rendered-message.ts';
import { failedSend, sendResult } from './send-result.ts';
import type { SlackClient } from './slack-client.ts';
import { judgeStatus, judgeTransport } from './slack-failure.ts';
import type { SlackFetch } from './slack-fetch.ts';

/** What sending a file needs. */
export interface SendFileDeps {
  readonly client: SlackClient;
  /** With a time-out of its own; for the bytes alone. */
  readonly upload: SlackFetch;
  /** The Web API's address; an upload goes to its host or to Slack's. */
  readonly apiUrl: string;
}

interface Announced {
  readonly id: string;
  readonly url: string;
}

/**
 * The name of a delivery's file: the evidence's own, made unique by the delivery's key, so that it can be found again.
 */
export function uniqueFile(delivery: FileDelivery, content: EvidenceContent): EvidenceFile {
  const file = evidenceFile(content);
  const mark = createHash('sha256').update(delivery.key).digest('hex').slice(0, 10);
  return { ...file, filename: file.filename.replace(/(?=\.txt$)/, `-${mark}`) };
}

/**
 * Sends a file in Slack's three steps. Nothing is visible before the third, so a failure of the first two is never
 * uncertain.
 */
export async function sendFile(deps: SendFileDeps, delivery: FileDelivery, file: EvidenceFile): Promise<SendResult> {
  const bytes = Buffer.from(file.text, 'utf8');
  const announced = await announce(deps, file.filename, bytes.length);
  if ('kind' in announced) {
    return announced;
  }
  const failed = await uploadBytes(deps, announced.url, bytes);
  if (failed !== undefined) {
    return failed;
  }
  const completed = await deps.client.call('files.completeUploadExternal', {
    files: [{ id: announced.id, title: file.title }],
    channel_id: delivery.channel,
    thread_ts: delivery.thread,
  });
  return sendResult(completed, false);
}

/** Whether a message of a thread carries the file. */
export function carriesFile(message: unknown, filename: string): boolean {
  return listAt(message, 'files').some((file) => textAt(file, 'name') === filename);
}

async function announce(deps: SendFileDeps, filename: string, length: number): Promise<Announced | SendResult> {
  const answer = await deps.client.call('files.getUploadURLExternal', { filename, length });
  if (answer.kind === 'failed') {
    return failedSend(answer.failure, true);
  }
  const id = textAt(answer.body, 'file_id');
  const url = textAt(answer.body, 'upload_url');
  if (id === undefined || url === undefined || !isUploadUrl(url, deps.apiUrl)) {
    return { kind: 'refused', why: 'payload', code: 'foreign_upload_url' };
  }
  return { id, url };
}

async function uploadBytes(deps: SendFileDeps, url: string, bytes: Buffer): Promise<SendResult | undefined> {
  try {
    const response = await deps.upload(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(bytes),
    });
    return response.ok ? undefined : failedSend(judgeStatus(response.status), true);
  } catch (error) {
    return failedSend(judgeTransport(error), true);
  }
}

function isUploadUrl(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { protocol, hostname, origin } = new URL(url);
  return origin === new URL(apiUrl).origin || (protocol === 'https:' && /(?:^|\.)slack\.com$/.test(hostname));
}
