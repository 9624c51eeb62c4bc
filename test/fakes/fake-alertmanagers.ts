import type { SilenceDraft } from '../../src/core/triage/silence.ts';
import type { Alertmanagers, EndResult, SilenceResult } from '../../src/ports/alertmanager.ts';

/** Alertmanagers that keep what they were asked for and answer what they are told to. */
export class FakeAlertmanagers implements Alertmanagers {
  readonly drafts: { readonly alertmanager: string; readonly draft: SilenceDraft }[] = [];
  readonly ended: string[] = [];
  names: readonly string[] = ['main'];
  result: SilenceResult = { kind: 'made', id: 'silence-1', ended: false };
  endResult: EndResult = { kind: 'ended' };

  namesFor(): readonly string[] {
    return this.names;
  }

  async silence(alertmanager: string, draft: SilenceDraft): Promise<SilenceResult> {
    this.drafts.push({ alertmanager, draft });
    return this.result;
  }

  async endSilence(alertmanager: string, id: string): Promise<EndResult> {
    this.ended.push(`${alertmanager} ${id}`);
    return this.endResult;
  }
}
