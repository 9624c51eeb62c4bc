import type { HelpContent, HomeContent } from '../core/chat/content.ts';
import type { Question } from '../core/question/question.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import type { Tier } from '../core/remediation/tier.ts';

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
  /** Answered at once, for that person alone: `audit`, `stop`, `resume`. */
  | { readonly kind: 'told'; readonly text: string; readonly code?: readonly string[] }
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

/** What the window for an approval shows. */
export interface ApprovalForm {
  readonly remediation: string;
  /** Of the plan that is shown; sent back with the approval. */
  readonly digest: string;
  readonly words: PlanWords;
  readonly cluster: string;
  readonly tier: Tier;
  /** Where it must be typed to confirm: the name of the object; hostile text. */
  readonly confirm?: string;
  readonly reasonRequired: boolean;
  /** What is needed after this approval, a sentence or two; absent: nothing, so that the change runs at once. */
  readonly more?: string;
}

/** What somebody filled in, as it came. */
export interface ApprovalEntry {
  readonly digest: string;
  readonly confirm: string;
  readonly reason: string;
}

/** What the window for an approval is told. */
export type ApprovalReply =
  | ClickReply
  /** Something that was filled in is not what was asked for. */
  | { readonly kind: 'invalid'; readonly field: 'confirm' | 'reason'; readonly reason: string };

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
  /** "Review fix" on an answer: proposes what its finding offers. */
  reviewFix(act: Act, question: string): Promise<ClickReply>;
  /** What the window for an approval shows, or why there is none. */
  prepareApproval(
    act: Act,
    remediation: string,
  ): Promise<{ readonly kind: 'form'; readonly form: ApprovalForm } | Exclude<ClickReply, { kind: 'done' }>>;
  approve(act: Act, remediation: string, entry: ApprovalEntry): Promise<ApprovalReply>;
  deny(act: Act, remediation: string, reason: string): Promise<ClickReply>;
  /** Before anything was sent. */
  cancelRemediation(act: Act, remediation: string): Promise<ClickReply>;
  /** Asks the API server what it would answer, into the thread. */
  dryRun(act: Act, remediation: string): Promise<ClickReply>;
  /** Everything about it, for the person alone. */
  remediationDetails(act: Act, remediation: string): Promise<ClickReply>;
  /** Proposes once more what expired or was superseded, on a new diagnosis. */
  proposeAgain(act: Act, remediation: string): Promise<ClickReply>;
  home(team: string, user: string): Promise<HomeContent>;
  /** The App was uninstalled or its tokens were revoked: nothing is sent to this workspace any more. */
  workspaceGone(team: string, reason: string): Promise<void>;
}
