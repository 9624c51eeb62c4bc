import type { HomeContent } from '../../../src/core/chat/content.ts';
import type { Question } from '../../../src/core/question/question.ts';
import type {
  Act,
  ApprovalEntry,
  ApprovalReply,
  AskReply,
  Bot,
  ClickReply,
  SilenceEntry,
  SilenceReply,
} from '../../../src/ports/bot.ts';
import type { Metrics } from '../../../src/ports/metrics.ts';

/** Metrics that keep what was counted, as `name label=value …`. */
export class SpyMetrics implements Metrics {
  readonly counts: string[] = [];
  readonly durations: string[] = [];

  count(name: string, labels: object): void {
    this.counts.push(line(name, labels));
  }

  observe(name: string, _seconds: number, labels: object): void {
    this.durations.push(line(name, labels));
  }
}

function line(name: string, labels: object): string {
  return [name, ...Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`)].join(' ');
}

/** One call of the bot: the method and everything it got. */
export type BotCall = readonly [method: string, ...parameters: readonly unknown[]];

/** A bot that keeps its calls, does the same delivery once, and replies what it is told to. */
export class FakeBot implements Bot {
  readonly calls: BotCall[] = [];
  private readonly seen = new Set<string>();
  askReply: (act: Act) => AskReply | Promise<AskReply> = (act) => asked(act);
  clickReply: (act: Act) => ClickReply | Promise<ClickReply> = () => ({ kind: 'done' });
  formReply: () => ReturnType<Bot['prepareSilence']> = async () => ({ kind: 'refused', reason: 'No.' });
  silenceReply: () => Promise<SilenceReply> = async () => ({ kind: 'done' });
  homeContent: HomeContent = { help: HELP, clusters: [], at: '2026-01-02T03:04:05Z' };
  approvalForm: () => ReturnType<Bot['prepareApproval']> = async () => ({ kind: 'refused', reason: 'No.' });
  approvalReply: () => Promise<ApprovalReply> = async () => ({ kind: 'done' });

  ask(act: Act, text: string): Promise<AskReply> {
    return this.asking(act, 'ask', text);
  }

  askAboutMessage(act: Act, message: string): Promise<AskReply> {
    return this.asking(act, 'askAboutMessage', message);
  }

  askSuggested(act: Act, suggestion: string): Promise<AskReply> {
    return this.asking(act, 'askSuggested', suggestion);
  }

  checkAgain(act: Act, question: string): Promise<ClickReply> {
    return this.clicked(act, 'checkAgain', question);
  }

  showEvidence(act: Act, question: string): Promise<ClickReply> {
    return this.clicked(act, 'showEvidence', question);
  }

  kubectlCommands(act: Act, question: string): Promise<ClickReply> {
    return this.clicked(act, 'kubectlCommands', question);
  }

  giveFeedback(act: Act, question: string, text: string): Promise<ClickReply> {
    return this.clicked(act, 'giveFeedback', question, text);
  }

  acknowledge(act: Act, incident: string): Promise<ClickReply> {
    return this.clicked(act, 'acknowledge', incident);
  }

  snooze(act: Act, incident: string): Promise<ClickReply> {
    return this.clicked(act, 'snooze', incident);
  }

  endSnooze(act: Act, incident: string): Promise<ClickReply> {
    return this.clicked(act, 'endSnooze', incident);
  }

  endSilence(act: Act, incident: string, silence: string): Promise<ClickReply> {
    return this.clicked(act, 'endSilence', incident, silence);
  }

  async prepareSilence(act: Act, incident: string): ReturnType<Bot['prepareSilence']> {
    return this.isFirst(act, ['prepareSilence', act, incident]) ? this.formReply() : { kind: 'duplicate' };
  }

  async silence(act: Act, incident: string, entry: SilenceEntry): Promise<SilenceReply> {
    return this.isFirst(act, ['silence', act, incident, entry]) ? this.silenceReply() : { kind: 'duplicate' };
  }

  reviewFix(act: Act, question: string): Promise<ClickReply> {
    return this.clicked(act, 'reviewFix', question);
  }

  async prepareApproval(act: Act, remediation: string): ReturnType<Bot['prepareApproval']> {
    return this.isFirst(act, ['prepareApproval', act, remediation]) ? this.approvalForm() : { kind: 'duplicate' };
  }

  async approve(act: Act, remediation: string, entry: ApprovalEntry): Promise<ApprovalReply> {
    return this.isFirst(act, ['approve', act, remediation, entry]) ? this.approvalReply() : { kind: 'duplicate' };
  }

  deny(act: Act, remediation: string, reason: string): Promise<ClickReply> {
    return this.clicked(act, 'deny', remediation, reason);
  }

  cancelRemediation(act: Act, remediation: string): Promise<ClickReply> {
    return this.clicked(act, 'cancelRemediation', remediation);
  }

  dryRun(act: Act, remediation: string): Promise<ClickReply> {
    return this.clicked(act, 'dryRun', remediation);
  }

  remediationDetails(act: Act, remediation: string): Promise<ClickReply> {
    return this.clicked(act, 'remediationDetails', remediation);
  }

  proposeAgain(act: Act, remediation: string): Promise<ClickReply> {
    return this.clicked(act, 'proposeAgain', remediation);
  }

  async home(team: string, user: string): Promise<HomeContent> {
    this.calls.push(['home', team, user]);
    return this.homeContent;
  }

  async workspaceGone(team: string, reason: string): Promise<void> {
    this.calls.push(['workspaceGone', team, reason]);
  }

  private async asking(act: Act, method: string, ...parameters: readonly unknown[]): Promise<AskReply> {
    return this.isFirst(act, [method, act, ...parameters]) ? await this.askReply(act) : { kind: 'duplicate' };
  }

  private async clicked(act: Act, method: string, ...parameters: readonly unknown[]): Promise<ClickReply> {
    return this.isFirst(act, [method, act, ...parameters]) ? await this.clickReply(act) : { kind: 'duplicate' };
  }

  private isFirst(act: Act, call: BotCall): boolean {
    const first = !this.seen.has(act.delivery);
    this.seen.add(act.delivery);
    if (first) {
      this.calls.push(call);
    }
    return first;
  }
}

/** The help of a bot that knows one cluster. */
export const HELP = {
  command: '/k8s',
  botName: 'kubewhy',
  version: '0.0.0',
  clusters: ['prod'],
  defaultCluster: 'prod',
  namespaces: ['shop'],
} as const;

/** A question about `shop/web-0`, as it was asked by an act. */
export function questionOf(act: Pick<Act, 'team' | 'user' | 'channel'>): Question {
  return {
    id: QUESTION_ID,
    cluster: 'prod',
    subject: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
    readable: ['shop'],
    asker: { team: act.team, user: act.user },
    replyTo: { team: act.team, channel: act.channel },
    askedAt: new Date().toISOString(),
  };
}

/** The id of {@link questionOf}. */
export const QUESTION_ID = 'q-0123456789abcdef';

/** The reply to a question that was accepted. */
export function asked(act: Act): AskReply {
  return { kind: 'asked', question: questionOf(act), privately: false };
}
