import type { ActionsBlock, ContextBlock, RichTextBlock, SectionBlock, TableBlock } from '@slack/types';
import type { Content } from '../../../core/chat/content.ts';
import type { Detour } from '../../../core/chat/delivery.ts';
import type { TaskPlan } from './blocks.ts';

/** How much of Block Kit a workspace takes: `rich` with tables and plans, `classic` without, `plain` only text. */
export type Tier = 'rich' | 'classic' | 'plain';

/** The blocks that messages are made of. */
export type MessageBlock = ActionsBlock | ContextBlock | RichTextBlock | SectionBlock | TableBlock | TaskPlan;

/** A message as Slack's methods take it; everything in it is escaped and within the limits. */
export interface RenderedMessage {
  /** Parsed as mrkdwn by Slack; what notifications and screen readers say when there are blocks. */
  readonly text: string;
  readonly blocks?: readonly MessageBlock[];
}

/** What a message depends on besides its content. */
export interface RenderOptions {
  /** The version of the delivery; part of every block id, because Slack wants new ones when a message is edited. */
  readonly version: number;
  /** Only the asker sees it, because the bot is no member of the channel. */
  readonly privately?: boolean;
  /** It is not where it was meant to be. */
  readonly detour?: Detour;
  /** The channel that it was meant for. */
  readonly intended?: string;
  /** The address of the workspace, `https://team.slack.com/`; without it nothing is linked. */
  readonly workspaceUrl?: string;
  /** The slash command with its slash; default `/k8s`. */
  readonly command?: string;
}

/** Every content that is a message; the App Home is a view. */
export type MessageContent = Exclude<Content, { readonly kind: 'home' }>;
export type AnswerContent = Extract<Content, { readonly kind: 'answer' }>;
export type WaitingContent = Extract<Content, { readonly kind: 'waiting' }>;
export type EvidenceContent = Extract<Content, { readonly kind: 'evidence' }>;
export type NoticeContent = Extract<Content, { readonly kind: 'notice' }>;
export type IncidentContent = Extract<Content, { readonly kind: 'incident' }>;
export type IncidentDetailsContent = Extract<Content, { readonly kind: 'incident-details' }>;
export type IncidentEventContent = Extract<Content, { readonly kind: 'incident-event' }>;
export type RemediationContent = Extract<Content, { readonly kind: 'remediation' }>;
export type DigestContent = Extract<Content, { readonly kind: 'digest' }>;
