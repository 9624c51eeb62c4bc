import { quoted } from '../../core/command/usage-error.ts';
import { printable } from '../../core/facts/text.ts';
import type { ApprovalRule, RemediationPlan } from '../../core/remediation/remediation.ts';
import type { ApprovalEntry } from '../../ports/bot.ts';

/** What somebody filled in, once it is what was asked for. */
export type ReadApproval =
  | { readonly kind: 'valid'; readonly reason: string }
  | { readonly kind: 'invalid'; readonly field: 'confirm' | 'reason'; readonly reason: string };

/** Slack takes more, and the card shows less. */
const LONGEST_REASON = 500;

/**
 * Why a plan cannot be approved by typing, or nothing: what would have to be typed is missing although the tier or the
 * danger asks for it, or is a text that nobody can tell from another one.
 */
export function confirmProblem({
  tier,
  words,
  approval,
}: Pick<RemediationPlan, 'tier' | 'words' | 'approval'>): string | undefined {
  const { confirm } = approval;
  if (confirm === undefined) {
    return tier === 'T3' || words.danger !== undefined
      ? 'This change needs the name of the object to be typed, and its proposal names none. Propose it again.'
      : undefined;
  }
  const plain = comparable(confirm);
  return plain === '' || plain !== confirm || printable(confirm) !== confirm || /\s{2}|[^\S ]/.test(confirm)
    ? 'The name of the object cannot be typed safely: it has characters that cannot be seen. Make the change by hand.'
    : undefined;
}

/** Checks what was filled in. A name must be the same character by character; letters that only look alike are not. */
export function readApproval(
  { confirm: typed, reason }: ApprovalEntry,
  { confirm, reasonRequired }: Pick<ApprovalRule, 'confirm' | 'reasonRequired'>,
): ReadApproval {
  if (confirm !== undefined && comparable(typed) !== confirm) {
    return { kind: 'invalid', field: 'confirm', reason: `Type exactly ${quoted(confirm)} to confirm.` };
  }
  const given = reason.trim();
  if (given.length > LONGEST_REASON) {
    return { kind: 'invalid', field: 'reason', reason: `A reason has at most ${LONGEST_REASON} characters.` };
  }
  return reasonRequired && !/[\p{L}\p{N}]/u.test(given)
    ? { kind: 'invalid', field: 'reason', reason: 'Say why this change is right; it is kept in the audit.' }
    : { kind: 'valid', reason: given };
}

/** Keyboards compose letters in different ways; nothing else is made equal. */
function comparable(text: string): string {
  return text.normalize('NFC').trim();
}
