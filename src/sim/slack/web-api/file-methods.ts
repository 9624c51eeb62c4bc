import { z } from 'zod';
import type { SimState } from '../state.ts';
import type { FileRecord, MessageContent } from '../store/records.ts';
import { acceptContent } from './accept-content.ts';
import { ApiArguments } from './api-arguments.ts';
import { checkThread, visibleChannel } from './channel-access.ts';
import { fileJson } from './message-json.ts';
import type { Methods } from './method.ts';
import { ApiRefusal, invalidArguments } from './refusal.ts';

const MOST_BYTES = 1024 * 1024 * 1024;

/** `files.*` */
export const FILE_METHODS: Methods = {
  'files.getUploadURLExternal': { tier: 4, scopes: ['files:write'], handle: getUploadUrl },
  'files.completeUploadExternal': { tier: 4, scopes: ['files:write'], handle: completeUpload },
};

function getUploadUrl(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const name = args.required('filename');
  const length = args.limit('length', 0, MOST_BYTES);
  const { fileId, path } = state.files.announce(name, length);
  return { upload_url: `${state.url}${path}`, file_id: fileId };
}

const filesSchema = z.array(z.strictObject({ id: z.string().min(1), title: z.string().optional() })).min(1);

function completeUpload(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const listed = filesSchema.safeParse(args.values['files']);
  if (!listed.success) {
    throw invalidArguments('files must be a list of objects with id and title [json-pointer:/files]');
  }
  const missing = listed.data.find(({ id }) => !state.files.hasContent(id));
  if (missing !== undefined) {
    throw new ApiRefusal('file_not_found', { isMistake: true, details: [`${missing.id} was not uploaded`] });
  }
  const channelId = args.text('channel_id');
  const complete = (shared: { readonly channel?: string; readonly messageTs?: string }) =>
    listed.data.map(({ id, title }) => state.files.complete(id, title, shared));
  const files = channelId === undefined ? complete({}) : share(state, args, channelId, complete);
  return { files: files.map((file) => fileJson(state, file)) };
}

type Complete = (shared: { readonly channel: string; readonly messageTs: string }) => readonly FileRecord[];

function share(state: SimState, args: ApiArguments, channelId: string, complete: Complete): readonly FileRecord[] {
  const channel = visibleChannel(state, channelId);
  if (!state.world.hasBot(channel) || channel.isArchived) {
    throw new ApiRefusal('channel_not_found');
  }
  const threadTs = args.text('thread_ts');
  checkThread(state, channel.id, threadTs);
  const content = commentOf(state, args, channel.id);
  const at = state.clock();
  const ts = state.ids.timestamp(at);
  const files = complete({ channel: channel.id, messageTs: ts });
  state.messages.add(
    {
      channel: channel.id,
      ts,
      ...(threadTs === undefined ? {} : { threadTs }),
      user: state.world.app.botUserId,
      content,
      files: files.map(({ id }) => id),
      via: 'files.completeUploadExternal',
    },
    at,
  );
  return files;
}

function commentOf(state: SimState, args: ApiArguments, channel: string): MessageContent {
  const text = args.text('initial_comment') ?? '';
  const label = `files.completeUploadExternal to ${channel}`;
  return text === ''
    ? { text, blocks: [], attachments: [] }
    : acceptContent(state, new ApiArguments({ text }), { label, isUpdate: false });
}
