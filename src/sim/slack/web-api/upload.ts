import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerExchange, refusalAnswer, textAnswer } from '../http/exchange.ts';
import { readBody } from '../http/read-body.ts';
import type { SimState } from '../state.ts';
import { ApiRefusal } from './refusal.ts';

/** Takes the bytes of a file, as they are or as the only part of a multipart form. */
export async function serveUpload(state: SimState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fileId = (request.url ?? '').split('/').at(-1) ?? '';
  const content = await bytesOf(request.headers['content-type'] ?? '', await readBody(request));
  const carryOut = (forced?: ApiRefusal) => {
    const reason = state.files.receive(fileId, content);
    const refusal =
      reason === undefined ? forced : new ApiRefusal('bad_upload', { details: [reason], isMistake: true });
    return refusal === undefined
      ? textAnswer(`OK - ${content.length}`)
      : refusalAnswer(state, `upload of ${fileId}`, refusal, 400);
  };
  const args = { file_id: fileId, bytes: content.length };
  await answerExchange(state, { method: 'upload', args, carryOut }, response);
}

async function bytesOf(contentType: string, body: Buffer): Promise<Buffer> {
  if (!contentType.startsWith('multipart/form-data')) {
    return body;
  }
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  for (const value of form.values()) {
    if (typeof value !== 'string') {
      return Buffer.from(await value.arrayBuffer());
    }
  }
  return Buffer.alloc(0);
}
