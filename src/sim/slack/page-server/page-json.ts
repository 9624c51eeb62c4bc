import type { PageOptions } from '../options.ts';
import type {
  PageBlock,
  PageChannel,
  PageCommand,
  PageFile,
  PageMessage,
  PageState,
  PageUser,
  PageUserGroup,
  PageView,
} from '../page-api.ts';
import type { SimState } from '../state.ts';
import type { EphemeralRecord, FileRecord, MessageRecord, ViewRecord } from '../store/records.ts';
import { isTyped } from '../validation/walk.ts';
import { USERS } from '../world/default-world.ts';
import type { SlackChannel, SlackUser } from '../world/world-types.ts';

/** Who sits at the page when its address names nobody. */
const FIRST_VIEWER = USERS.alice;

/** The member whom the address of the page names, or the one who sits there usually. */
export function viewerNamed(state: SimState, name: string | null): SlackUser {
  const named = state.world.users.find((user) => user.name === name && user.kind === 'member' && !user.deleted);
  return named ?? state.world.user(FIRST_VIEWER.id) ?? FIRST_VIEWER;
}

const DEFAULT_COMMANDS: readonly PageCommand[] = [
  { command: '/k8s', usage_hint: 'why <pod> | help', description: 'Say why something in the cluster does not work' },
];

/** Everything the page shows to somebody when it starts. */
export function pageState(state: SimState, me: SlackUser): PageState {
  const { world, views, options } = state;
  const { page = {} } = options;
  const view = views.stack(me.id).at(-1);
  const home = views.home(me.id);
  const channels = world.channels.filter(({ members }) => members.includes(me.id));
  return {
    team: { id: world.team.id, name: world.team.name },
    me: pageUser(me),
    bot: pageUser(world.user(world.app.botUserId) ?? USERS.bot),
    users: world.users.map(pageUser),
    usergroups: world.usergroups.map(({ id, handle, name }): PageUserGroup => ({ id, handle, name })),
    channels: channels.map((channel) => pageChannel(state, channel)),
    messages: Object.fromEntries(channels.map(({ id }) => [id, channelMessages(state, id, me)])),
    ...(view === undefined ? {} : { view: pageView(state, view) }),
    ...(home === undefined ? {} : { home: pageView(state, home) }),
    commands: page.commands ?? DEFAULT_COMMANDS,
    shortcuts: page.shortcuts ?? [],
    suggestions: page.suggestions ?? [],
    ...hostParts(page),
  };
}

/** What is there only when somebody provides it. */
function hostParts({ banner, stage }: PageOptions): Pick<PageState, 'banner' | 'stage'> {
  return {
    ...(banner === undefined ? {} : { banner }),
    ...(stage === undefined ? {} : { stage: stage.shown() }),
  };
}

function pageUser(user: SlackUser): PageUser {
  return {
    id: user.id,
    name: user.name,
    real_name: user.realName,
    is_bot: user.kind === 'bot',
    is_guest: user.kind === 'guest',
    is_foreign: user.kind === 'foreign',
    deleted: user.deleted,
  };
}

function pageChannel(state: SimState, channel: SlackChannel): PageChannel {
  return {
    id: channel.id,
    name: channel.name,
    is_im: channel.kind === 'im',
    is_archived: channel.isArchived,
    is_ext_shared: channel.isExtShared,
    is_member: state.world.hasBot(channel),
  };
}

function channelMessages(state: SimState, channel: string, me: SlackUser): readonly PageMessage[] {
  const parents = state.messages.list(channel).filter(({ threadTs }) => threadTs === undefined);
  const ephemerals = state.messages
    .ephemerals()
    .filter((message) => message.channel === channel && message.user === me.id && !message.deleted);
  const all = [...parents.map((message) => pageMessage(state, message)), ...ephemerals.map(pageEphemeral(state))];
  return all.toSorted((one, other) => Number(one.ts) - Number(other.ts));
}

/** A message with its replies. */
export function pageMessage(state: SimState, message: MessageRecord): PageMessage {
  const replies = message.threadTs === undefined ? state.messages.replies(message.channel, message.ts) : ([] as const);
  const threadTs = message.threadTs ?? (replies.length > 0 ? message.ts : undefined);
  return {
    channel: message.channel,
    ts: message.ts,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    user: message.user,
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    edited: message.edited,
    ephemeral: false,
    broadcast: message.broadcast,
    files: message.files.flatMap((id) => state.files.find(id) ?? []).map(pageFile),
    reactions: message.reactions,
    replies: replies.map((reply) => pageMessage(state, reply)),
  };
}

/** A message that only one person sees. */
export function pageEphemeral(state: SimState): (message: EphemeralRecord) => PageMessage {
  return (message) => ({
    channel: message.channel,
    ts: message.ts,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    user: state.world.app.botUserId,
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    edited: false,
    ephemeral: true,
    broadcast: false,
    files: [],
    reactions: [],
    replies: [],
  });
}

export function pageFile(file: FileRecord): PageFile {
  const { id, name, title, mimetype } = file;
  return { id, name, title, mimetype, size: file.content.length, url: `/page-api/files/${id}` };
}

export function pageView(state: SimState, record: ViewRecord): PageView {
  const stack = state.views.stack(record.user).findIndex(({ id }) => id === record.id);
  return {
    id: record.id,
    type: record.type,
    callback_id: record.callbackId,
    hash: record.hash,
    ...textPart(record, 'title'),
    ...textPart(record, 'submit'),
    ...textPart(record, 'close'),
    blocks: record.blocks,
    depth: Math.max(0, stack),
  };
}

function textPart(record: ViewRecord, name: 'title' | 'submit' | 'close'): Readonly<Record<string, PageBlock>> {
  const part = record.view[name];
  return isTyped(part) ? { [name]: part } : {};
}
