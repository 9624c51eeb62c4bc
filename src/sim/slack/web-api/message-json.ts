import type { SimState } from '../state.ts';
import type { FileRecord, MessageRecord } from '../store/records.ts';

/** A message as Slack writes it in answers, events and interactions. */
export function messageJson(state: SimState, message: MessageRecord, withMetadata = false): Record<string, unknown> {
  const { app, team } = state.world;
  return present({
    type: 'message',
    user: message.user,
    team: team.id,
    ...(message.user === app.botUserId ? { bot_id: app.botId, app_id: app.id } : {}),
    text: message.text,
    ts: message.ts,
    blocks: message.blocks,
    attachments: message.attachments,
    ...threadFields(state, message),
    edited: message.edited ? { user: message.user, ts: message.ts } : undefined,
    files: filesOf(state, message),
    reactions: reactionsOf(message),
    metadata: withMetadata ? message.metadata : undefined,
  });
}

/** Slack leaves out what is empty. */
function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isPresent = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isPresent(value)));
}

function threadFields(state: SimState, message: MessageRecord): Readonly<Record<string, unknown>> {
  if (message.threadTs !== undefined) {
    return { thread_ts: message.threadTs, parent_user_id: parentUser(state, message) };
  }
  const replies = state.messages.replies(message.channel, message.ts);
  const last = replies.at(-1);
  return last === undefined ? {} : { thread_ts: message.ts, reply_count: replies.length, latest_reply: last.ts };
}

function parentUser(state: SimState, message: MessageRecord): string | undefined {
  return state.messages.find(message.channel, message.threadTs ?? '')?.user;
}

function filesOf(state: SimState, message: MessageRecord): readonly Record<string, unknown>[] {
  return message.files.flatMap((id) => {
    const file = state.files.find(id);
    return file === undefined ? [] : [fileJson(state, file)];
  });
}

function reactionsOf(message: MessageRecord): readonly Record<string, unknown>[] {
  return message.reactions.map(({ name, users }) => ({ name, users, count: users.length }));
}

/** A file as Slack writes it. */
export function fileJson(state: SimState, file: FileRecord): Record<string, unknown> {
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.split('.').at(-1),
    size: file.content.length,
    user: state.world.app.botUserId,
    url_private: `${state.url}/page-api/files/${file.id}`,
    permalink: `${state.url}/page-api/files/${file.id}`,
  };
}
