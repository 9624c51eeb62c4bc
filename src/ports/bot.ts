import type { HelpContent, HomeContent } from '../core/chat/content.ts';
import type { Question } from '../core/question/question.ts';

/** Who did something, and where. Slack ids. */
export interface Act {
  /** Slack's id of the delivery (`trigger_id`, `event_id`); a second one with the same id does nothing. */
  readonly delivery: string;
  readonly team: string;
  readonly user: string;
  readonly channel: string;
  readonly thread?: string;
  readonly responseUrl?: string;
  /** An app or a workflow did it, whoever's name it bears. */
  readonly byBot?: boolean;
}

/** What is told to the person at once, before there is an answer. */
export type AskReply =
  | {
      readonly kind: 'asked';
      readonly question: Question /** The bot is no member: only the asker will see it. */;
      readonly privately: boolean;
    }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'help'; readonly help: HelpContent }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Redis or Slack did not answer; `reason` says what to do. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** What is told to a person who pressed a button. */
export type ClickReply =
  | { readonly kind: 'done'; readonly say?: string; readonly code?: readonly string[] }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** What the window for a silence begins with. */
export interface SilenceForm {
  readonly incident: string;
  /** What it is about, for people; hostile text. */
  readonly title: string;
  /** Nothing says of which cluster the alerts are, so that the matchers fit those of all of them. */
  readonly everyCluster?: true;
  /** Names of those that may be asked; at least one. */
  readonly alertmanagers: readonly string[];
  /** As people write them; hostile text. */
  readonly matchers: readonly string[];
  readonly choices: readonly { readonly label: string; readonly minutes: number }[];
}

/** What somebody filled in, as it came. */
export interface SilenceEntry {
  readonly alertmanager: string;
  readonly matchers: string;
  readonly minutes: number;
  readonly comment: string;
}

/** What the window for a silence is told. */
export type SilenceReply =
  | ClickReply
  /** Something that was filled in cannot be used. */
  | { readonly kind: 'invalid'; readonly field: 'matchers' | 'duration' | 'comment'; readonly reason: string };

/** What the bot does when people speak to it; the chat adapter translates to and from this. Never throws for an expected answer. */
export interface Bot {
  /** The text behind the command or the mention: `why web-0 -n shop`, `help`, or nothing. */
  ask(act: Act, text: string): Promise<AskReply>;
  /** The message shortcut: finds names in the text of a message. */
  askAboutMessage(act: Act, message: string): Promise<AskReply>;
  /** A button of a suggestion. */
  askSuggested(act: Act, suggestion: string): Promise<AskReply>;
  checkAgain(act: Act, question: string): Promise<ClickReply>;
  showEvidence(act: Act, question: string): Promise<ClickReply>;
  kubectlCommands(act: Act, question: string): Promise<ClickReply>;
  giveFeedback(act: Act, question: string, text: string): Promise<ClickReply>;
  acknowledge(act: Act, incident: string): Promise<ClickReply>;
  /** For an hour nobody is called. */
  snooze(act: Act, incident: string): Promise<ClickReply>;
  endSnooze(act: Act, incident: string): Promise<ClickReply>;
  /** What the window for a silence shows, or why there is none. */
  prepareSilence(
    act: Act,
    incident: string,
  ): Promise<{ readonly kind: 'form'; readonly form: SilenceForm } | Exclude<ClickReply, { kind: 'done' }>>;
  /** Sent once more after a failure it is the same delivery, and makes the silence once. */
  silence(act: Act, incident: string, entry: SilenceEntry): Promise<SilenceReply>;
  endSilence(act: Act, incident: string, silence: string): Promise<ClickReply>;
  home(team: string, user: string): Promise<HomeContent>;
  /** The App was uninstalled or its tokens were revoked: nothing is sent to this workspace any more. */
  workspaceGone(team: string, reason: string): Promise<void>;
}
